"""Instance types and Regions as they were typed: what nobody knows is refused, with the nearest name that exists."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from analysis.advice.listing import newest_listing
from analysis.advice.pair_advice import PairAdvice
from analysis.reading import NotingReader
from common.errors import Refusal
from data_files import instance_tables


def check_names(
    types: Iterable[str], regions: Iterable[str], found: Sequence[PairAdvice], reader: NotingReader, now: datetime
) -> None:
    """Refuse names that neither the tables of instance types and AMIs know, nor the advisor, nor what was collected.

    Raises Refusal with the nearest name.
    """
    home = reader.home
    strange_types = set(types) - {pair.instance for pair in found} - set(instance_tables.vcpus(home))
    strange_regions = set(regions) - {pair.region for pair in found} - set(instance_tables.image_id(home))
    if not strange_types and not strange_regions:
        return
    listing = newest_listing(reader, now)
    known_types = {*instance_tables.vcpus(home), *(row.instance for row in listing)}
    known_regions = {*instance_tables.image_id(home), *(row.region for row in listing)}
    for name in sorted(strange_types - known_types):
        raise Refusal(f"{name!r} is no instance type that is known here{_hint(name, known_types)}")
    for name in sorted(strange_regions - known_regions):
        hint = ": a TYPE stands before --regions" if name in known_types else _hint(name, known_regions)
        raise Refusal(f"{name!r} is no Region that is known here{hint}")


def _hint(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # here, for it is needed hardly ever

    nearest = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f": did you mean {nearest[0]}?" if nearest else ""
