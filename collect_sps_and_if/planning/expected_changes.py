"""What each pair may be expected to change, by everything that is known of it and of pairs like it. Pure.

A day's score is a small count, and of most pairs there is none: a pair counts with the mean of its scores, drawn to
that of its type, that to its family's, and that to the mean of all, the more the fewer scores there are. The
bootstrap's figure is where a pair begins: what is averaged is by how much the scores differ from it.
"""

from collections.abc import Iterable, Mapping, Sequence

from collect_sps_and_if.asking.offers import Offers
from collect_sps_and_if.planning.policy import Worth
from data_files.market.scores import Score

KNOWN_DAYS = 30
"""So many days of scores say what a pair may be expected to change."""

_OF_THE_BOOTSTRAP = 0.7  # its figures are of single zones and of another capacity, and older
# How many days, pairs of a type and pairs of a family weigh as much as what they are drawn to. The replays of
# `benchmarks/policy` are as good with half and with twice as many.
_TYPES_TO_JUDGE_OTHERS_BY = 30
"""Of a handful of types nobody can tell what others do, and those without any score are left to the sample."""
_DAYS, _PAIRS_OF_A_TYPE, _PAIRS_OF_A_FAMILY = 1, 3, 10


def expected_changes(offers: Offers, days: Iterable[Iterable[Score]], bootstrap: Iterable[Score]) -> Worth:
    """Give the score expected of every pair that is offered; with few types scored, of their pairs only.

    days are the scores of the days that count, in any order.
    """
    begin = {row[:2]: row.score * _OF_THE_BOOTSTRAP for row in bootstrap}
    scores: dict[tuple[str, str], list[float]] = {}
    for day in days:
        for row in day:
            scores.setdefault(row[:2], []).append(row.score)
    if not begin and not scores:
        return {}
    means = {pair: sum(found) / len(found) - begin.get(pair, 0.0) for pair, found in scores.items()}
    of_all = sum(means.values()) / len(means) if means else 0.0
    of_families = _grouped(((_family(instance), mean) for (_, instance), mean in means.items()))
    of_types = _grouped(((instance, mean) for (_, instance), mean in means.items()))
    expected: dict[tuple[str, str], float] = {}
    scored = {instance for _, instance in (*begin, *scores)}
    for instance, regions in offers.items():
        if instance not in scored and len(scored) < _TYPES_TO_JUDGE_OTHERS_BY:
            continue
        of_family = _drawn(of_families.get(_family(instance), ()), of_all, _PAIRS_OF_A_FAMILY)
        of_type = _drawn(of_types.get(instance, ()), of_family, _PAIRS_OF_A_TYPE)
        for region in regions:
            unseen = max(0.0, begin.get((region, instance), 0.0) + of_type)
            expected[region, instance] = _drawn(scores.get((region, instance), ()), unseen, _DAYS)
    return expected


def _family(instance: str) -> str:
    return instance.partition(".")[0]


def _grouped(named: Iterable[tuple[str, float]]) -> Mapping[str, list[float]]:
    groups: dict[str, list[float]] = {}
    for name, value in named:
        groups.setdefault(name, []).append(value)
    return groups


def _drawn(values: Sequence[float], to: float, weight: float) -> float:
    """Give the mean of values and of what it is drawn to, which weighs as much as so many of them."""
    return (sum(values) + weight * to) / (len(values) + weight)
