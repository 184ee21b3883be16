"""What ended instances have cost: by the second from running, at least a minute each, at their zone's price. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from collect_launch_time.money.budget import MINIMUM_SECONDS

# AWS takes nothing for an instance it interrupts within its first hour.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-for-interrupted-spot-instances.html
_FREE_SECONDS = 3600.0


@dataclass(frozen=True)
class Usage:
    """One instance's use; began is None if it never ran."""

    began: datetime | None
    ended: datetime
    usd_per_hour: float
    was_interrupted: bool

    @property
    def seconds(self) -> float:
        """Give the seconds that are billed."""
        if self.began is None:
            return 0.0
        ran = max(0.0, (self.ended - self.began).total_seconds())
        if self.was_interrupted and ran < _FREE_SECONDS:
            return 0.0
        return max(MINIMUM_SECONDS, ran)

    @property
    def usd(self) -> float:
        """Give what it cost."""
        return self.seconds * self.usd_per_hour / 3600


@dataclass(frozen=True)
class Bill:
    """What instances cost together; those that cost nothing are not counted."""

    instances: int
    seconds: float
    usd: float


def bill(usages: Iterable[Usage]) -> Bill:
    """Add up what instances cost."""
    paid = [usage for usage in usages if usage.seconds]
    return Bill(len(paid), round(sum(one.seconds for one in paid), 3), round(sum(one.usd for one in paid), 6))
