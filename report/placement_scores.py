"""Gather placement scores into one cell a pair and day (the last days: and hour): how many, mean, lowest, highest."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from report.polled import Polled

HOUR = 3600
DAY = 24 * HOUR
_PLACES = 1 << 32  # more pairs than there can be: (time, pair) in one whole number


@dataclass(frozen=True)
class Cells:
    """Scores gathered by (time, pair), in that order; sums and extremes are of known scores only."""

    keys: NDArray[np.int64]
    unknown: NDArray[np.int64]
    known: NDArray[np.int64]
    total: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def listed(self) -> dict[str, list[int]]:
        """Give the cells by column; a cell in which nothing is known has mean, low and high 0.

        `times` names each time and its number of cells; a cell's pair is told as the step from the one before.
        """
        time, pair = np.divmod(self.keys, _PLACES)
        times, starts, lengths = np.unique(time, return_index=True, return_counts=True)
        steps = np.diff(pair, prepend=0)
        steps[starts] = pair[starts]
        is_known = self.known > 0
        return {
            "times": np.stack([times, lengths], axis=1).ravel().tolist(),
            "pair": steps.tolist(),
            "unknown": self.unknown.tolist(),
            "known": self.known.tolist(),
            "mean": np.round(10 * self.total / np.maximum(self.known, 1)).astype(np.int64).tolist(),
            "low": np.where(is_known, self.low, 0).astype(np.int64).tolist(),
            "high": np.where(is_known, self.high, 0).astype(np.int64).tolist(),
        }


def gather(time: NDArray[np.int64], pair: NDArray[np.int64], score: NDArray[np.float64]) -> Cells:
    """Gather scores (NaN: unknown) by time and pair."""
    order = np.argsort(time * _PLACES + pair, kind="stable")
    keys, starts = np.unique((time * _PLACES + pair)[order], return_index=True)
    if not len(keys):
        nothing = np.empty(0)
        whole = np.empty(0, np.int64)
        return Cells(whole, whole, whole, nothing, nothing, nothing)
    score = score[order]
    is_known = ~np.isnan(score)
    return Cells(
        keys,
        np.add.reduceat(~is_known, starts, dtype=np.int64),
        np.add.reduceat(is_known, starts, dtype=np.int64),
        np.add.reduceat(np.where(is_known, score, 0.0), starts),
        np.minimum.reduceat(np.where(is_known, score, np.inf), starts),
        np.maximum.reduceat(np.where(is_known, score, -np.inf), starts),
    )


@dataclass
class PlacementScores:
    """The placement scores of all days, gathered as they are read."""

    days: list[Cells] = field(default_factory=list)
    hours: list[Cells] = field(default_factory=list)

    def __len__(self) -> int:
        """Count the cells."""
        return sum(len(cells.keys) for cells in (*self.days, *self.hours))

    def add(self, polled: Polled, *, by_hour: bool) -> None:
        """Add a day's rows."""
        self.days.append(gather(polled.wall // DAY, polled.pair, polled.score))
        if by_hour:
            self.hours.append(gather(polled.wall // HOUR, polled.pair, polled.score))

    def listed(self) -> dict[str, dict[str, list[int]]]:
        """Give days (since 1970) and hours, oldest first."""
        return {"days": joined(self.days).listed(), "hours": joined(self.hours).listed()}


def joined(parts: list[Cells]) -> Cells:
    """Put cells together and in order; those of one (time, pair) become one."""
    if not parts:
        return gather(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    keys = np.concatenate([part.keys for part in parts])
    order = np.argsort(keys, kind="stable")
    distinct, starts = np.unique(keys[order], return_index=True)
    if not len(distinct):
        return parts[0]

    def merged(column: str, how: np.ufunc) -> NDArray[np.float64]:
        together = np.concatenate([getattr(part, column) for part in parts])
        return np.asarray(how.reduceat(together[order], starts))

    return Cells(
        distinct,
        merged("unknown", np.add).astype(np.int64),
        merged("known", np.add).astype(np.int64),
        merged("total", np.add),
        merged("low", np.minimum),
        merged("high", np.maximum),
    )
