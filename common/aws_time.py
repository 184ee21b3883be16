"""AWS's own clock, as its answers tell it: ours may be wrong, and in a rehearsal it is."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


class AwsTime:
    """AWS's time by the Date header of the newest answer, carried on by our steady clock."""

    def __init__(self) -> None:
        self._known: tuple[datetime, float] | None = None

    def note(self, headers: Mapping[str, str]) -> None:
        """Remember what time an answer said it was; a header that makes no sense is passed over."""
        try:
            told = parsedate_to_datetime(str(headers.get("Date") or headers.get("date") or ""))
        except (ValueError, TypeError):
            return
        if told.tzinfo:
            self._known = told.astimezone(UTC), time.monotonic()

    @property
    def is_known(self) -> bool:
        """Tell whether AWS has told its time."""
        return self._known is not None

    def now(self) -> datetime:
        """Give AWS's time in UTC, to the second; our own where AWS has not told any yet."""
        known = self._known
        if known is None:
            return datetime.now(UTC)
        told, at = known
        return told + timedelta(seconds=time.monotonic() - at)
