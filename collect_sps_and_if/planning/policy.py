"""Which placement-score queries a day asks: those that changed most, and a random sample, within the quota. Pure.

A query names one instance type and at most 10 Regions, for AWS answers with the 10 best and never with a next page:
more Regions would be censored from below. What a query costs is one place of the quota, whatever its Regions; so the
best plan takes the types worth most, one after the other.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from random import Random

from collect_sps_and_if.asking.offers import Offers
from data_files.market.configurations import Configuration, places_left
from data_files.market.plans import REGIONS_PER_QUERY, SAMPLE, TOP, Query

Worth = Mapping[tuple[str, str], float]
"""The score of each (Region, instance type)."""


@dataclass(frozen=True)
class Wishes:
    """What the settings ask for: types carried over, types sampled, places of the quota, instances per request."""

    top: int
    sample: int
    limit: int
    target_capacity: int


@dataclass(frozen=True)
class History:
    """What is known when planning: used configurations, the last used last, and those the day itself used already."""

    occupied: tuple[Configuration, ...] = ()
    used_this_day: tuple[Configuration, ...] = ()


def plan(offers: Offers, worth: Worth, wishes: Wishes, history: History, random: Random) -> list[Query]:
    """Plan a day: what it used already stays, then the types worth most, then the sample, while places are left.

    Without any score of what is offered the top's share is sampled as well.
    """
    draft = _Draft(offers, wishes, history, random)
    top = _top_choices(offers, worth, wishes, history)
    on_top = {choice.instance for choice in top}
    sample = wishes.sample if top else wishes.top + wishes.sample
    draft.keep_used(on_top, sample)
    draft.add_top(top)
    draft.add_sample(on_top, sample)
    return draft.queries


@dataclass(frozen=True)
class _Choice:
    instance: str
    regions: tuple[str, ...]
    worth: float


def _top_choices(offers: Offers, worth: Worth, wishes: Wishes, history: History) -> list[_Choice]:
    by_instance: dict[str, dict[str, float]] = {}
    for (region, instance), value in worth.items():
        if region in offers.get(instance, ()):
            by_instance.setdefault(instance, {})[region] = value
    carried = _last_regions(offers, wishes, history)
    choices = [
        _choice(instance, scored, offers[instance], carried.get(instance)) for instance, scored in by_instance.items()
    ]
    return sorted(choices, key=lambda choice: (-choice.worth, choice.instance))[: wishes.top]


def _choice(
    instance: str, scored: Mapping[str, float], offered: tuple[str, ...], carried: tuple[str, ...] | None
) -> _Choice:
    best = sorted(offered, key=lambda region: (-scored.get(region, 0.0), region))[:REGIONS_PER_QUERY]
    regions = carried or tuple(sorted(best))
    return _Choice(instance, regions, sum(scored.get(region, 0.0) for region in regions))


def _last_regions(offers: Offers, wishes: Wishes, history: History) -> dict[str, tuple[str, ...]]:
    """Give the Regions each type was last asked in, if that very query can be repeated: others are new ones."""
    return {
        used.instance: used.regions
        for used in history.occupied
        if used.target_capacity == wishes.target_capacity and _is_offered(used, offers)
    }


def _is_offered(used: Configuration, offers: Offers) -> bool:
    offered = offers.get(used.instance, ())
    return 0 < len(used.regions) <= REGIONS_PER_QUERY and all(region in offered for region in used.regions)


class _Draft:
    """A plan in the making, and the places of the quota it may still take."""

    def __init__(self, offers: Offers, wishes: Wishes, history: History, random: Random) -> None:
        self.queries: list[Query] = []
        self._offers, self._wishes, self._history, self._random = offers, wishes, history, random
        self._occupied = set(history.occupied) | set(history.used_this_day)
        self._places = places_left(wishes.limit, self._occupied)

    def keep_used(self, top: Collection[str], sample: int) -> None:
        """Go on with what the day has asked already: a plan made anew must not ask for more places."""
        kept = {
            used.instance: used.regions
            for used in self._history.used_this_day
            if used.target_capacity == self._wishes.target_capacity and _is_offered(used, self._offers)
        }
        sampled = [instance for instance in kept if instance not in top][:sample]
        candidates = len(self._candidates(top))
        for instance in (instance for instance in kept if instance in top):
            self.queries.append(Query(instance, kept[instance], TOP, 1.0))
        for instance in sampled:
            probability = self._probability(instance, len(sampled), candidates)
            self.queries.append(Query(instance, kept[instance], SAMPLE, probability))

    def add_top(self, top: Iterable[_Choice]) -> None:
        """Add the types worth most, in that order."""
        kept = {query.instance for query in self.queries}
        for choice in top:
            if choice.instance not in kept:
                self._add(Query(choice.instance, choice.regions, TOP, 1.0))

    def add_sample(self, top: Collection[str], count: int) -> None:
        """Draw types that are not on top, and Regions that offer them, each alike: exploring follows no knowledge."""
        candidates = self._candidates({*top, *(query.instance for query in self.queries)})
        wanted = count - sum(query.origin == SAMPLE for query in self.queries)
        drawn = self._random.sample(candidates, max(0, min(wanted, self._places, len(candidates))))
        for instance in drawn:
            offered = self._offers[instance]
            regions = self._random.sample(offered, min(REGIONS_PER_QUERY, len(offered)))
            probability = self._probability(instance, len(drawn), len(candidates))
            self._add(Query(instance, tuple(sorted(regions)), SAMPLE, probability))

    def _candidates(self, without: Collection[str]) -> list[str]:
        return sorted(instance for instance, regions in self._offers.items() if regions and instance not in without)

    def _probability(self, instance: str, drawn: int, candidates: int) -> float:
        offered = len(self._offers[instance])
        return drawn / candidates * min(REGIONS_PER_QUERY, offered) / offered

    def _add(self, query: Query) -> None:
        configuration = query.configuration(self._wishes.target_capacity)
        if configuration not in self._occupied:
            if not self._places:
                return
            self._places -= 1
            self._occupied.add(configuration)
        self.queries.append(query)
