"""A small collection, written by hand: what polls, advisor and probe leave under a HOME."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from collect_launch_time.tables import LOOKS, Tables
from common.dated_files import dated_files

from collect_launch_time.dataset.making import training_rows
from collect_launch_time.dataset.recorded_probes import PassedOver
from common import csv_file
from common.clock import iso
from common.csv_file import Cell
from data_files.launches.training_table import NAMES

ZONE = timezone(timedelta(hours=9))
PAIR = ("us-east-1", "m5.large")
POLLED = ("time", "region", "instance", "sps", "if", "outcome")
ADVISED = ("time", "region", "instance", "if", "savings")
POLLS = ("time", "queries", "failed", "rows", "seconds")


def at(text: str) -> datetime:
    """A local time of the collecting machine, such as 01T12:00:00 (of March 2026)."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=ZONE)


@dataclass
class Collection:
    """Files under a HOME, and the table made of them."""

    home: Path
    passed_over: PassedOver = field(default_factory=PassedOver)

    @property
    def scores(self) -> Path:
        """The other program's data folder."""
        return self.home / "collect_sps_and_if" / "data"

    def poll(
        self,
        time: datetime,
        sps: int | None,
        frequency: int | None = None,
        *,
        seconds: float | None = 4,
        pair: Sequence[str] = PAIR,
    ) -> None:
        """A poll of one pair; seconds None: killed before it could acknowledge its rows."""
        row: Sequence[Cell] = (iso(time), *pair, sps, frequency, "ok" if sps is not None else "failed")
        csv_file.append(self.scores / "sps_and_if" / f"{time.date()}.csv", POLLED, [row])
        if seconds is not None:
            csv_file.append(self.scores / "polls.csv", POLLS, [(iso(time), 1, 0, 1, seconds)])

    def advise(self, time: datetime, frequency: int, savings: int, *, pair: Sequence[str] = PAIR) -> None:
        """What the advisor published, stored by the poll of that time."""
        row: Sequence[Cell] = (iso(time), *pair, frequency, savings)
        csv_file.append(self.scores / "interruption_frequency" / f"{time.date()}.csv", ADVISED, [row])

    def probe(
        self, time: datetime, looks: Iterable[tuple[float, int, int, int]], *, pair: Sequence[str] = PAIR
    ) -> None:
        """A probe of ten instances; a look is seconds since the request, ready, fulfilled, running."""
        rows: list[Sequence[Cell]] = [
            (*pair, 10, iso(time), iso(time + timedelta(seconds=look[0])), *look[1:]) for look in looks
        ]
        csv_file.append(Tables(self.home).looks(time.date()), LOOKS, rows)

    def table(self) -> list[dict[str, Any]]:
        """The training table, a dictionary a row."""
        looks = dated_files(Tables(self.home).data)
        rows = training_rows(self.home, looks, self.passed_over)
        return [dict(zip(NAMES, row, strict=True)) for row in rows]
