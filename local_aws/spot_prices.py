"""DescribeSpotPriceHistory, from the market."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.responses import ActionResult

from local_aws.ec2_answer import Ec2Answer, matches
from local_aws.geography import Zone

_KEPT = timedelta(days=90)
_PRODUCTS = ("Linux/UNIX",)  # what this market sells
_FILTERS = {
    "availability-zone": "AvailabilityZone",
    "availability-zone-id": "AvailabilityZoneId",
    "instance-type": "InstanceType",
    "product-description": "ProductDescription",
    "spot-price": "SpotPrice",
    "timestamp": "Timestamp",
}


class SpotPrices(Ec2Answer):
    """What spot instances cost and have cost, zone by zone."""

    def describe_spot_price_history(self) -> ActionResult:
        """Return the price changes of a time, newest first, with the price in force at its start."""
        self.error_on_dryrun()
        now = self.world.clock.now()
        end = min(now, self._time("EndTime") or now)
        start = max(now - _KEPT, self._time("StartTime") or now - _KEPT)
        filters = self.filters(_FILTERS)
        types = self.wanted("InstanceTypes") or filters.get("instance-type", [])
        products = self.wanted("ProductDescriptions") or filters.get("product-description", [])
        rows = [
            row
            for zone in self._zones()
            for name in self._spot_types(zone, types)
            for row in self._prices(name, zone, start, end, products)
            if matches(filters, {name: str(row[_FILTERS[name]]) for name in filters})
        ]
        rows.sort(key=lambda row: row["Timestamp"], reverse=True)
        # AWS's last page carries an empty token, not none.
        return self.answer({"NextToken": ""} | self.page("SpotPriceHistory", rows, smallest=1, default=1000))

    def _time(self, name: str) -> datetime | None:
        time: datetime | None = self.wanted(name)
        return time.replace(tzinfo=time.tzinfo or UTC) if time else None

    def _zones(self) -> list[Zone]:
        name, zone_id = self.wanted("AvailabilityZone"), self.wanted("AvailabilityZoneId")
        zones = self.world.geography.zones[self.region]
        if name and name not in {zone.name for zone in zones}:
            raise self.refuse("InvalidParameterValue", f"Invalid availability zone: [{name}]")
        return [zone for zone in zones if (not name or zone.name == name) and (not zone_id or zone.zone_id == zone_id)]

    def _spot_types(self, zone: Zone, asked: list[str]) -> list[str]:
        geography = self.world.geography
        offered = geography.offered.get(zone.zone_id, frozenset())
        named = bool(asked) and not any("*" in name or "?" in name for name in asked)
        return sorted(name for name in (offered.intersection(asked) if named else offered) if geography.is_spot(name))

    def _prices(
        self, name: str, zone: Zone, start: datetime, end: datetime, products: list[str]
    ) -> Iterator[dict[str, Any]]:
        """Yield the prices in force from start to end, newest first."""
        market = self.world.market
        at = end
        while True:
            since = market.priced_since(name, zone.zone_id, at)
            for product in _PRODUCTS if not products else set(_PRODUCTS).intersection(products):
                yield {
                    "AvailabilityZone": zone.name,
                    "AvailabilityZoneId": zone.zone_id,
                    "InstanceType": name,
                    "ProductDescription": product,
                    "SpotPrice": f"{market.spot_price(name, zone.zone_id, since):.6f}",
                    "Timestamp": since,
                }
            if since <= start:
                return
            at = since - timedelta(seconds=1)
