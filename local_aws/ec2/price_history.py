"""DescribeSpotPriceHistory, from the market's prices."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import merge
from typing import Any

from moto.core.responses import ActionResult

from local_aws.ec2.catalog import catalog_of
from local_aws.ec2.handler import Ec2Handler, matches
from local_aws.market.geography import Zone
from local_aws.spot.account import spot_account

_PRODUCT = "Linux/UNIX"  # the only one this market has prices for
_FILTERS = {
    "availability-zone": "AvailabilityZone",
    "availability-zone-id": "AvailabilityZoneId",
    "instance-type": "InstanceType",
    "product-description": "ProductDescription",
    "spot-price": "SpotPrice",
    "timestamp": "Timestamp",
}


class PriceHistory(Ec2Handler):
    """What spot instances cost and have cost, zone by zone."""

    def describe_spot_price_history(self) -> ActionResult:
        """Return the price changes between two times, newest first, and the price in force at the earlier one."""
        self.error_on_dryrun()
        now = self.world.clock.now()
        end = min(now, self._time("EndTime") or now)
        earliest = now - timedelta(days=spot_account(self.world).scenario.price_history_days)
        start = max(earliest, self._time("StartTime") or earliest)
        filters = self.filters(_FILTERS)
        # Lazily, because a whole Region's history has a million prices, and a page a thousand.
        prices = merge(
            *(self._prices(name, zone, start, end) for zone, name in self._pools(filters)),
            key=lambda price: price["Timestamp"],
            reverse=True,
        )
        passing = (
            price for price in prices if matches(filters, {name: str(price[_FILTERS[name]]) for name in filters})
        )
        # AWS's last page has an empty token, where other calls have none.
        return self.answer({"NextToken": ""} | self.page("SpotPriceHistory", passing, smallest=1, default=1000))

    def _time(self, name: str) -> datetime | None:
        time: datetime | None = self.parameter(name)
        return time.replace(tzinfo=time.tzinfo or UTC) if time else None

    def _pools(self, filters: dict[str, list[str]]) -> Iterator[tuple[Zone, str]]:
        """Yield the pools asked for, by parameters or filters: zone and instance type."""
        geography = self.world.geography
        products = self.parameter("ProductDescriptions") or filters.get("product-description", [_PRODUCT])
        zone_name, types = self.parameter("AvailabilityZone"), self.parameter("InstanceTypes")
        local_zones = catalog_of(self.world).catalog.local_zones_of(self.region, geography)
        zones = [*geography.zones[self.region], *local_zones]
        if zone_name and zone_name not in {zone.name for zone in zones}:
            raise self.refuse("InvalidParameterValue", f"Invalid availability zone: [{zone_name}]")
        if _PRODUCT not in products:
            return
        wanted = {
            "availability-zone": [zone_name] if zone_name else filters.get("availability-zone", ["*"]),
            "availability-zone-id": [self.parameter("AvailabilityZoneId") or "*"],
            "instance-type": types or filters.get("instance-type", ["*"]),
        }
        for zone in zones:
            # What a Local Zone offers is not known here: every type of its Region.
            location = self.region if zone in local_zones else zone.zone_id
            for name in sorted(geography.offered.get(location, ())):
                pool = {"availability-zone": zone.name, "availability-zone-id": zone.zone_id, "instance-type": name}
                if matches(wanted, pool) and geography.is_spot(name):
                    yield zone, name

    def _prices(self, name: str, zone: Zone, start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
        """Yield a pool's prices in force from start to end, newest first."""
        market = self.world.market
        in_local_zone = catalog_of(self.world).catalog.local_zones.get(zone.name)
        if in_local_zone is not None:
            yield _price_row(name, zone, in_local_zone, start.replace(microsecond=0) - timedelta(hours=1))
            return
        at = end
        while True:
            since = market.priced_since(name, zone.zone_id, at)
            yield _price_row(name, zone, market.spot_price(name, zone.zone_id, since), since)
            if since <= start:
                return
            at = since - timedelta(seconds=1)


def _price_row(name: str, zone: Zone, usd: float, since: datetime) -> dict[str, Any]:
    return {
        "AvailabilityZone": zone.name,
        "AvailabilityZoneId": zone.zone_id,
        "InstanceType": name,
        "ProductDescription": _PRODUCT,
        "SpotPrice": f"{usd:.6f}",
        "Timestamp": since,
    }
