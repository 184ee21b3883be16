"""One element of DescribeSpotPriceHistory's answer: which of them speak of a Linux instance in an Availability Zone."""

import math
import re
from collections.abc import Mapping
from typing import Any


def is_linux(raw: Mapping[str, Any]) -> bool:
    """Tell whether it is the price of Linux; one that names no product was asked for by product."""
    return str(raw.get("ProductDescription", "Linux/UNIX")).startswith("Linux/UNIX")


def is_zone_of(region: str, raw: Mapping[str, Any]) -> bool:
    """Tell whether it is of a Region's Availability Zone, by its name (us-east-1a), or else by its id (use1-az1).

    Local Zones and Wavelength Zones (us-east-1-bos-1a, use1-bos1-az1) are none: no request of ours is fulfilled there,
    and some are much dearer.
    """
    if name := raw.get("AvailabilityZone"):
        return re.fullmatch(rf"{re.escape(region)}[a-z]", str(name)) is not None
    return re.fullmatch(r"[a-z]+\d+-az\d+", str(raw.get("AvailabilityZoneId", ""))) is not None


def usd_per_hour(text: object) -> float | None:
    """Read its price, a text; None if it is none."""
    try:
        usd = float(str(text))
    except ValueError:
        return None
    return usd if math.isfinite(usd) and usd >= 0 else None
