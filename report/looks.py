"""Read a day's looks at probes; turn each probe's looks into the seconds at which its instances came to something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from report import values
from report.pools import Pools
from report.reading import Sheet

LEVELS = 20
"""Of a probe of more instances, as many are kept, evenly spread over their ranks: a page has no use for a thousand."""

STAGES = ("fulfilled", "running", "ready")
_COUNTS = tuple(f"{stage}_instances" for stage in STAGES)
_PAIR, _INSTANT, _WALL, _SECONDS, _ASKED, _FIRST_COUNT = range(6)


@dataclass(frozen=True)
class Probe:
    """One probe: the instances it asked for, how long it was watched, and the seconds after which they came to what."""

    pair: int
    instant: float
    wall: int
    asked: int
    seconds: int
    stages: tuple[tuple[int, ...], ...]

    @property
    def ready(self) -> int:
        """Count the instances that became ready; of many it is known to a twentieth of them."""
        return len(self.stages[-1]) * self.asked // min(self.asked, LEVELS)

    @property
    def when(self) -> str:
        """Write when it was requested, as the collector's clock showed it."""
        return datetime.fromtimestamp(self.wall, UTC).strftime("%-d %b %H:%M")


class Looks:
    """Looks as rows of numbers: pair, request (UTC and wall clock), seconds since it, instances asked, counts."""

    def __init__(self, rows: NDArray[np.float64]) -> None:
        """Take rows as they are."""
        self._rows = rows

    @classmethod
    def none(cls) -> Looks:
        """Give no looks."""
        return cls(np.empty((0, _FIRST_COUNT + len(STAGES))))

    @classmethod
    def of(cls, sheet: Sheet, pools: Pools) -> Looks:
        """Read a day's sheet; rows that lack a time, a pair or a count are left out."""
        requested = sheet["request_time"].instants()
        pair = pools.numbers_of(sheet["region"], sheet["instance"]).astype(np.float64)
        rows = np.column_stack(
            [
                np.where(pair < 0, np.nan, pair),
                requested,
                sheet["request_time"].mapped(values.wall_seconds),
                sheet["current_time"].instants() - requested,
                sheet["instance_count"].mapped(values.count),
                *(sheet[name].mapped(values.count) for name in _COUNTS),
            ]
        )
        sane = ~np.isnan(rows).any(axis=1) & (rows[:, _SECONDS] >= 0) & (rows[:, _ASKED] > 0)
        return cls(rows[sane])

    def split(self, day: int) -> tuple[Looks, Looks]:
        """Give the looks at probes requested on that day (since 1970) or later, and those of earlier ones."""
        is_earlier = self._rows[:, _WALL] < day * 86400
        return Looks(self._rows[~is_earlier]), Looks(self._rows[is_earlier])

    def and_(self, others: Looks) -> Looks:
        """Put looks together."""
        return Looks(np.concatenate([self._rows, others._rows]))

    def probes(self) -> Iterator[Probe]:
        """Give the probes they belong to, newest first."""
        rows = self._rows[np.lexsort((self._rows[:, _SECONDS], self._rows[:, _PAIR], -self._rows[:, _INSTANT]))]
        is_first = np.ones(len(rows), bool)
        is_first[1:] = (rows[1:, [_PAIR, _INSTANT]] != rows[:-1, [_PAIR, _INSTANT]]).any(axis=1)
        starts = np.nonzero(is_first)[0]
        for part in np.split(rows, starts[1:]) if len(rows) else ():
            yield _probe(part)


def _probe(rows: NDArray[np.float64]) -> Probe:
    asked = int(rows[:, _ASKED].max())
    seconds = np.round(rows[:, _SECONDS]).astype(np.int64)
    counts = np.maximum.accumulate(rows[:, _FIRST_COUNT:], axis=0).clip(0, asked).astype(np.int64)
    new = np.diff(counts, axis=0, prepend=0)
    first = rows[0]
    return Probe(
        int(first[_PAIR]),
        float(first[_INSTANT]),
        int(first[_WALL]),
        asked,
        int(seconds[-1]),
        tuple(_levelled(np.repeat(seconds, new[:, stage]), asked) for stage in range(len(STAGES))),
    )


def _levelled(seconds: NDArray[np.int64], asked: int) -> tuple[int, ...]:
    if asked > LEVELS:
        ranks = -(-np.arange(1, LEVELS + 1) * asked // LEVELS) - 1
        seconds = seconds[ranks[ranks < len(seconds)]]
    return tuple(seconds.tolist())
