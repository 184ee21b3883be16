"""What the Spot Instance Advisor's file says: read with care, for nobody promised its shape.

`spot_advisor` holds {Region: {Linux | Windows: {instance type: {s: savings in percent, r: index into ranges}}}};
the ranges are those of `data_files.cells`, of the trailing month. Their labels are looked at: with another scale behind
the same indexes, everything in the file would mean something else.
"""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from data_files.cells import INTERRUPTION_RANGES, LEAST_SAVINGS

log = logging.getLogger(__name__)

INDEXES = range(len(INTERRUPTION_RANGES))
_LONGEST = 40  # characters of a label that are quoted
_NAME = re.compile(r"[a-z0-9.-]{1,64}")  # of Regions and instance types; what is none must not get into a CSV file


class SenselessAdvice(Exception):
    """The file is not what the advisor's file looks like; the text says in what."""


class UnknownRanges(SenselessAdvice):
    """The file's scale is not the one we know, so it may tell something that only a person can read."""

    def __init__(self, text: str, body: bytes) -> None:
        super().__init__(text)
        self.body = body


@dataclass(frozen=True)
class Advice:
    """One pair's interruption frequency (index 0-4) and savings over on-demand (percent; None if unknown)."""

    interruption_frequency: int
    savings: int | None


Listing = dict[tuple[str, str], Advice]
"""The advice on each (Region, instance type) with Linux."""


def read_answer(body: bytes) -> Listing:
    """Read the file: every Linux pair with a known index.

    Raises SenselessAdvice if there is none such, UnknownRanges if an index may mean something else than we know.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SenselessAdvice(f"no JSON ({type(error).__name__}), {len(body)} bytes") from error
    if not isinstance(document, dict) or not isinstance(document.get("spot_advisor"), dict):
        raise SenselessAdvice("no spot_advisor in it")
    ranges = document.get("ranges")
    if not isinstance(ranges, list):
        raise SenselessAdvice("no ranges in it")
    if strange := [what for what in map(_what_is_strange, ranges) if what]:
        raise UnknownRanges(f"its scale is not the one we know: {strange[0]}", body)
    known = {entry["index"] for entry in ranges}
    listing: Listing = {}
    passed_over = 0
    for region, instance, entry in _linux_entries(document["spot_advisor"]):
        advice = _advice(entry, known)
        if advice:
            listing[region, instance] = advice
        else:
            passed_over += 1
    if not listing:
        raise SenselessAdvice("no Linux pair with an interruption frequency in it")
    if passed_over:
        log.warning("the advisor's file has %d pairs without a known interruption frequency", passed_over)
    return listing


def _what_is_strange(entry: Any) -> str | None:
    """Say what is wrong with one of the ranges; None if index and label are a pair we know."""
    index, label = (entry.get("index"), entry.get("label")) if isinstance(entry, dict) else (None, None)
    if type(index) is not int or index not in INDEXES:
        return f"a range with the index {str(index)[:_LONGEST]!r}"
    if not isinstance(label, str) or _plain(label) != _plain(INTERRUPTION_RANGES[index]):
        return f"range {index} is labelled {str(label)[:_LONGEST]!r}, and was {INTERRUPTION_RANGES[index]}"
    return None


def _plain(label: str) -> str:
    return re.sub(r"[\s%]", "", label).replace("–", "-")


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
    return Advice(index, savings if type(savings) is int and LEAST_SAVINGS <= savings <= 100 else None)
