"""What polls.csv says of each day: polls due and done, and where they are missing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np

from data_files.columnar import ColumnarRows
from data_files.market.coverage import Coverage, Gap, coverage, joined_gaps
from data_files.market.polls import FAILED_QUERIES, QUERIES, START
from report.gather.pairs import day_number

POLL_COLUMNS = (START, QUERIES, FAILED_QUERIES)
"""Of the file of polls."""

_DAY = 86_400  # seconds


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
    def of(cls, rows: ColumnarRows, since: date, until: date, now: datetime) -> PollHistory:
        """Take the acknowledged polls of the days from since to until, and what was due of them by now.

        No poll was due before the first of all rows. Days are those of this machine's time zone.
        """
        times, queries, failed = rows.times(START), rows.numbers(QUERIES), rows.numbers(FAILED_QUERIES)
        own_day = times.wall // _DAY
        taken = np.flatnonzero(own_day <= day_number(until))
        if not len(taken):
            return cls()
        taken = taken[np.argsort(times.utc[taken], kind="stable")]
        begun, last = (datetime.fromtimestamp(times.utc[place], UTC) for place in (taken[0], taken[-1]))
        first = since if own_day[taken[0]] < day_number(since) else begun.astimezone().date()
        newest = min(max(now, last).astimezone().date(), until + timedelta(days=1))
        shown = taken[own_day[taken] >= day_number(since)]
        polls = zip(*(column[shown].tolist() for column in (times.utc, queries, failed)), strict=True)
        by_day: dict[date, list[tuple[float, float, float]]] = {}
        for poll in polls:
            by_day.setdefault(_local_day(poll[0]), []).append(poll)
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


def _local_day(moment: float) -> date:
    return date.fromtimestamp(moment)  # noqa: DTZ012 - of this machine's time zone


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _day_of_polls(day: date, polls: Sequence[tuple[float, float, float]], now: datetime, begun: datetime) -> DayOfPolls:
    """Take a day's polls: of each its time in seconds since 1970, and how many queries it has and how many failed."""
    moments, queries, failed = zip(*polls, strict=True) if polls else ((), (), ())
    times = (datetime.fromtimestamp(moment, UTC) for moment in moments)
    return DayOfPolls(coverage(day, times, now, begun), _sum_of_known(queries), _sum_of_known(failed))


def _sum_of_known(numbers: Iterable[float]) -> int:
    return int(sum(number for number in numbers if not math.isnan(number)))
