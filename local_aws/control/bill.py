"""What the account is charged for its spot instances: by the second, from running on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from local_aws.spot.account import spot_account
from local_aws.spot.instance import Instance
from local_aws.state.world import World

_AT_LEAST = timedelta(seconds=60)
_HOUR = timedelta(hours=1)

Price = Callable[[str, str, datetime], float]  # instance type, zone id, time -> USD an hour


@dataclass(frozen=True)
class Charge:
    """What one instance has cost by now."""

    seconds: float
    usd: float


def charge(instance: Instance, now: datetime, price: Price) -> Charge:
    """Return what an instance costs until it shuts down, or until now.

    Pending is free; running is billed by the second, a minute at least, each hour at the price with which it
    begins; what AWS interrupts in the first hour is free.
    """
    if not instance.ran or now <= instance.running or _was_free(instance, now):
        return Charge(0.0, 0.0)
    stopped = min(instance.stopped_running or now, now)
    billed = max(stopped - instance.running, _AT_LEAST)
    usd, passed = 0.0, timedelta()
    while passed < billed:
        part = min(_HOUR, billed - passed)
        usd += part / _HOUR * price(instance.instance_type, instance.zone_id, instance.running + passed)
        passed += part
    return Charge(billed.total_seconds(), usd)


def bill(world: World) -> dict[str, Any]:
    """Return what each spot instance of the callers (decoys are none) has cost by now, and all of them, in USD."""
    now = world.clock.now()
    rows = []
    for region in spot_account(world).used_regions():
        for instance in region.every_instance(now):
            if instance.request_id and not instance.decoy:
                cost = charge(instance, now, world.market.spot_price)
                rows.append(
                    {
                        "instance_id": instance.instance_id,
                        "request_id": instance.request_id,
                        "instance_type": instance.instance_type,
                        "region": instance.region,
                        "zone_id": instance.zone_id,
                        "seconds": cost.seconds,
                        "usd": cost.usd,
                    }
                )
    return {"now": now.isoformat(), "usd": sum(row["usd"] for row in rows), "instances": rows}


def _was_free(instance: Instance, now: datetime) -> bool:
    end = instance.ending
    interrupted = end is not None and end.by == "aws" and end.shutting_down <= now
    return interrupted and end is not None and end.shutting_down - instance.running < _HOUR
