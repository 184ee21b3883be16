"""Who holds how much of each pool: what the market has, less what this account has launched."""

from collections import defaultdict
from datetime import datetime, timedelta

from local_aws.market.spot_market import LaunchOutlook, Market
from local_aws.spot.draw import Draw
from local_aws.spot.instance import Instance
from local_aws.spot.launch_order import LaunchOrder
from local_aws.spot.scenario import Scenario

_LOOKAHEAD = timedelta(hours=2)
_RECLAIM_SPREAD_SECONDS = (0.0, 180.0)


class Pools:
    """The pools of one Region, as one account finds them."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._held: dict[tuple[str, str], list[Instance]] = defaultdict(list)
        self._reclaims: dict[tuple[str, str, datetime], datetime | None] = {}

    def outlook(self, instance_type: str, zone_id: str, at: datetime) -> LaunchOutlook:
        """Return what a launch can expect of a pool."""
        return self._market.launch_outlook(instance_type, zone_id, at)

    def hold(self, instance: Instance) -> None:
        """Count an instance against its pool until it ends."""
        self._held[instance.instance_type, instance.zone_id].append(instance)

    def release(self, instance: Instance) -> None:
        """Stop counting an instance that will never be launched."""
        self._held[instance.instance_type, instance.zone_id].remove(instance)

    def best_zone(self, order: LaunchOrder, at: datetime, draw: Draw, scenario: Scenario) -> tuple[str | None, str]:
        """Return the id of the zone to launch in and ""; or None and the status code that says why there is none."""
        if not order.zone_ids:
            return None, "capacity-not-available"
        affordable = [zone_id for zone_id in order.zone_ids if self._is_affordable(order, zone_id, at)]
        if not affordable:
            return None, "price-too-low"
        if scenario.capacity is not None:
            held = {zone_id: self._count(order.instance_type, zone_id, at) for zone_id in order.zone_ids}
            has_capacity = sum(held.values()) < scenario.capacity
            return (min(affordable, key=held.__getitem__), "") if has_capacity else (None, "capacity-not-available")
        free = {zone_id: self._free(order.instance_type, zone_id, at) for zone_id in affordable}
        zone_id = max(free, key=free.__getitem__)
        is_refused = draw.happens(self.outlook(order.instance_type, zone_id, at).refusal_probability)
        return (zone_id, "") if free[zone_id] > 0 and not is_refused else (None, "capacity-not-available")

    def next_interruption(self, instance: Instance, after: datetime, draw: Draw) -> tuple[datetime | None, datetime]:
        """Return when AWS next interrupts an instance, or None; and until when that answer holds."""
        until = after + _LOOKAHEAD
        hourly = self.outlook(instance.instance_type, instance.zone_id, after).interruptions_per_hour
        alone = after + draw.until_next(hourly)
        reclaim = self._reclaim(instance, after)
        # The instances of a pool are interrupted together: over 92 % within three minutes (arXiv 2604.16457).
        together = reclaim + draw.between(_RECLAIM_SPREAD_SECONDS) if reclaim else until
        soonest = max(min(alone, together), after)
        return (soonest if soonest < until else None), until

    def _is_affordable(self, order: LaunchOrder, zone_id: str, at: datetime) -> bool:
        return order.price is None or order.price >= self._market.spot_price(order.instance_type, zone_id, at)

    def _free(self, instance_type: str, zone_id: str, at: datetime) -> int:
        return self._market.free_capacity(instance_type, zone_id, at) - self._count(instance_type, zone_id, at)

    def _count(self, instance_type: str, zone_id: str, at: datetime) -> int:
        held = self._held[instance_type, zone_id]
        held[:] = [instance for instance in held if instance.holds_capacity(at)]
        return len(held)

    def _reclaim(self, instance: Instance, after: datetime) -> datetime | None:
        # By the quarter of an hour, so that the pool's instances share one computation.
        quarter = after.replace(minute=after.minute // 15 * 15, second=0, microsecond=0)
        key = instance.instance_type, instance.zone_id, quarter
        if key not in self._reclaims:
            self._reclaims[key] = self._market.next_reclaim(
                instance.instance_type, instance.zone_id, quarter, quarter + _LOOKAHEAD
            )
        found = self._reclaims[key]
        return found if found and found > after else None
