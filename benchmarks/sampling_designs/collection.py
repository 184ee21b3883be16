"""Days of collecting without a probe: each is planned by the product's policy, polled, and scored."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import configs
from benchmarks.policy.replay import Expect
from benchmarks.sampling_designs.observed_market import ObservedMarket
from collect_sps_and_if.nightly.day_moves import moves_of, score_day
from collect_sps_and_if.planning.expected_changes import KNOWN_DAYS, expected_changes
from collect_sps_and_if.planning.plan_settings import plan_settings
from collect_sps_and_if.planning.policy import History, PlanSettings, plan
from data_files.market import advisor, plans, polled, polls, scores, spot_prices
from data_files.market.plans import Query
from data_files.market.polled import Pair, PolledDay, PolledRow
from data_files.market.polls import PollRow
from data_files.market.scores import Score

_POLL_SECONDS = 20.0  # how long a poll takes


@dataclass
class Collection:
    """The files of polls, scores and plans under a HOME, day by day; dates are UTC's."""

    home: Path
    observed: ObservedMarket
    seed: int
    interval: timedelta
    """Between two polls."""
    expect: Expect = expected_changes
    """What plans go by."""
    settings: PlanSettings = field(default_factory=lambda: plan_settings(configs.INSTANCE_COUNT))
    """How much they hold."""
    _known: deque[Sequence[Score]] = field(default_factory=lambda: deque(maxlen=KNOWN_DAYS), init=False)
    _queries: Sequence[Query] = field(default=(), init=False)
    _published: datetime | None = field(default=None, init=False)

    def plan(self, day: date) -> None:
        """Plan a day from the scores of those before."""
        occupied = tuple(sorted({query.configuration(self.settings.target_capacity) for query in self._queries}))
        worth = self.expect(self.observed.offers, self._known, [])
        history, random = History(occupied), Random(f"{self.seed}/{day}")
        self._queries = plan(self.observed.offers, worth, self.settings, history, random)
        plans.write_plan(self.home, day, self._queries)

    def finish(self, day: date) -> None:
        """Poll what a day's plan asks, and score the day."""
        found = self.poll(day, [(region, query.instance) for query in self._queries for region in query.regions])
        self._known.append(score_day(found, moves_of(found)))
        scores.FILES.replace(scores.FILES.path(self.home, day), self._known[-1])

    def poll(self, day: date, pairs: Iterable[Pair], only: dict[Pair, datetime] | None = None) -> PolledDay:
        """Poll pairs on a day, each up to a time if `only` gives one, and write down what a poll finds."""
        pairs = sorted(set(pairs))
        rows: dict[Pair, list[PolledRow]] = {pair: [] for pair in pairs}
        lines: list[PolledRow] = []
        for at in self._times(day):
            published = self._advise(at)
            for pair in pairs:
                if only is None or at <= only[pair]:
                    score, index = self.observed.score(pair, at), self.observed.frequency(pair, published)
                    row = PolledRow(at, *pair, score, index, polled.OK, configs.INSTANCE_COUNT)
                    rows[pair].append(row)
                    lines.append(row)
        polled.FILES.append(polled.FILES.path(self.home, day), lines)
        polls.FILE.append(
            polls.FILE.path(self.home), [PollRow(at, 0, 0, len(pairs), _POLL_SECONDS) for at in self._times(day)]
        )
        start = _midnight(day)
        spot_prices.append_changes(
            self.home,
            (
                change
                for pair in pairs
                for change in self.observed.price_changes(pair, start, start + timedelta(days=1))
            ),
        )
        return PolledDay(day, rows)

    def _advise(self, at: datetime) -> datetime:
        """Write down the advisor's listing when it is new; give when it was published."""
        published = self.observed.advisor.published_at(at)
        if published != self._published:
            advisor.FILES.append(advisor.FILES.path(self.home, at.date()), self.observed.listing(at))
            self._published = published
        return published

    def _times(self, day: date) -> Iterator[datetime]:
        return (_midnight(day) + self.interval * poll for poll in range(timedelta(days=1) // self.interval))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
