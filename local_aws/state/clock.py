"""The market's clock: it can be set, and run faster than ours."""

import threading
import time
from datetime import UTC, datetime, timedelta

FASTEST = 1_000_000.0  # a week in less than a second; beyond it a forgotten server soon leaves the calendar


class MarketClock:
    """Tell the time of the market; safe to use from any thread."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._started_with = (start, speed)
        self.reset()

    def reset(self) -> None:
        """Go back to the time (or to the real one) and the speed the clock was made with."""
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
        """Market seconds that pass in one second of ours; 0 stands still."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        with self._lock:
            self._anchor(self._now(), speed)

    def real_seconds(self, market: timedelta) -> float:
        """Return how long we wait for so much market time to pass: for ever when it stands still."""
        return market.total_seconds() / self._speed if self._speed else float("inf")

    def _now(self) -> datetime:
        passed = (time.monotonic() - self._anchored_at) * self._speed
        return self._anchor_time + timedelta(seconds=passed)

    def _anchor(self, now: datetime, speed: float) -> None:
        if not 0 <= speed <= FASTEST:
            raise ValueError(f"a clock cannot run at {speed} times our speed")
        self._anchor_time, self._speed = now, speed
        self._anchored_at = time.monotonic()
