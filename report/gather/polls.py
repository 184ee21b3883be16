"""What polls.csv says of each day: polls due and done, and where they are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from data_files.market.coverage import Coverage, Gap, coverage, joined_gaps
from data_files.market.polls import PollRow
from report.gather.pairs import day_number


@dataclass(frozen=True)
class DayOfPolls:
    """A day's polls: those due by now, done and missing; their queries in all, and how many of these failed."""

    coverage: Coverage
    queries: int
    failed: int


@dataclass(frozen=True)
class PollHistory:
    """The polls of the days that the page shows."""

    days: dict[date, DayOfPolls] = field(default_factory=dict)
    gaps: Sequence[Gap] = ()
    """Oldest first."""

    @classmethod
    def of(cls, rows: Iterable[PollRow], since: date, until: date, now: datetime) -> PollHistory:
        """Take the acknowledged polls of the days from since to until, and what was due of them by now.

        No poll was due before the first of all rows. Days are those of this machine's time zone.
        """
        taken = [row for row in rows if row.time.date() <= until]
        if not taken:
            return cls()
        begun, last = min(row.time for row in taken), max(taken, key=lambda row: row.time)
        by_day: dict[date, list[PollRow]] = {}
        for row in taken:
            if row.time.date() >= since:
                by_day.setdefault(row.time.astimezone().date(), []).append(row)
        first = since if begun.date() < since else begun.astimezone().date()
        newest = min(max(now, last.time).astimezone().date(), until + timedelta(days=1))
        days = {day: _day_of_polls(day, by_day.get(day, []), now, begun) for day in _days(first, newest)}
        return cls(days, joined_gaps(day.coverage for day in days.values()))

    @property
    def due(self) -> int:
        """Count the polls that were due by now."""
        return sum(day.coverage.due for day in self.days.values())

    @property
    def missing(self) -> int:
        """Count the polls that were due and not done."""
        return sum(day.coverage.missing for day in self.days.values())

    @property
    def queries(self) -> int:
        """Count the queries of all polls."""
        return sum(day.queries for day in self.days.values())

    @property
    def failed(self) -> int:
        """Count the queries that failed."""
        return sum(day.failed for day in self.days.values())

    def listed(self) -> list[list[int]]:
        """Give for the page every day with a poll due: its number, polls done, polls due, queries, queries failed."""
        return [
            [day_number(day), polls.coverage.done, polls.coverage.due, polls.queries, polls.failed]
            for day, polls in self.days.items()
            if polls.coverage.due
        ]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _day_of_polls(day: date, rows: Sequence[PollRow], now: datetime, begun: datetime) -> DayOfPolls:
    return DayOfPolls(
        coverage(day, (row.time for row in rows), now, begun),
        sum(row.queries or 0 for row in rows),
        sum(row.failed or 0 for row in rows),
    )
