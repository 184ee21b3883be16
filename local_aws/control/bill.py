"""What AWS charges for spot instances: running time by the second, at the market's prices."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from local_aws.spot.account import spot_account
from local_aws.spot.instance import Instance
from local_aws.state.world import World

_MINIMUM = timedelta(seconds=60)
_HOUR = timedelta(hours=1)

_Price = Callable[[str, str, datetime], float]  # instance type, zone id, time -> USD an hour


@dataclass(frozen=True)
class Charge:
    """What one instance has cost up to now."""

    seconds: float  # billed
    usd: float


def charge(instance: Instance, now: datetime, price: _Price) -> Charge:
    """Return what an instance costs until it shuts down, or up to now.

    Pending is free. Running is billed by the second, at least a minute, and each hour at the price at its beginning.
    An instance that AWS interrupts in its first hour is free.
    """
    if not instance.ever_runs or now <= instance.running_at or _is_free(instance, now):
        return Charge(0.0, 0.0)
    stopped_at = min(instance.stopped_running_at or now, now)
    billed = max(stopped_at - instance.running_at, _MINIMUM)
    usd, passed = 0.0, timedelta()
    while passed < billed:
        part = min(_HOUR, billed - passed)
        usd += part / _HOUR * price(instance.instance_type, instance.zone_id, instance.running_at + passed)
        passed += part
    return Charge(billed.total_seconds(), usd)


def bill(world: World) -> dict[str, Any]:
    """Return what the callers' spot instances (not decoys) have cost up to now, in USD: each, and all together."""
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


def _is_free(instance: Instance, now: datetime) -> bool:
    """Return whether AWS has interrupted an instance within its first hour."""
    end = instance.ending
    if end is None or end.by != "aws" or end.shutting_down_at > now:
        return False
    return end.shutting_down_at - instance.running_at < _HOUR
