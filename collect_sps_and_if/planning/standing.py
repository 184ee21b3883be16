"""What the user's standing queries ask: the lines of standing_queries.csv with Regions and target capacity filled in.

A line without Regions is asked in those that offer all its types, at most 10, those first that offer most types of all:
the largest, whose answers most people want. They are chosen once, and again with the day's plan only if the offers have
changed, for a configuration that changes takes a new place of the quota.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collect_sps_and_if.asking.offers import NoOffers, Offers
from common.errors import Refusal
from data_files.market import standing_definitions, standing_queries
from data_files.market.configurations import Configuration
from data_files.market.plans import REGIONS_PER_QUERY
from data_files.market.standing_definitions import Definition
from data_files.market.standing_queries import PLACE, StandingQuery

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """What is asked by name, in the file's order, and what of the file is not, a line for people each."""

    definitions: Sequence[Definition]
    complaints: Sequence[str]

    @property
    def asked(self) -> Sequence[Definition]:
        """Give those that have a Region to be asked in."""
        return [each for each in self.definitions if each.regions]

    @property
    def configurations(self) -> Sequence[Configuration]:
        """Give what AWS counts them as."""
        return [each.configuration for each in self.asked]


def standing_for(
    home: Path, at: datetime, target_capacity: int, offered: Callable[[], Offers], *, is_planning: bool
) -> Standing:
    """Give what the standing queries ask from a time on; target_capacity is for those that name none.

    offered gives the Regions that offer each type, and is called only for queries without Regions: where none were
    chosen for one yet, or a plan is being made.
    """
    file = standing_queries.read_standing_queries(home)
    if not file.queries:
        return Standing((), file.complaints)
    chosen = {
        name: tuple(known.regions or ())
        for name, known in standing_definitions.newest_definitions(home).items()
        if any(query.name == name and query.instances == known.instances for query in file.queries)
    }
    open_ones = [query for query in file.queries if not query.regions and (is_planning or query.name not in chosen)]
    complaints = list(file.complaints)
    if open_ones:
        try:
            chosen |= _choose(open_ones, chosen, offered())
        except (NoOffers, Refusal) as reason:
            unknown = [repr(query.name) for query in open_ones if query.name not in chosen]
            log.warning("no Regions were chosen for standing queries: %s", reason)
            if unknown:
                complaints.append(f"no Regions could be chosen for the standing queries {', '.join(unknown)}: {reason}")
    definitions = []
    for query in file.queries:
        regions = query.regions or chosen.get(query.name)
        if regions is None:
            continue
        if not regions:
            complaints.append(
                f"{PLACE}: {query.name!r} is not asked, for no Region in use offers all of {' '.join(query.instances)}"
            )
        definitions.append(_definition(query, at, query.configuration(regions, target_capacity)))
    return Standing(definitions, complaints)


def _definition(query: StandingQuery, at: datetime, asked: Configuration) -> Definition:
    return Definition(at, query.name, query.instances, asked.regions or None, asked.target_capacity, asked.scope)


def _choose(
    queries: Sequence[StandingQuery], chosen: Mapping[str, tuple[str, ...]], offers: Offers
) -> dict[str, tuple[str, ...]]:
    """Choose the Regions of each query: of those chosen before the ones that still offer all, then the largest."""
    types = Counter(region for where in offers.values() for region in where)
    found = {}
    for query in queries:
        offering = set.intersection(*(set(offers.get(instance, ())) for instance in query.instances))
        before = chosen.get(query.name, ())
        ranked = sorted(offering, key=lambda region: (region not in before, -types[region], region))
        found[query.name] = tuple(sorted(ranked[:REGIONS_PER_QUERY]))
    return found
