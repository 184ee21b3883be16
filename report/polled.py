"""One day's polled rows, cleaned; and what was known of a pair at any moment of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from report import values
from report.pools import Pools
from report.reading import Sheet

_MOMENTS = 1 << 32  # more seconds since 1970 than there will be until 2106: (pair, time) in one whole number


@dataclass(frozen=True)
class Polled:
    """A day's polled rows: when (wall clock, and in UTC), which pair, placement score and band (NaN: unknown)."""

    wall: NDArray[np.int64]
    instant: NDArray[np.int64]
    pair: NDArray[np.int64]
    score: NDArray[np.float64]
    band: NDArray[np.float64]

    @classmethod
    def of(cls, sheet: Sheet, pools: Pools) -> Polled:
        """Read a day's sheet; rows without a time or a pair are left out."""
        wall = sheet["time"].mapped(values.wall_seconds)
        pair = pools.numbers_of(sheet["region"], sheet["instance"])
        sane = ~np.isnan(wall) & (pair >= 0)
        return cls(
            wall[sane].astype(np.int64),
            sheet["time"].instants()[sane].astype(np.int64),
            pair[sane],
            sheet["sps"].mapped(values.placement_score)[sane],
            sheet["if"].mapped(values.band)[sane],
        )

    def as_of(
        self, value: NDArray[np.float64], pair: NDArray[np.int64], instant: NDArray[np.float64], age: int
    ) -> NDArray[np.float64]:
        """Give for every (pair, instant) the last known value up to then, if it is no older than age seconds."""
        is_known = ~np.isnan(value)
        order = np.lexsort((self.instant[is_known], self.pair[is_known]))
        pairs, times = self.pair[is_known][order], self.instant[is_known][order]
        known = np.append(value[is_known][order], np.nan)
        before = (
            np.searchsorted(pairs * _MOMENTS + times, pair * _MOMENTS + np.floor(instant).astype(np.int64), "right") - 1
        )
        found = known[before]  # -1: none before, which is the NaN at the end
        is_it = (before >= 0) & (np.append(pairs, -1)[before] == pair) & (instant - np.append(times, 0)[before] <= age)
        return np.where(is_it, found, np.nan)
