"""A HOME of a few rows, written as the collectors write them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from analysis.reading import NotingReader, Troubles
from data_files.launches import instances, probes
from data_files.launches.instances import InstanceRow
from data_files.launches.probes import EndedProbe
from data_files.market import advisor, polled, polls, scores, spot_prices
from data_files.market.advisor import AdvisedRow
from data_files.market.polled import OK, Pair, PolledRow
from data_files.market.polls import PollRow
from data_files.market.scores import Score
from data_files.market.spot_prices import FetchedUntil, PriceChange

NOW = datetime(2026, 3, 3, 12, 3, tzinfo=UTC)
PAIR = ("eu-west-1", "m5.large")
OTHER = ("us-east-1", "c5.large")


def before(**ago: float) -> datetime:
    """Give the moment so long before now."""
    return NOW - timedelta(**ago)


@dataclass(frozen=True)
class SmallHome:
    """Writes rows under a HOME."""

    home: Path

    def reader(self) -> NotingReader:
        """Read it."""
        return NotingReader(self.home, Troubles())

    def poll(
        self, time: datetime, sps: int | None, pair: Pair = PAIR, *, band: int | None = None,
        outcome: str = OK, capacity: int | None = 10,
    ) -> None:  # fmt: skip
        """Add a pair at a poll, which is acknowledged."""
        row = PolledRow(time, *pair, sps, band, outcome, capacity)
        polled.FILES.append(polled.FILES.path(self.home, time.date()), [row])
        polls.FILE.append(polls.FILE.path(self.home), [PollRow(time, 1, 0, 1, 1.0)])

    def score(self, day: date, *pairs: Pair) -> None:
        """Write a day's score."""
        scores.FILES.replace(scores.FILES.path(self.home, day), [Score(*pair, 0.0, 0.0, 0.0) for pair in pairs])

    def list_pairs(self, time: datetime, *rows: tuple[Pair, int | None, int | None]) -> None:
        """Add a listing of the advisor: pair, index, savings."""
        advised = [AdvisedRow(time, *pair, band, savings) for pair, band, savings in rows]
        advisor.FILES.append(advisor.FILES.path(self.home, time.date()), advised)

    def price(self, time: datetime, usd: float, zone: str = "euw1-az1", pair: Pair = PAIR) -> None:
        """Add a change of price."""
        spot_prices.append_changes(self.home, [PriceChange(time, pair[0], zone, pair[1], usd)])

    def fetched(self, *rows: tuple[Pair, datetime]) -> None:
        """Say up to when prices are complete."""
        path = spot_prices.FETCHED.path(self.home)
        spot_prices.FETCHED.replace(path, [FetchedUntil(*pair, until) for pair, until in rows])

    def probe(
        self,
        start: datetime,
        ready: Iterable[float | None] = (),
        pair: Pair = PAIR,
        *,
        count: int | None = None,
        not_ready: float | None = 590,
        until: str = probes.READY,
        ended: str = probes.TIMED_OUT,
        end: float | None = 600,
    ) -> None:
        """Add a probe: for each request the seconds to readiness; None: not ready at the look after not_ready s."""
        waits = list(ready)
        ended_at = None if end is None else start + timedelta(seconds=end)
        row = EndedProbe(start, *pair, len(waits) if count is None else count, "top", 1, until, 600, 3, ended_at, ended)
        probes.FILES.append(probes.FILES.path(self.home, start.date()), [row])
        rows = [_request(start, pair, seconds, not_ready) for seconds in waits]
        instances.FILES.append(instances.FILES.path(self.home, start.date()), rows)


def _request(start: datetime, pair: Pair, ready: float | None, not_ready: float | None) -> InstanceRow:
    def at(seconds: float | None) -> datetime | None:
        return None if seconds is None else start + timedelta(seconds=seconds)

    last_no = not_ready if ready is None else ready - 3
    outcome = "capacity-not-available" if ready is None else instances.READY
    return InstanceRow(None, None, pair[0], None, pair[1], start, None, None, at(last_no), at(ready), outcome)
