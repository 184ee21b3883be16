"""What time it is: local, aware, steady while a program runs, and playable for rehearsals; and waiting."""

import contextlib
import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.errors import Refusal

# Those with which the days around a moment can be reckoned.
_YEARS = range(1971, 9000)


@dataclass(frozen=True)
class Clock:
    """A clock read once at the start and carried on by the monotonic one, so that a clock change cannot bend a run."""

    started: datetime
    started_monotonic: float

    @classmethod
    def start(cls) -> "Clock":
        """Start at the wall clock's time, or at SPOT_NOW's where that is set; raises Refusal for a senseless one."""
        rehearsed = os.environ.get("SPOT_NOW", "").strip()
        started = parse_now(rehearsed) if rehearsed else datetime.now().astimezone()
        return cls(started, time.monotonic())

    def now(self) -> datetime:
        """Give the local time with its UTC offset."""
        passed = timedelta(seconds=self.monotonic() - self.started_monotonic)
        # Through the epoch, since adding to a local time would keep its offset across a change of the clocks.
        return datetime.fromtimestamp(self.started.timestamp() + passed.total_seconds()).astimezone()

    def monotonic(self) -> float:
        """Give seconds that only ever go forward, since some moment in the past."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait. Here, and not in time.sleep, so that a test's clock can let hours pass at once."""
        time.sleep(seconds)


def parse_now(text: str) -> datetime:
    """Read SPOT_NOW: ISO 8601; without an offset it is local time. Raises Refusal naming the text."""
    with contextlib.suppress(ValueError, OverflowError, OSError):
        moment = datetime.fromisoformat(text).astimezone()
        if moment.year in _YEARS:
            return moment
    raise Refusal(f"SPOT_NOW={text!r} is no ISO 8601 time such as 2026-03-01T23:55:00")


def iso(moment: datetime) -> str:
    """Write a moment as the CSV files have it: ISO 8601 with its UTC offset; milliseconds where there are any."""
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def parse_iso(text: str) -> datetime | None:
    """Read a time from a CSV file; None for what is no time with an offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
