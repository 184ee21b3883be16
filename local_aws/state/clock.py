"""The market's clock: it can be set, and run faster than real time."""

import threading
import time
from datetime import UTC, datetime, timedelta

MAX_SPEED = 1_000_000.0  # 11 days a second; faster, a server left running soon passes the last year of datetime


class MarketClock:
    """The time of the market; safe to use from any thread."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._started_with = (start, speed)
        self.reset()

    def reset(self) -> None:
        """Go back to the time (None: the real time) and the speed that the clock was made with."""
        start, speed = self._started_with
        with self._lock:
            self._anchor(start or datetime.now(UTC), speed)

    def now(self) -> datetime:
        """Return the market's time, aware, in UTC."""
        with self._lock:
            return self._now()

    def set(self, now: datetime) -> None:
        """Jump to a time, forwards or backwards; the speed stays.

        Raises ValueError when the time has no offset.
        """
        if now.tzinfo is None:
            raise ValueError(f"a market time needs an offset, and {now.isoformat()} has none")
        with self._lock:
            self._anchor(now.astimezone(UTC), self._speed)

    @property
    def speed(self) -> float:
        """Market seconds per real second; 0 is a stopped clock."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        with self._lock:
            self._anchor(self._now(), speed)

    def _now(self) -> datetime:
        passed = (time.monotonic() - self._anchored_at) * self._speed
        return self._anchor_time + timedelta(seconds=passed)

    def _anchor(self, now: datetime, speed: float) -> None:
        if not 0 <= speed <= MAX_SPEED:
            raise ValueError(f"a clock cannot run at {speed} times real time")
        self._anchor_time, self._speed = now, speed
        self._anchored_at = time.monotonic()
