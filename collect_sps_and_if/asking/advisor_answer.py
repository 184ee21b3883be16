"""What the Spot Instance Advisor's file says: read with care, for nobody promised its shape.

`spot_advisor` holds {Region: {Linux | Windows: {instance type: {s: savings in percent, r: index into ranges}}}};
the ranges are 0 (<5 %), 1 (5-10 %), 2 (10-15 %), 3 (15-20 %), 4 (>20 %), of the trailing month.
"""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)

INDEXES = range(5)
_NAME = re.compile(r"[a-z0-9.-]{1,64}")  # of Regions and instance types; what is none must not get into a CSV file


class SenselessAnswer(Exception):
    """The file is not what the advisor's file looks like; the text says in what."""


@dataclass(frozen=True)
class Advice:
    """One pair's interruption frequency (index 0-4) and savings over on-demand (percent, None if unknown)."""

    interruption_frequency: int
    savings: int | None


Listing = dict[tuple[str, str], Advice]
"""The advice on each (Region, instance type) with Linux."""


def read_answer(body: bytes) -> Listing:
    """Read the file: every Linux pair with a known index. Raises SenselessAnswer if there is none such."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SenselessAnswer(f"no JSON ({type(error).__name__}), {len(body)} bytes") from error
    if not isinstance(document, dict) or not isinstance(document.get("spot_advisor"), dict):
        raise SenselessAnswer("no spot_advisor in it")
    known = _known_indexes(document.get("ranges"))
    listing: Listing = {}
    passed_over = 0
    for region, instance, entry in _linux_entries(document["spot_advisor"]):
        advice = _advice(entry, known)
        if advice:
            listing[region, instance] = advice
        else:
            passed_over += 1
    if not listing:
        raise SenselessAnswer("no Linux pair with an interruption frequency in it")
    if passed_over:
        log.warning("the advisor's file has %d pairs without a known interruption frequency", passed_over)
    return listing


def _known_indexes(ranges: Any) -> set[int]:
    if not isinstance(ranges, list):
        raise SenselessAnswer("no ranges in it")
    indexes = [entry.get("index") for entry in ranges if isinstance(entry, dict)]
    known = {index for index in indexes if type(index) is int and index in INDEXES}
    if not known or any(type(index) is not int or index not in known for index in indexes):
        raise SenselessAnswer(f"ranges other than 0 to 4: {sorted(map(str, indexes))[:10]}"[:300])
    return known


def _linux_entries(advisor: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for region, systems in advisor.items():
        linux = systems.get("Linux") if isinstance(systems, dict) else None
        for instance, entry in linux.items() if isinstance(linux, dict) else ():
            if _NAME.fullmatch(region) and _NAME.fullmatch(instance):
                yield region, instance, entry


def _advice(entry: Any, known: set[int]) -> Advice | None:
    index = entry.get("r") if isinstance(entry, dict) else None
    if type(index) is not int or index not in known:
        return None
    savings = entry.get("s")
    return Advice(index, savings if type(savings) is int and 0 <= savings <= 100 else None)
