"""What ended instances have cost: by the second from running, at least 60 s each, at their zone's price. Pure.

Their root volumes and public IPv4 addresses are told apart from them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from collect_launch_time.money.budget import MINIMUM_SECONDS
from collect_launch_time.money.volumes_and_addresses import (
    ADDRESS_USD_PER_HOUR,
    VOLUME_USD_PER_HOUR,
    billed_seconds,
)

# An instance that AWS interrupts within its first hour is free.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-for-interrupted-spot-instances.html
_FREE_SECONDS = 3600.0


@dataclass(frozen=True)
class Usage:
    """One instance's time: since its launch it has a volume and an address; began is None if it never ran."""

    began: datetime | None
    ended: datetime
    usd_per_hour: float
    was_interrupted: bool
    launched: datetime | None  # None: that it was launched is not known

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

    @property
    def seconds_beside(self) -> float:
        """The seconds for which its volume and its address are billed, also where AWS interrupted it."""
        since = min((moment for moment in (self.launched, self.began) if moment), default=None)
        return billed_seconds((self.ended - since).total_seconds()) if since else 0.0


class Bill(NamedTuple):
    """What instances cost together, in USD; instances and seconds are those whose running time is billed."""

    instances: int
    seconds: float
    usd: float
    volumes_usd: float
    addresses_usd: float


def bill(usages: Iterable[Usage]) -> Bill:
    """Add up what instances cost."""
    used = list(usages)
    billed = [usage for usage in used if usage.seconds]
    hours_beside = sum(usage.seconds_beside for usage in used) / 3600
    return Bill(
        instances=len(billed),
        seconds=round(sum(usage.seconds for usage in billed), 3),
        usd=round(sum(usage.usd for usage in billed), 6),
        volumes_usd=round(hours_beside * VOLUME_USD_PER_HOUR, 6),
        addresses_usd=round(hours_beside * ADDRESS_USD_PER_HOUR, 6),
    )
