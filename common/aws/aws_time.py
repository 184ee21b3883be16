"""AWS's clock, from the Date header of its answers: this machine's may be wrong, and in a rehearsal it is."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from common.clock import steady_seconds

CURE_OF_CLOCK = "switch on time synchronisation (timedatectl set-ntp true)"


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


def seconds_ahead(answer: Mapping[str, Any]) -> float | None:
    """Tell by the Date of botocore's answer how far this machine's clock is ahead of AWS's (behind: negative).

    None without a Date, and in a rehearsal, where AWS's time is played.
    """
    if os.environ.get("SPOT_NOW"):
        return None
    aws = AwsTime()
    aws.note(answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}))
    return (datetime.now(UTC) - aws.now()).total_seconds() if aws.is_known else None


def ahead_in_words(seconds: float) -> str:
    """Say how far this machine's clock is from AWS's: `300 s behind AWS's`."""
    return f"{abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} AWS's"
