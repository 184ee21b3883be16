"""When the last launch-time probe began, and which were never ended: what those asked for may cost money."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from data_files.launches import journal, looks, probes, selection
from data_files.launches.journal import ENDING, Entry


@dataclass(frozen=True)
class Probes:
    """The start of the newest probe, and those that should have ended by now, oldest first."""

    last: datetime | None
    left_open: tuple[Entry, ...]


def probes_made(home: Path, now: datetime, timeout_seconds: float) -> Probes:
    """Read what probes left under HOME; those of an unknown timeout have timeout_seconds. Raises OSError."""
    return Probes(_last(home, now), tuple(_left_open(home, now, timeout_seconds)))


def _left_open(home: Path, now: datetime, timeout_seconds: float) -> list[Entry]:
    """Give the probes that should have been closed by now, oldest first: open for their timeout and 10 minutes."""
    unclosed = journal.unclosed_entries(home, now.date())
    timeouts = _timeouts(home, {entry.intended.date() for entry in unclosed if entry.intended})
    return [
        entry
        for entry in unclosed
        if entry.intended is None
        or entry.intended < now - timedelta(seconds=timeouts.get(entry.token, timeout_seconds)) - ENDING
    ]


def _timeouts(home: Path, days: Iterable[date]) -> dict[str, float]:
    return {
        token: row.timeout
        for day in days
        for token, row in selection.by_token(home, day).items()
        if row.timeout is not None
    }


def _last(home: Path, now: datetime) -> datetime | None:
    """Give the start of the newest probe: from the looks, which are many, only where nothing else tells."""
    tables = (selection.FILES, probes.FILES, looks.FILES)
    days = heapq.merge(*(files.days_until(home, now.date()) for files in tables), reverse=True)
    for day, _ in itertools.groupby(days):
        starts = {row.request_time for row in selection.FILES.rows(home, day)}
        starts |= {row.request_time for row in probes.FILES.rows(home, day)}
        starts = starts or {row.request_time for row in looks.FILES.rows(home, day)}
        if starts:
            return max(starts)
    return None
