"""What a spot instance costs now: the price of each Availability Zone, and the highest of a Region."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Prices:
    """Current spot prices in USD an hour, by instance type and zone name, in one Region."""

    by_zone: Mapping[tuple[str, str], float]

    def highest(self, instance_type: str) -> float | None:
        """Give the price of a type where it is dearest; None if no zone has one."""
        found = [usd for (kind, _), usd in self.by_zone.items() if kind == instance_type]
        return max(found, default=None)

    def in_zone(self, instance_type: str, zone: str) -> float | None:
        """Give the price in a zone; of a zone without one, or an unknown zone, the highest."""
        found = self.by_zone.get((instance_type, zone))
        return self.highest(instance_type) if found is None else found


def current(history: Iterable[Mapping[str, Any]]) -> Prices:
    """Pick what holds now from DescribeSpotPriceHistory's answer: the newest price of each type and zone."""
    newest: dict[tuple[str, str], tuple[datetime, float]] = {}
    for raw in history:
        if not str(raw.get("ProductDescription", "Linux/UNIX")).startswith("Linux/UNIX"):
            continue
        usd = _usd(raw.get("SpotPrice"))
        if usd is None:
            continue
        at = raw.get("Timestamp")
        at = at if isinstance(at, datetime) else _BEGINNING
        key = str(raw.get("InstanceType", "")), str(raw.get("AvailabilityZone", ""))
        if key not in newest or at >= newest[key][0]:
            newest[key] = at, usd
    return Prices({key: usd for key, (_, usd) in newest.items()})


def _usd(text: object) -> float | None:
    try:
        usd = float(str(text))
    except ValueError:
        return None
    return usd if math.isfinite(usd) and usd >= 0 else None
