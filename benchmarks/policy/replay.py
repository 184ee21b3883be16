"""A policy, day after day over a market: it plans by what it polled before, within AWS's limit."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.policy.markets import Market
from collect_sps_and_if.asking.offers import Offers
from collect_sps_and_if.planning.expected_changes import KNOWN_DAYS, expected_changes
from collect_sps_and_if.planning.policy import History, PlanSettings, Worth, plan
from collect_sps_and_if.scoring import scored
from data_files.market.configurations import Configuration
from data_files.market.plans import Query
from data_files.market.polled import Pair
from data_files.market.scores import Score

LIMIT = 50
CAPACITY = 10
WARM_UP = 7  # days before the first that is replayed; the bootstrap is of these

Expect = Callable[[Offers, Iterable[Iterable[Score]], Iterable[Score]], Worth]
"""What is expected of each pair, by the scores of each known day, the newest last, and the bootstrap's."""


@dataclass(frozen=True)
class Policy:
    """Settings, and what the plans of all days go by: the product's own expectations unless others are given."""

    top: int
    sample: int
    expect: Expect = expected_changes


@dataclass(frozen=True)
class Day:
    """What a policy asked on a day, and all of the market's changes on it."""

    queries: list[Query]
    changes: dict[Pair, int]

    @property
    def pairs(self) -> set[Pair]:
        """Give the pairs that were polled."""
        return {(region, query.instance) for query in self.queries for region in query.regions}


class TooMany(Exception):
    """More configurations in 24 hours than AWS lets an account use."""


def replay(market: Market, policy: Policy, bootstrap: Sequence[Score], random: Random) -> Iterator[Day]:
    """Give each day after the warm-up. Raises TooMany for a plan past the limit."""
    known: deque[list[Score]] = deque(maxlen=KNOWN_DAYS)
    settings = PlanSettings(policy.top, policy.sample, LIMIT, CAPACITY)
    yesterday: tuple[Configuration, ...] = ()
    for number in range(WARM_UP, len(market.changes)):
        worth = policy.expect(market.offers, known, bootstrap)
        # All of yesterday's places are held until today's 23:59, as the last poll was at 23:50.
        queries = plan(market.offers, worth, settings, History(yesterday), random)
        today = tuple(query.configuration(CAPACITY) for query in queries)
        _hold_to_the_limit({*yesterday, *today})
        day = Day(queries, market.day(number))
        known.append([scored(*pair, day.changes[pair], 0) for pair in sorted(day.pairs)])
        yesterday = today
        yield day


def by_newest_score(_: Offers, days: Iterable[Iterable[Score]], bootstrap: Iterable[Score]) -> Worth:
    """Expect of a pair its newest score, else 0.7 times the bootstrap's: what the yardstick of all others goes by."""
    worth = {row[:2]: 0.7 * row.score for row in bootstrap}
    for day in days:
        worth |= {row[:2]: row.score for row in day}
    return worth


def knowing(market: Market) -> Expect:
    """Make what expects of each day, one after the other, the changes that it will have."""
    numbers = iter(range(WARM_UP, len(market.changes)))
    return lambda *_: market.day(next(numbers))


def _hold_to_the_limit(used: Collection[Configuration]) -> None:
    if len(used) > LIMIT:
        raise TooMany(f"{len(used)} configurations in 24 hours; AWS allows {LIMIT}")
