"""Current spot prices: of each Availability Zone, and the highest of a Region."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

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

    Local Zones and Wavelength Zones are left out: no request of ours is fulfilled there, and some are much dearer.
    """
    newest: dict[tuple[str, str], tuple[datetime, float]] = {}
    for raw in history:
        if not str(raw.get("ProductDescription", "Linux/UNIX")).startswith("Linux/UNIX"):
            continue
        usd = _usd(raw.get("SpotPrice"))
        if usd is None or not _is_zone_of(region, raw):
            continue
        timestamp = raw.get("Timestamp")
        since = timestamp if isinstance(timestamp, datetime) else _LONG_AGO
        key = str(raw.get("InstanceType", "")), str(raw.get("AvailabilityZone", ""))
        if key not in newest or since >= newest[key][0]:
            newest[key] = since, usd
    return Prices({key: usd for key, (_, usd) in newest.items()})


def _is_zone_of(region: str, raw: Mapping[str, Any]) -> bool:
    """Tell by a zone's name (us-east-1a, but us-east-1-bos-1a), or else by its id (use1-az1, use1-bos1-az1)."""
    if name := raw.get("AvailabilityZone"):
        return re.fullmatch(rf"{re.escape(region)}[a-z]", str(name)) is not None
    return re.fullmatch(r"[a-z]+\d+-az\d+", str(raw.get("AvailabilityZoneId", ""))) is not None


def _usd(text: object) -> float | None:
    try:
        usd = float(str(text))
    except ValueError:
        return None
    return usd if math.isfinite(usd) and usd >= 0 else None
