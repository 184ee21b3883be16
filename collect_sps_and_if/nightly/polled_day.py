"""What the polls of one day saw: each pair's looks in the order of time, senseless rows left out and counted."""

import functools
import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from collect_sps_and_if.tables import ABSENT, FAILED, OK, REFUSED, SPS_AND_IF
from common import csv_file
from common.clock import parse_iso
from common.errors import Refusal

log = logging.getLogger(__name__)

OUTCOMES = (OK, ABSENT, REFUSED, FAILED)

PLACEMENT_SCORES = range(1, 11)
INTERRUPTION_FREQUENCIES = range(5)

# 3.0 as well: what pandas makes of whole numbers in a column with gaps, if somebody wrote the file anew with it.
_WHOLE_NUMBER = re.compile(r"([0-9]{1,3})(?:\.0)?")

Pair = tuple[str, str]
"""Region and instance type."""


class Look(NamedTuple):
    """One row of a pair: its placement score and interruption frequency (None: unknown) at a poll."""

    time: datetime
    sps: int | None
    interruption_frequency: int | None
    outcome: str


@dataclass(frozen=True)
class PolledDay:
    """A day's looks by pair, and how many of its rows made no sense."""

    day: date
    looks: Mapping[Pair, Sequence[Look]]
    senseless: int = 0

    @functools.cached_property
    def outcomes(self) -> Counter[str]:
        """Count the looks by what became of the placement score."""
        return Counter(look.outcome for looks in self.looks.values() for look in looks)

    @functools.cached_property
    def times(self) -> frozenset[datetime]:
        """Give the times of the polls that left rows."""
        return frozenset(look.time for looks in self.looks.values() for look in looks)


def read_polled_day(path: Path, day: date) -> PolledDay:
    """Read a day's file; of rows with the same time and pair the last one counts, whole.

    Raises Refusal if the file is missing or none of its rows makes sense.
    """
    if not path.is_file():
        raise Refusal(f"nothing was collected on {day}: there is no {path}")
    broken: list[int] = []
    by_pair: dict[Pair, dict[datetime, Look]] = {}
    for row in csv_file.read(path, broken.append):
        try:
            pair, look = _look(row)
        except (KeyError, ValueError) as reason:
            if not broken:
                log.warning("%s: a row makes no sense and is left out: %s", path, reason)
            broken.append(1)
            continue
        by_pair.setdefault(pair, {})[look.time] = look
    if not by_pair:
        raise Refusal(f"{path} holds no row that makes sense: expected {','.join(SPS_AND_IF)}")
    return PolledDay(day, {pair: _in_order(looks) for pair, looks in by_pair.items()}, sum(broken))


def _in_order(looks: Mapping[datetime, Look]) -> list[Look]:
    return sorted(looks.values(), key=itemgetter(0))


def _look(row: Mapping[str, str]) -> tuple[Pair, Look]:
    pair = row["region"], row["instance"]
    time = _moment(row["time"])
    if time is None or not all(map(_is_name, pair)) or row["outcome"] not in OUTCOMES:
        raise ValueError(f"{','.join(row.values())[:200]!r}")
    sps = _known(row["sps"], PLACEMENT_SCORES)
    return pair, Look(time, sps, _known(row["if"], INTERRUPTION_FREQUENCIES), row["outcome"])


# A poll's time, its few values and the names stand on thousands of rows: each is made sense of once.
@functools.lru_cache(maxsize=4096)
def _moment(text: str) -> datetime | None:
    return parse_iso(text)


@functools.lru_cache(maxsize=4096)
def _is_name(text: str) -> bool:
    return 0 < len(text) <= 64 and text.isascii() and text.isprintable() and " " not in text


@functools.lru_cache(maxsize=64)
def _known(text: str, possible: range) -> int | None:
    if not text:
        return None
    whole = _WHOLE_NUMBER.fullmatch(text)
    if not whole or int(whole[1]) not in possible:
        raise ValueError(f"{text!r} is not in {possible.start} … {possible[-1]}")
    return int(whole[1])
