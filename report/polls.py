"""What polls.csv says of each day, and where polls are missing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from common.clock import parse_iso
from data_files.market.coverage import slots
from report import values

POLL_EVERY = timedelta(minutes=10)
LATE_AFTER = timedelta(minutes=15)
MINUTES_A_DAY = 1440
GAPS_SHOWN = 6
_EPOCH = date(1970, 1, 1)


@dataclass
class PolledDay:
    """A day's polls: how many there were and should have been; their queries, and how many of those failed."""

    polls: int = 0
    expected: int = 0
    queries: int = 0
    failed: int = 0
    rows: int = 0


@dataclass(frozen=True)
class Gap:
    """A stretch without polls, between one poll and the next (None: until now)."""

    since: datetime
    until: datetime | None
    missed: int


@dataclass(frozen=True)
class LastPoll:
    """The newest poll."""

    time: datetime
    queries: int
    failed: int
    rows: int
    seconds: float


@dataclass
class Polls:
    """All polls from the first day on that is looked at."""

    days: dict[date, PolledDay] = field(default_factory=dict)
    first: datetime | None = None
    last: LastPoll | None = None
    gaps: deque[Gap] = field(default_factory=lambda: deque(maxlen=GAPS_SHOWN))
    gap_count: int = 0
    missed: int = 0

    @classmethod
    def of(cls, rows: Iterable[dict[str, str]], since: date, until: date, now: datetime) -> Polls:
        """Read the rows of polls.csv; those of days before or after, or without a time, are left out."""
        polls = cls()
        for row in rows:
            time = parse_iso(row.get("time", ""))
            if time and since <= time.date() <= until:
                polls._take(time, row)
        if polls.last:
            polls._note_gap(polls.last.time, now, None)
            polls._expect(now)
        return polls

    def listed(self) -> list[list[int]]:
        """Give every day from the first to the last: its number, polls, polls due, queries, queries failed."""
        return [
            [(day - _EPOCH).days, polled.polls, polled.expected, polled.queries, polled.failed]
            for day, polled in sorted(self.days.items())
        ]

    def _take(self, time: datetime, row: dict[str, str]) -> None:
        queries, failed, rows = (_whole(row.get(name, "")) for name in ("queries", "failed", "rows"))
        day = self.days.setdefault(time.date(), PolledDay())
        day.polls += 1
        day.queries += queries
        day.failed += failed
        day.rows += rows
        if self.last and self.last.time < time:
            self._note_gap(self.last.time, time, time)
        self.first = self.first or time
        if not self.last or self.last.time <= time:
            self.last = LastPoll(time, queries, failed, rows, _seconds(row.get("seconds", "")))

    def _note_gap(self, since: datetime, until: datetime, end: datetime | None) -> None:
        if until - since <= LATE_AFTER:
            return
        missed = (until - since) // POLL_EVERY if end is None else max(1, round((until - since) / POLL_EVERY) - 1)
        self.gaps.append(Gap(since, end, missed))
        self.gap_count += 1
        self.missed += missed

    def _expect(self, now: datetime) -> None:
        # The first day began with the first poll, and today is not over.
        assert self.first
        first, last = min(self.days), max(self.days)
        for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
            polled = self.days.setdefault(day, PolledDay())
            due = len(slots(day))
            if day == self.first.date():
                due -= _minute(self.first) // 10
            if day == now.date():
                due -= (MINUTES_A_DAY - 1 - _minute(now)) // 10
            polled.expected = max(polled.polls, due, 1)


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _whole(text: str) -> int:
    value = values.count(text)
    return int(value) if value == value else 0


def _seconds(text: str) -> float:
    value = values.amount(text)
    return value if value == value else 0.0
