"""polls.csv: one row a poll, written last: it acknowledges that the poll's other rows are all there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from data_files.cells import AMOUNT, COUNT, TIME
from data_files.csv_table import Column, SingleFile
from data_files.timed_rows import RowsByDay

LATE_AFTER = timedelta(minutes=25)
"""So long after the last acknowledged poll the collection needs a look: two polls in a row are missing."""


class PollRow(NamedTuple):
    """A poll: when it started, how many queries its plan has, how many failed, the rows it wrote, how long it took.

    refused queries are those that AWS refused for this day, waiting ones have no place in the quota yet; None: unknown.
    """

    time: datetime
    queries: int | None
    failed: int | None
    rows: int | None
    seconds: float | None
    refused: int | None = None
    waiting: int | None = None


START = Column("time", TIME, "when the poll started", is_needed=True)
QUERIES = Column("queries", COUNT, "placement-score queries of the day's plan")
FAILED_QUERIES = Column("failed", COUNT, "queries without an answer that could be used, after retries")

FILE = SingleFile(
    (
        START,
        QUERIES,
        FAILED_QUERIES,
        Column("rows", COUNT, "rows written to the day's file of polled pairs"),
        Column("seconds", AMOUNT, "how long the poll took"),
        Column("refused", COUNT, "queries that AWS refused for this day, now or earlier", is_later=True),
        Column("waiting", COUNT, "queries not asked yet, as their place in the quota is not free", is_later=True),
    ),
    PollRow,
    place="collect_sps_and_if/data/polls.csv",
)


def acknowledge(home: Path, poll: PollRow) -> None:
    """Add a poll's row, last of all its rows. Raises Unwritable."""
    FILE.append(FILE.path(home), [poll], widens=True)


@dataclass(frozen=True)
class DaysPolls:
    """The acknowledged polls of a local day, and when the collection's first poll of all was."""

    polls: Sequence[PollRow]
    begun: datetime | None


class Record:
    """All acknowledged polls, of which only the days that are asked for are read."""

    def __init__(self, home: Path) -> None:
        """Open the file under a HOME; a missing one has no polls. Raises OSError."""
        self._rows = RowsByDay(FILE, FILE.path(home))

    def of_day(self, day: date) -> DaysPolls:
        """Give the polls of a local day."""
        oldest = self._rows.oldest()
        return DaysPolls(self._rows.of(day), oldest and oldest.time)

    def last(self, now: datetime) -> PollRow | None:
        """Give the newest poll by now; where all are later, as in a rehearsed future, the newest of all."""
        return self._rows.newest(now) or self._rows.newest(datetime.max.replace(tzinfo=UTC))

    def unreadable(self) -> int:
        """Count the rows that make no sense, of the newest month or so."""
        return self._rows.passed_over()


def of_day(home: Path, day: date) -> DaysPolls:
    """Read the acknowledged polls of a day. Raises OSError."""
    return Record(home).of_day(day)


def is_late(last: datetime, now: datetime) -> bool:
    """Tell whether the poll after the last acknowledged one is overdue."""
    return now - last > LATE_AFTER
