"""What launch-time probes have cost: instances with their volumes and addresses, in US dollars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from data_files.launches import spending

_LONGEST = 30


@dataclass(frozen=True)
class Money:
    """The cost of each day that has a file of it."""

    today: date
    by_day: Mapping[date, float]

    def of_days(self, days: int) -> float:
        """Give the cost of that many days up to today."""
        since = self.today - timedelta(days=days)
        return sum(usd for day, usd in self.by_day.items() if since < day <= self.today)


def money(home: Path, today: date) -> Money:
    """Read what the last 30 days have cost. Raises OSError."""
    days = [today - timedelta(days=back) for back in range(_LONGEST)]
    return Money(today, {day: spending.spent(home, day) for day in days if spending.FILES.has(home, day)})
