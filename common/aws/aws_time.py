"""AWS's clock, from the Date header of its answers: this machine's may be wrong, and in a rehearsal it is."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from common.clock import steady_seconds


class AwsTime:
    """AWS's time at its newest answer, plus the seconds since then, those that this machine slept included."""

    def __init__(self) -> None:
        self._newest: tuple[datetime, float] | None = None

    def note(self, headers: Mapping[str, str]) -> None:
        """Take the time from an answer's headers; a missing or malformed one is ignored."""
        try:
            answered = parsedate_to_datetime(str(headers.get("Date") or headers.get("date") or ""))
        except (ValueError, TypeError):
            return
        if answered.tzinfo:
            self._newest = answered.astimezone(UTC), steady_seconds()

    @property
    def is_known(self) -> bool:
        """Tell whether AWS has told its time."""
        return self._newest is not None

    def now(self) -> datetime:
        """Give AWS's time in UTC, accurate to a second; this machine's before AWS's first answer."""
        newest = self._newest
        if newest is None:
            return datetime.now(UTC)
        answered, noted = newest
        return answered + timedelta(seconds=steady_seconds() - noted)
