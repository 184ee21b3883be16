"""Keep for every pair the first known interruption frequency and each change since; days are added newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import ColumnarRows
from data_files.market.advisor import IF, INSTANCE, LISTING_TIME, REGION
from report.gather.pairs import PairNumbers
from report.gather.polled import PolledArrays

MOST_STEPS = 300_000  # some 3 MB of page; a year in which the advisor moves every pair every three weeks

_MINUTE = 60  # seconds


@dataclass(frozen=True)
class SeenBands:
    """What was seen of interruption frequencies, an element a sight of a pair: never two of one pair at one moment."""

    pair: NDArray[np.int64]
    wall: NDArray[np.int64]
    """The local time of the poll: seconds since 1970 as if it were UTC."""
    band: NDArray[np.int64]
    """0 to 4."""

    @classmethod
    def of(cls, pair: NDArray[np.int64], wall: NDArray[np.int64], band: NDArray[np.float64]) -> SeenBands:
        """Take rows in any order, of which a NaN band is unknown; of two of a pair at one moment the last counts."""
        is_known = ~np.isnan(band)
        pair, wall, band = pair[is_known][::-1], wall[is_known][::-1], band[is_known][::-1]
        order = np.lexsort((wall, pair))
        pair, wall, band = pair[order], wall[order], band[order]
        is_first = np.ones(len(pair), np.bool_)
        is_first[1:] = (pair[1:] != pair[:-1]) | (wall[1:] != wall[:-1])
        return cls(pair[is_first], wall[is_first], band[is_first].astype(np.int64))

    def renumbered(self, own: NDArray[np.int64]) -> SeenBands:
        """Give them with other numbers for the pairs, for each its new one, in the order of these."""
        pair = own[self.pair]
        order = np.argsort(pair, kind="stable")
        return SeenBands(pair[order], self.wall[order], self.band[order])

    def heads(self) -> SeenBands:
        """Keep of each run of one band, in the order of a pair's moments, the first sight."""
        is_head = np.ones(len(self.pair), np.bool_)
        is_head[1:] = (self.pair[1:] != self.pair[:-1]) | (self.band[1:] != self.band[:-1])
        return SeenBands(self.pair[is_head], self.wall[is_head], self.band[is_head])


@dataclass
class InterruptionFrequency:
    """Interruption frequencies, 0 to 4, of all pairs."""

    COLUMNS: ClassVar = (LISTING_TIME, REGION, INSTANCE, IF)
    """Of the advisor's files."""

    steps: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """By pair the changes later than the earliest band seen so far: (wall time, band it changed to), newest first."""
    _earliest: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """By pair the earliest band seen so far; -1: none."""
    _since: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """By pair when it was first seen."""
    _count: int = 0
    """Of steps."""

    def add(self, *seen: SeenBands) -> None:
        """Add what was seen on a day no later than any added before."""
        heads = joined_bands(seen)
        if not len(heads.pair):
            return
        self._make_room(int(heads.pair.max()) + 1)
        is_last = np.append(heads.pair[1:] != heads.pair[:-1], True)
        self._precede(heads.pair[is_last], heads.wall[is_last], heads.band[is_last])
        # What a pair showed earlier that day comes before, the newest first: few rows, as bands seldom move.
        for place in np.flatnonzero(~is_last)[::-1].tolist():
            self._precede(heads.pair[[place]], heads.wall[[place]], heads.band[[place]])

    def _precede(self, pair: NDArray[np.int64], wall: NDArray[np.int64], band: NDArray[np.int64]) -> None:
        """Put a band before all that is known of each pair."""
        is_new = self._earliest[pair] != band
        self._count += int(np.count_nonzero(is_new))
        for number in pair[is_new].tolist():
            if self._earliest[number] >= 0:
                self.steps.setdefault(number, []).append((int(self._since[number]), int(self._earliest[number])))
        self._earliest[pair] = band
        self._since[pair] = wall

    def _make_room(self, size: int) -> None:
        missing = size - len(self._earliest)
        if missing > 0:
            self._earliest = np.append(self._earliest, np.full(missing + size, -1, np.int64))
            self._since = np.append(self._since, np.zeros(missing + size, np.int64))

    def histories(self) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Give each pair with its steps, oldest first: (wall time, band from then on)."""
        for number, earliest in enumerate(self._earliest.tolist()):
            if earliest >= 0:
                yield number, [*self.steps.get(number, []), (int(self._since[number]), earliest)][::-1]

    def listed(self) -> dict[str, list[int]]:
        """Give each pair (as the step from the one before), its number of steps, and all steps, oldest first.

        The first step of a pair tells minutes since 1970, as the step from the first of the pair before; each other
        those since the one before.
        """
        histories = list(self.histories())
        starts = [steps[0][0] // _MINUTE for _, steps in histories]
        first = iter(later - earlier for earlier, later in pairwise([0, *starts]))
        return {
            "pair": [later - earlier for earlier, later in pairwise([0, *(pair for pair, _ in histories)])],
            "steps": [len(steps) for _, steps in histories],
            "minute": [
                minute
                for _, steps in histories
                for minute in (
                    next(first),
                    *(later // _MINUTE - wall // _MINUTE for (wall, _), (later, _) in pairwise(steps)),
                )
            ],
            "band": [band for _, steps in histories for _, band in steps],
        }

    def __len__(self) -> int:
        """Count the steps."""
        return self._count


def polled_bands(polled: PolledArrays) -> SeenBands:
    """Give what the day's polls saw, of each run of one band the first sight only."""
    bands = np.nan_to_num(polled.bands, nan=-1).astype(np.int64)
    band, pair = bands[polled.line], polled.pair
    is_known = band >= 0
    if not is_known.all():
        polled = polled.at(np.flatnonzero(is_known))
        band, pair = band[is_known], polled.pair
    # The rows are by pair and time, each moment of a pair once.
    is_head = np.ones(len(pair), np.bool_)
    is_head[1:] = (pair[1:] != pair[:-1]) | (band[1:] != band[:-1])
    heads = np.flatnonzero(is_head)
    return SeenBands(pair[heads], polled.times.wall[polled.poll[heads]].astype(np.int64), band[heads])


def published_bands(rows: ColumnarRows, pairs: PairNumbers) -> SeenBands:
    """Give what the advisor published in a day."""
    return SeenBands.of(
        pairs.numbers_of(rows.coded(REGION), rows.coded(INSTANCE)),
        rows.times(LISTING_TIME).wall.astype(np.int64),
        rows.numbers(IF),
    )


def joined_bands(seen: Sequence[SeenBands]) -> SeenBands:
    """Put together what was seen in a day: of each run of one band the first sight only."""
    if len(seen) == 1:
        return seen[0].heads()
    none = np.empty(0, np.int64)
    pair, wall, band = (
        np.concatenate([none, *(getattr(part, name) for part in seen)]) for name in ("pair", "wall", "band")
    )
    return SeenBands.of(pair, wall, band.astype(np.float64)).heads()
