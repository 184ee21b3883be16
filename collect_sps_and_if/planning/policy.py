"""Which placement-score queries a day asks: watched types, those worth most, and a random sample. Pure.

A query names one instance type and at most 10 Regions, for AWS answers with the 10 best and never with a next page:
more Regions would be censored from below. It takes one place of the quota, whatever its Regions, unless its
configuration still holds one: then it costs nothing. So a day goes on with what was asked yesterday and is worth most,
and spends the places that are free on what is worth more, and on the sample: at least half of SAMPLE_COUNT of them.
Standing queries are no part of the plan, but come before top and sample, and so their places are kept for them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from collect_sps_and_if.asking.offers import Offers
from data_files.market.configurations import REGION_SCOPE, Configuration, places_left
from data_files.market.plans import REGIONS_PER_QUERY, SAMPLE, TOP, WATCH, Query

Worth = Mapping[tuple[str, str], float]
"""The changes expected of each (Region, instance type), as its score has them."""


# Of the worth of the last query on top: what a change must gain at least. In the replays of `benchmarks/policy` a tenth
# costs nothing, and leaves the sample half as many queries again.
_LEAST_GAIN = 0.1


@dataclass(frozen=True)
class PlanSettings:
    """What the settings ask for: types carried over, types sampled, places of the quota, instances per request.

    watch are types asked every day, whatever they are worth; standing are the configurations of standing queries.
    """

    top: int
    sample: int
    limit: int
    target_capacity: int
    watch: tuple[str, ...] = ()
    standing: tuple[Configuration, ...] = ()

    @property
    def leaves_places(self) -> bool:
        """Tell whether a plan of these may have any query: some are asked for, and standing ones leave places."""
        return bool(self.top or self.sample or self.watch) and len(set(self.standing)) < self.limit

    @property
    def least_sample(self) -> int:
        """Give how many places the sample gets before anything else new does."""
        return (self.sample + 1) // 2

    @property
    def most_top(self) -> int:
        """Give how many types may be carried over, so that tomorrow has places for new ones."""
        always = len(self.watch) + len(set(self.standing))
        return max(0, min(self.top, self.limit - self.sample - self.least_sample - always))


@dataclass(frozen=True)
class History:
    """What is known when planning: used configurations, the last used last, and those the day itself used already."""

    occupied: tuple[Configuration, ...] = ()
    used_this_day: tuple[Configuration, ...] = ()


def plan(offers: Offers, worth: Worth, settings: PlanSettings, history: History, random: Random) -> list[Query]:
    """Plan a day: watched types, then those worth most, then the sample, within the places that are free.

    What the day used already stays, and what standing queries need stays free. Without any score of what is offered
    the top's share is sampled as well.
    """
    choices = _Choices(offers, worth, settings, history, random)
    draft = _Draft(settings, history)
    watched = [instance for instance in dict.fromkeys(settings.watch) if offers.get(instance)]
    draft.add(Query(*choices.watched(instance), WATCH, 1.0) for instance in watched)
    draft.reserve(settings.standing)
    scored = choices.scored(without=watched)
    sample = settings.sample if scored else settings.most_top + settings.sample
    spare = draft.places - (settings.least_sample if scored else sample)
    top = _top(choices, scored, settings.most_top, max(0, spare))
    draft.add(Query(choice.instance, choice.regions, TOP, 1.0) for choice in top)
    asked = {choice.instance: choice.regions for choice in top}
    draft.add(_sample(choices, asked | {instance: offers[instance] for instance in watched}, sample, draft))
    return draft.queries


@dataclass(frozen=True)
class _Choice:
    """A query for a type, and what its pairs are expected to change."""

    instance: str
    regions: tuple[str, ...]
    worth: float


class _Choices:
    """Which Regions a type could be asked in: those it holds a place with, or its best."""

    def __init__(self, offers: Offers, worth: Worth, settings: PlanSettings, history: History, random: Random) -> None:
        self.offers, self.random = offers, random
        self._by_instance: dict[str, dict[str, float]] = {}
        for (region, instance), value in worth.items():
            if region in offers.get(instance, ()):
                self._by_instance.setdefault(instance, {})[region] = value
        repeatable = [
            used
            for used in (*history.occupied, *history.used_this_day)
            if used.target_capacity == settings.target_capacity and used.scope == REGION_SCOPE
            if used not in settings.standing and self._is_offered(used)
        ]
        self._held = _by_type(repeatable)
        self.used = _by_type(used for used in history.used_this_day if used in repeatable)

    def scored(self, without: Collection[str]) -> list[str]:
        """List the types of which something is known."""
        return sorted(instance for instance in self._by_instance if instance not in without)

    def held(self, instance: str) -> _Choice | None:
        """Give the query of a type that costs no place, of several what the day used, or the best; None without any."""
        used = self.used.get(instance, ())
        choices = [self._choice(instance, regions) for regions in self._held.get(instance, ())]
        return max(choices, key=lambda choice: (choice.regions in used, choice.worth), default=None)

    def best(self, instance: str) -> _Choice:
        """Give the query of a type's best Regions, of equal ones any; it may cost a place."""
        scored = self._by_instance.get(instance, {})
        shuffled = self.random.sample(self.offers[instance], len(self.offers[instance]))
        ranked = sorted(shuffled, key=lambda region: -scored.get(region, 0.0))
        return self._choice(instance, tuple(sorted(ranked[:REGIONS_PER_QUERY])))

    def watched(self, instance: str) -> tuple[str, tuple[str, ...]]:
        """Give a watched type and the Regions it is asked in: day after day the same while they are offered."""
        choice = self.held(instance) or self.best(instance)
        return choice.instance, choice.regions

    def drawn(self, regions: Sequence[str]) -> tuple[str, ...]:
        """Draw as many Regions as a query may name, each alike."""
        return tuple(sorted(self.random.sample(regions, min(REGIONS_PER_QUERY, len(regions)))))

    def _choice(self, instance: str, regions: tuple[str, ...]) -> _Choice:
        scored = self._by_instance.get(instance, {})
        return _Choice(instance, regions, sum(scored.get(region, 0.0) for region in regions))

    def _is_offered(self, used: Configuration) -> bool:
        offered = self.offers.get(used.instance, ())
        return 0 < len(used.regions) <= REGIONS_PER_QUERY and all(region in offered for region in used.regions)


def _by_type(configurations: Iterable[Configuration]) -> dict[str, list[tuple[str, ...]]]:
    regions: dict[str, list[tuple[str, ...]]] = {}
    for used in configurations:
        regions.setdefault(used.instance, []).append(used.regions)
    return regions


def _top(choices: _Choices, scored: Iterable[str], count: int, places: int) -> Sequence[_Choice]:
    """Choose the queries worth most, at most count of them, and at most places that hold no place yet.

    First the best of those that cost nothing; then, while places are left, what gains most by taking one: a type anew,
    in place of the last, or better Regions of one that is there. That greedy choice is the best there is, for each
    costs one place. Small gains do not take a place, for the sample can use it. What was asked today
    already stays.
    """
    types = list(scored)
    held = sorted(filter(None, map(choices.held, types)), key=lambda choice: _rank(choice, choices))
    top = {choice.instance: choice for choice in held[:count]}
    fresh = sorted((choices.best(instance) for instance in types if instance not in choices.used), key=_by_worth)
    for _ in range(places if count else 0):
        last = min(top.values(), key=lambda choice: (choice.instance not in choices.used, choice.worth), default=None)
        is_full = len(top) == count and last is not None
        gains = [
            (choice.worth - _replaced(choice, top, last if is_full else None), choice)
            for choice in fresh
            if top.get(choice.instance) != choice
        ]
        gain, best = max(gains, key=lambda each: each[0], default=(0.0, None))
        least = last.worth * _LEAST_GAIN if is_full and last else 0.0
        if best is None or gain < least or (is_full and gain == 0):
            break
        if best.instance not in top and is_full and last is not None:
            del top[last.instance]
        top[best.instance] = best
    return sorted(top.values(), key=_by_worth)


def _rank(choice: _Choice, choices: _Choices) -> tuple[bool, float, str]:
    return choice.instance not in choices.used, -choice.worth, choice.instance


def _by_worth(choice: _Choice) -> tuple[float, str]:
    return -choice.worth, choice.instance


def _replaced(choice: _Choice, top: Mapping[str, _Choice], last: _Choice | None) -> float:
    """Give the worth of what a choice would take the place of."""
    same = top.get(choice.instance)
    return same.worth if same else last.worth if last else 0.0


def _sample(choices: _Choices, asked: Mapping[str, Sequence[str]], count: int, draft: "_Draft") -> list[Query]:
    """Draw types, and Regions that offer them, each alike, among the pairs that are neither watched nor on top.

    asked are the Regions of the types that are; a type on top is drawn for its others. What the day drew already stays,
    and counts as drawn: the probability is that of all draws of the day together.
    """
    candidates = {
        instance: others
        for instance, offered in sorted(choices.offers.items())
        if (others := [region for region in offered if region not in asked.get(instance, ())])
    }
    kept = {
        instance: regions
        for instance, several in choices.used.items()
        for regions in several
        if set(regions) <= set(candidates.get(instance, ()))
    }
    kept = dict(list(kept.items())[:count])
    others = [instance for instance in candidates if instance not in kept]
    number = max(0, min(count - len(kept), draft.places, len(others)))
    drawn = kept | {one: choices.drawn(candidates[one]) for one in choices.random.sample(others, number)}
    share = len(drawn) / len(candidates) if candidates else 0.0
    return [
        Query(instance, regions, SAMPLE, share * len(regions) / len(candidates[instance]))
        for instance, regions in drawn.items()
    ]


class _Draft:
    """A plan in the making, and the places of the quota it may still take."""

    def __init__(self, settings: PlanSettings, history: History) -> None:
        self.queries: list[Query] = []
        self._target_capacity = settings.target_capacity
        self._occupied = set(history.occupied) | set(history.used_this_day)
        self.places = places_left(settings.limit, self._occupied)

    def add(self, queries: Iterable[Query]) -> None:
        """Add queries in order; one for which no place is left is passed over."""
        self.queries += [query for query in queries if self._take(query.configuration(self._target_capacity))]

    def reserve(self, configurations: Iterable[Configuration]) -> None:
        """Keep places for what is asked besides the plan; one for which no place is left is passed over."""
        for configuration in configurations:
            self._take(configuration)

    def _take(self, configuration: Configuration) -> bool:
        if configuration not in self._occupied:
            if not self.places:
                return False
            self.places -= 1
            self._occupied.add(configuration)
        return True
