"""Which polls were due and done today, and what became of the scores that were asked for in the last 24 hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from analysis.health.last_failure import Failure, last_failure
from data_files.market import polled, polls, standing_scores
from data_files.market.coverage import Coverage, coverage
from data_files.market.polled import ABSENT, OK, WAITING
from data_files.market.polls import PollRow
from data_files.timed_rows import counted_rows

LEAST_DONE = 0.95
"""The share of the polls due today that should be done."""

LEAST_ANSWERED = 0.9
"""The share of the scores asked for in 24 hours that AWS should answer: a query fails now and then."""

_LATELY = timedelta(hours=24)


@dataclass(frozen=True)
class Polling:
    """The polls until a moment, and the placement scores of the 24 hours before it."""

    last: PollRow | None
    """The newest acknowledged poll."""
    today: Coverage
    outcomes: Mapping[str, int]
    """Scores of the 24 hours by what became of them."""
    refused_queries: int | None
    """Queries that AWS refused in the 24 hours; None where older versions did not count them."""
    unreadable_polls: int = 0
    """Rows at the end of polls.csv, some month, that make no sense and hide polls that were done.

    Counted only where polls are missing.
    """
    failure: Failure | None = None
    """What the newest run that failed since the last acknowledged poll said; likewise only then."""

    @property
    def asked(self) -> int:
        """Count the scores that were asked for: not those that wait for their place in the quota."""
        return sum(count for outcome, count in self.outcomes.items() if outcome != WAITING)

    @property
    def answered_share(self) -> float | None:
        """Give the share of them that AWS answered, be it without a score; None if none was asked for."""
        answered = self.outcomes.get(OK, 0) + self.outcomes.get(ABSENT, 0)
        return answered / self.asked if self.asked else None

    @property
    def is_answered(self) -> bool:
        """Tell whether as many were answered as should be."""
        return self.answered_share is None or self.answered_share >= LEAST_ANSWERED

    @property
    def is_covered(self) -> bool:
        """Tell whether as many of today's polls were done as should be."""
        return self.today.done >= LEAST_DONE * self.today.due

    def is_late(self, now: datetime) -> bool:
        """Tell whether the next poll is overdue, or there never was one."""
        return self.last is None or polls.is_late(self.last.time, now)


def polling(home: Path, now: datetime) -> Polling:
    """Read what polls left under HOME. Raises OSError."""
    record = polls.Record(home)
    of_today = record.of_day(now.date())
    since = now - _LATELY
    found = Polling(
        record.last(now),
        coverage(now.date(), [poll.time for poll in of_today.polls], now, of_today.begun),
        _outcomes(home, since, now),
        _refused(record, since, now),
    )
    if found.is_covered and not found.is_late(now):
        return found
    last = found.last.time if found.last else None
    return replace(found, unreadable_polls=record.unreadable(), failure=last_failure(home, last, now))


def _outcomes(home: Path, since: datetime, now: datetime) -> Counter[str]:
    counts: Counter[str] = Counter()
    for day in _days(since, now):
        for row, count in counted_rows(polled.FILES, polled.FILES.path(home, day), since):
            counts[row.outcome] += count
        for standing, count in counted_rows(standing_scores.FILES, standing_scores.FILES.path(home, day), since):
            counts[standing.outcome] += count
    return counts


def _refused(record: polls.Record, since: datetime, now: datetime) -> int | None:
    """Count each day's refused queries once: one stays refused until its day is over, in every poll."""
    by_day = {
        day: [poll.refused for poll in record.of_day(day).polls if poll.time > since and poll.refused is not None]
        for day in _days(since, now)
    }
    known = [max(counts) for counts in by_day.values() if counts]
    return sum(known) if known else None


def _days(since: datetime, now: datetime) -> list[date]:
    return [since.date() + timedelta(days=day) for day in range((now.date() - since.date()).days + 1)]
