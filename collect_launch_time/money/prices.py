"""Current spot prices: of each Availability Zone, and the highest of a Region."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from common.aws.spot_price import is_linux, is_zone_of, usd_per_hour

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Prices:
    """Current spot prices in USD an hour, by instance type and zone name, in one Region."""

    by_zone: Mapping[tuple[str, str], float]

    def highest(self, instance_type: str) -> float | None:
        """Give a type's price in its most expensive zone; None if no zone has one."""
        return max((usd for (priced, _), usd in self.by_zone.items() if priced == instance_type), default=None)

    def in_zone(self, instance_type: str, zone: str) -> float | None:
        """Give a type's price in a zone; where the zone is unknown or has no price, the highest."""
        usd = self.by_zone.get((instance_type, zone))
        return self.highest(instance_type) if usd is None else usd


def current_prices(history: Iterable[Mapping[str, Any]], region: str) -> Prices:
    """Give the newest price of each type and zone of a Region from DescribeSpotPriceHistory's answer.

    Local Zones and Wavelength Zones are left out.
    """
    newest: dict[tuple[str, str], tuple[datetime, float]] = {}
    for raw in history:
        usd = usd_per_hour(raw.get("SpotPrice"))
        if usd is None or not is_linux(raw) or not is_zone_of(region, raw):
            continue
        timestamp = raw.get("Timestamp")
        since = timestamp if isinstance(timestamp, datetime) else _LONG_AGO
        key = str(raw.get("InstanceType", "")), str(raw.get("AvailabilityZone", ""))
        if key not in newest or since >= newest[key][0]:
            newest[key] = since, usd
    return Prices({key: usd for key, (_, usd) in newest.items()})
