"""A small collection, written by hand: what polls, advisor and probe leave under a HOME."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from collect_launch_time.dataset.table_rows import training_rows
from common.clock import iso
from data_files.launches import looks
from data_files.launches.looks import LookRow
from data_files.launches.training_table import TABLE
from data_files.market import advisor, polled, polls
from data_files.market.advisor import AdvisedRow
from data_files.market.polled import Pair, PolledRow
from data_files.market.polls import PollRow

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
    """The numbers of rows that made no sense, as they were told."""

    def poll(
        self,
        time: datetime,
        sps: int | None,
        frequency: int | None = None,
        *,
        seconds: float | None = 4,
        pair: Pair = PAIR,
    ) -> None:
        """A poll of one pair; seconds None: killed before it could acknowledge its rows."""
        row = PolledRow(time, *pair, sps, frequency, polled.FAILED if sps is None else polled.OK)
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

    def table(self) -> list[dict[str, Any]]:
        """The training table, a dictionary a row, as CSV has it."""
        rows = training_rows(self.home, self.passed_over.append)
        return [dict(zip(TABLE.header, (iso(row.request_time), *row[1:]), strict=True)) for row in rows]
