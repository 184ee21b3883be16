"""Instance types and Regions as they were typed: what nobody knows is refused, with the nearest name that exists."""

from collections.abc import Collection, Iterable
from datetime import datetime

from analysis.advice.listing import newest_listing
from analysis.advice.pair_advice import PairAdvice
from analysis.reading import NotingReader
from common.errors import Refusal
from data_files import instance_tables


def check_names(
    types: Iterable[str], regions: Iterable[str], found: Iterable[PairAdvice], reader: NotingReader, now: datetime
) -> None:
    """Refuse names that neither the tables of instance types and AMIs know, nor the advisor, nor what was collected.

    Raises Refusal with the nearest name.
    """
    collected = {pair.instance for pair in found}, {pair.region for pair in found}
    strange_types = set(types) - collected[0] - set(instance_tables.vcpus())
    strange_regions = set(regions) - collected[1] - set(instance_tables.image_id())
    if not strange_types and not strange_regions:
        return
    listing = newest_listing(reader, now)
    _refuse(strange_types, {*instance_tables.vcpus(), *(row.instance for row in listing)}, "instance type")
    _refuse(strange_regions, {*instance_tables.image_id(), *(row.region for row in listing)}, "Region")


def _refuse(strange: Iterable[str], known: Collection[str], what: str) -> None:
    from difflib import get_close_matches  # here, for it is needed hardly ever

    for name in sorted(set(strange) - set(known)):
        nearest = get_close_matches(name.lower(), known, n=1, cutoff=0.5)
        hint = f": did you mean {nearest[0]}?" if nearest else ""
        if name in instance_tables.vcpus():
            hint = ": a TYPE stands before --regions"
        raise Refusal(f"{name!r} is no {what} that is known here{hint}")
