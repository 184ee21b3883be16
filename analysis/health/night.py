"""What the night's work left undone: days without a score, and reports that no mail server has taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from data_files.market import mailed, polled, scores

DAYS_LOOKED_AT = 14
"""So many past days should have a score: what is older changes no plan any more."""

# The work of 23:55 may go on past midnight.
_WORK_IS_OVER = timedelta(minutes=10)
_LONGEST_WAIT = timedelta(days=2)  # from the beginning of the day whose report is mailed at its end


@dataclass(frozen=True)
class Night:
    """The newest scored day, and what is left to do."""

    last_scored: date | None
    unscored: Sequence[date]
    """Past days that have polls but no score, oldest first."""
    unsent: Sequence[date]
    """Days whose report waits for a mail server, oldest first."""

    def unsent_for_a_day(self, now: datetime) -> Sequence[date]:
        """Give the days whose report has waited for a day."""
        return [day for day in self.unsent if now.date() - day >= _LONGEST_WAIT]


def night(home: Path, now: datetime) -> Night:
    """Read what the night's work left under HOME. Raises OSError."""
    today = now.date()
    over = (now - _WORK_IS_OVER).date()
    past = [today - timedelta(days=back) for back in range(DAYS_LOOKED_AT, 0, -1)]
    return Night(
        next(scores.FILES.days_until(home, today), None),
        [day for day in past if day < over and not scores.FILES.has(home, day) and has_polls(home, day)],
        [day for day, _, is_taken in mailed.letters(home) if not is_taken],
    )


def has_polls(home: Path, day: date) -> bool:
    """Tell whether a day has polls whose rows make sense. Raises OSError."""
    return next(iter(polled.FILES.rows(home, day)), None) is not None
