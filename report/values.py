"""What a cell of ours may say: each reader gives a number, or NaN for what is unknown or cannot be."""

from __future__ import annotations

import math
from datetime import datetime

from common.clock import parse_iso

UNKNOWN = math.nan


def placement_score(text: str) -> float:
    """Read a placement score, 1 to 10."""
    return whole(text, 1, 10)


def band(text: str) -> float:
    """Read an interruption frequency's band, 0 to 4."""
    return whole(text, 0, 4)


def count(text: str) -> float:
    """Read a number of things."""
    return whole(text, 0, 1_000_000)


def whole(text: str, least: int, most: int) -> float:
    """Read a whole number within limits; 3.0 is one."""
    value = amount(text)
    return value if least <= value <= most and value == int(value) else UNKNOWN


def amount(text: str) -> float:
    """Read a decimal number that is finite and not negative."""
    try:
        value = float(text)
    except ValueError:
        return UNKNOWN
    return value if 0 <= value < math.inf else UNKNOWN


def instant(text: str) -> float:
    """Read a time with its offset as seconds since 1970 in UTC."""
    moment = parse_iso(text)
    return moment.timestamp() if moment else UNKNOWN


def wall_seconds(text: str) -> float:
    """Read a time as its own wall clock shows it, in seconds since 1970 as if that clock ran on UTC.

    The page draws times as they were where they were collected, wherever it is looked at.
    """
    moment = parse_iso(text)
    return _wall(moment) if moment else UNKNOWN


def _wall(moment: datetime) -> float:
    offset = moment.utcoffset()
    return moment.timestamp() + (offset.total_seconds() if offset else 0)
