"""What time it is: local, aware, steady while a program runs and its machine sleeps, playable; and waiting."""

import contextlib
import os
import time
from dataclasses import dataclass
from datetime import datetime

from common.errors import Refusal

# Those with which the days around a moment can be reckoned.
_YEARS = range(1971, 9000)

# Linux's CLOCK_MONOTONIC stands still while the machine is suspended, as time.monotonic does; macOS's goes on.
_COUNTS_SLEEP: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def steady_seconds() -> float:
    """Give seconds that only ever go forward, since some moment in the past; those that the machine slept count too."""
    return time.clock_gettime(_COUNTS_SLEEP)


@dataclass(frozen=True)
class Clock:
    """A clock read once at the start, then carried on by steady seconds: no clock change and no sleep bends a run."""

    started: datetime
    started_monotonic: float

    @classmethod
    def start(cls) -> "Clock":
        """Start at the wall clock's time, or at SPOT_NOW's where that is set; raises Refusal for a senseless one."""
        rehearsed = os.environ.get("SPOT_NOW", "").strip()
        started = _parse_now(rehearsed) if rehearsed else datetime.now().astimezone()
        return cls(started, steady_seconds())

    def now(self) -> datetime:
        """Give the local time with its UTC offset."""
        # Through the epoch, since adding to a local time would keep its offset across a change of the clocks.
        return datetime.fromtimestamp(self.started.timestamp() + self.seconds_passed()).astimezone()

    def seconds_passed(self) -> float:
        """Give the seconds since the start."""
        return self.monotonic() - self.started_monotonic

    def monotonic(self) -> float:
        """Give steady seconds, which count those that the machine slept."""
        return steady_seconds()

    def sleep(self, seconds: float) -> None:
        """Wait. Here, and not in time.sleep, so that a test's clock can let hours pass at once."""
        time.sleep(seconds)


def _parse_now(text: str) -> datetime:
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
