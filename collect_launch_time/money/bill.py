"""What ended instances have cost: by the second from running, at least 60 s each, at their zone's price. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from collect_launch_time.money.budget import MINIMUM_SECONDS

# An instance that AWS interrupts within its first hour is free.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-for-interrupted-spot-instances.html
_FREE_SECONDS = 3600.0


@dataclass(frozen=True)
class Usage:
    """One instance's time of running; began is None if it never ran."""

    began: datetime | None
    ended: datetime
    usd_per_hour: float
    was_interrupted: bool

    @property
    def seconds(self) -> float:
        """The seconds that are billed."""
        if self.began is None:
            return 0.0
        ran = max(0.0, (self.ended - self.began).total_seconds())
        if self.was_interrupted and ran < _FREE_SECONDS:
            return 0.0
        return max(MINIMUM_SECONDS, ran)

    @property
    def usd(self) -> float:
        """What it cost in USD."""
        return self.seconds * self.usd_per_hour / 3600


@dataclass(frozen=True)
class Bill:
    """What instances cost together, in USD; those that cost nothing are not counted."""

    instances: int
    seconds: float
    usd: float


def bill(usages: Iterable[Usage]) -> Bill:
    """Add up what instances cost."""
    billed = [usage for usage in usages if usage.seconds]
    seconds, usd = sum(usage.seconds for usage in billed), sum(usage.usd for usage in billed)
    return Bill(len(billed), round(seconds, 3), round(usd, 6))
