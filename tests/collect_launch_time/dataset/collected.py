"""A small collection for tests: files of polls, advisor and probe under a HOME."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from collect_launch_time.dataset.arrow_rows import Shape
from collect_launch_time.dataset.instance_rows import instance_rows
from collect_launch_time.dataset.looks_table import training_rows
from collect_launch_time.dataset.walk import walk
from data_files.launches import instance_table, instances, looks, probes, training_table
from data_files.launches.instances import InstanceRow
from data_files.launches.looks import LookRow
from data_files.launches.probes import EndedProbe
from data_files.market import advisor, polled, polls, spot_prices, standing_definitions, standing_scores
from data_files.market.advisor import AdvisedRow
from data_files.market.polled import Pair, PolledRow
from data_files.market.polls import PollRow
from data_files.market.spot_prices import PriceChange
from data_files.market.standing_definitions import Definition
from data_files.market.standing_scores import StandingRow

ZONE = timezone(timedelta(hours=9))
PAIR = ("us-east-1", "m5.large")


def at(text: str) -> datetime:
    """A local time of the collecting machine, such as 01T12:00:00 (of March 2026)."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=ZONE)


@dataclass
class Collection:
    """Files under a HOME, and the table made of them."""

    home: Path
    passed_over: list[int] = field(default_factory=list)
    """The numbers of rows that made no sense, one for each call of passed_over."""

    def poll(
        self,
        time: datetime,
        sps: int | None,
        frequency: int | None = None,
        *,
        seconds: float | None = 4,
        pair: Pair = PAIR,
        capacity: int | None = 10,
    ) -> None:
        """A poll of one pair; seconds None: killed before it could acknowledge its rows."""
        row = PolledRow(time, *pair, sps, frequency, polled.FAILED if sps is None else polled.OK, capacity)
        polled.FILES.append(polled.FILES.path(self.home, time.date()), [row])
        if seconds is not None:
            polls.acknowledge(self.home, PollRow(time, 1, 0, 1, seconds))

    def advise(self, time: datetime, frequency: int, savings: int, *, pair: Pair = PAIR) -> None:
        """What the advisor published, stored by the poll of that time."""
        row = AdvisedRow(time, *pair, frequency, savings)
        advisor.FILES.append(advisor.FILES.path(self.home, time.date()), [row])

    def probe(self, time: datetime, seen: Iterable[tuple[float, int, int, int]], *, pair: Pair = PAIR) -> None:
        """A probe of ten instances; a look is seconds since the request, ready, fulfilled, running."""
        rows = [LookRow(*pair, 10, time, time + timedelta(seconds=look[0]), *look[1:]) for look in seen]
        looks.FILES.append(looks.FILES.path(self.home, time.date()), rows)

    def price(self, time: datetime, usd: float, zone: str = "use1-az1", *, pair: Pair = PAIR) -> None:
        """A change of price in a zone."""
        row = PriceChange(time, pair[0], zone, pair[1], usd)
        spot_prices.FILES.append(spot_prices.FILES.path(self.home, time.date()), [row])

    def stand(self, time: datetime, sps: int, zone: str | None, name: str = "mine", region: str = PAIR[0]) -> None:
        """A score of a standing query."""
        row = StandingRow(time, name, region, zone, sps, polled.OK)
        standing_scores.FILES.append(standing_scores.FILES.path(self.home, time.date()), [row])

    def define(self, time: datetime, name: str, *instances: str, capacity: int = 10, scope: str = "region") -> None:
        """What a standing query asked from a time on."""
        row = Definition(time, name, instances, PAIR[:1], capacity, scope)
        standing_definitions.FILE.append(standing_definitions.FILE.path(self.home), [row])

    def end(self, time: datetime, *, pair: Pair = PAIR, **how: Any) -> None:
        """How the probe that was requested at that time ended; by default all of its instances were ready."""
        row = EndedProbe(
            time, *pair, 10, "sample", 0.25, "ready", 600.0, 3.0, time + timedelta(seconds=300), "all_ready"
        )
        probes.FILES.append(probes.FILES.path(self.home, time.date()), [row._replace(**how)])

    def instance(self, time: datetime, name: str, *, pair: Pair = PAIR, **seen: Any) -> None:
        """A spot request of the probe of that time; times are seconds since the request."""
        times = {key: time + timedelta(seconds=value) for key, value in seen.items() if isinstance(value, int | float)}
        nothing = InstanceRow(name, None, pair[0], None, pair[1], time, None, None, None, None, None)
        instances.FILES.append(instances.FILES.path(self.home, time.date()), [nothing._replace(**{**seen, **times})])

    def table(self) -> list[dict[str, Any]]:
        """The training table, a dictionary a row, as CSV has it."""
        shape = Shape(training_table.TABLE, times_as_text=True)
        return [
            row for rows in training_rows(walk(self.home, self.passed_over.append), shape) for row in rows.to_pylist()
        ]

    def instance_table(self) -> list[dict[str, Any]]:
        """The instance table, likewise."""
        shape = Shape(instance_table.TABLE, times_as_text=True)
        return [
            row for rows in instance_rows(walk(self.home, self.passed_over.append), shape) for row in rows.to_pylist()
        ]
