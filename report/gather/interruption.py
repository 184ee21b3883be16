"""Keep for every pair the first known interruption frequency and each change since; days are added newest first."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import ColumnarRows
from data_files.market.advisor import IF, INSTANCE, REGION
from report.gather.pairs import PairNumbers

MOST_STEPS = 300_000  # some 2 MB of page; a year in which the advisor moves every pair every three weeks


@dataclass
class InterruptionFrequency:
    """Interruption frequencies, 0 to 4, of all pairs."""

    COLUMNS: ClassVar = (REGION, INSTANCE, IF)
    """Of the advisor's files."""

    steps: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """By pair the changes later than the earliest value seen so far: (day, value it changed to), newest first."""
    _earliest: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """By pair the earliest value seen so far; -1: none."""
    _since: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """By pair the first day on which it was seen."""

    def add(self, day: int, pair: NDArray[np.int64], band: NDArray[np.float64]) -> None:
        """Add what was seen on a day no later than any added before; of a pair seen twice the last row counts."""
        is_known = ~np.isnan(band)
        pair, band = pair[is_known][::-1], band[is_known][::-1].astype(np.int64)
        pair, first = np.unique(pair, return_index=True)
        if not len(pair):
            return
        self._make_room(int(pair[-1]) + 1)
        band = band[first]
        is_new = self._earliest[pair] != band
        for number, value in zip(pair[is_new].tolist(), band[is_new].tolist(), strict=True):
            if self._earliest[number] >= 0:
                self._close(number)
            self._earliest[number] = value
        self._since[pair] = day

    def _close(self, number: int) -> None:
        self.steps.setdefault(number, []).append((int(self._since[number]), int(self._earliest[number])))

    def _make_room(self, size: int) -> None:
        missing = size - len(self._earliest)
        if missing > 0:
            self._earliest = np.append(self._earliest, np.full(missing + size, -1, np.int64))
            self._since = np.append(self._since, np.zeros(missing + size, np.int64))

    def listed(self) -> dict[str, list[int]]:
        """Give each pair (as the step from the one before), its number of steps, and all steps, oldest first."""
        pairs = [number for number, earliest in enumerate(self._earliest.tolist()) if earliest >= 0]
        histories = [
            [*self.steps.get(number, []), (int(self._since[number]), int(self._earliest[number]))][::-1]
            for number in pairs
        ]
        return {
            "pair": [later - earlier for earlier, later in pairwise([0, *pairs])],
            "steps": [len(history) for history in histories],
            "day": [day for history in histories for day, _ in history],
            "band": [band for history in histories for _, band in history],
        }

    def __len__(self) -> int:
        """Count the steps."""
        return sum(map(len, self.steps.values())) + int((self._earliest >= 0).sum())


def published_bands(rows: ColumnarRows, pairs: PairNumbers) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give what the advisor published in a day: pairs and their bands (NaN: unknown), a row each."""
    return pairs.numbers_of(rows.coded(REGION), rows.coded(INSTANCE)), rows.numbers(IF)
