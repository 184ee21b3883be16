"""Gather placement scores into one cell for each pair and day, of the newest days for each hour too.

A cell tells how many polls asked for the pair's score, in how many it is known, and the mean, lowest and highest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from report.gather.polled import PolledArrays

_HOUR = 3600  # seconds
_DAY = 24 * _HOUR
_PLACES = 1 << 32  # more pairs than there can be: (time, pair) in one whole number


@dataclass(frozen=True)
class ScoreCells:
    """Scores gathered by time and pair, in that order, an element a cell."""

    keys: NDArray[np.int64]
    """The time, in days or hours since 1970, times 2**32, plus the pair's number."""
    unknown: NDArray[np.int64]
    """Polls that asked and were given no score."""
    known: NDArray[np.int64]
    """Polls that were given a score."""
    total: NDArray[np.float64]
    """The sum of the known scores."""
    low: NDArray[np.float64]
    """The lowest known score; infinite without any, like the highest."""
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


def gather_cells(time: NDArray[np.int64], pair: NDArray[np.int64], score: NDArray[np.float64]) -> ScoreCells:
    """Gather scores (NaN: unknown) by time (a number of days or hours) and pair (its number)."""
    is_known = ~np.isnan(score)
    each = ScoreCells(
        time * _PLACES + pair,
        (~is_known).astype(np.int64),
        is_known.astype(np.int64),
        np.where(is_known, score, 0.0),
        np.where(is_known, score, np.inf),
        np.where(is_known, score, -np.inf),
    )
    return join_cells([each])


def join_cells(parts: Sequence[ScoreCells]) -> ScoreCells:
    """Put cells together and in order; those of one (time, pair) become one."""
    keys = np.concatenate([np.empty(0, np.int64), *(part.keys for part in parts)])
    order = np.argsort(keys, kind="stable")
    distinct, starts = np.unique(keys[order], return_index=True)

    def merged(how: np.ufunc, name: str) -> NDArray[Any]:
        columns = [getattr(part, name) for part in parts]
        return np.asarray(how.reduceat(np.concatenate(columns)[order], starts)) if len(starts) else keys

    return ScoreCells(
        distinct,
        merged(np.add, "unknown"),
        merged(np.add, "known"),
        merged(np.add, "total"),
        merged(np.minimum, "low"),
        merged(np.maximum, "high"),
    )


@dataclass
class ScoreHistory:
    """The placement scores of all days, gathered as they are read."""

    days: list[ScoreCells] = field(default_factory=list)
    hours: list[ScoreCells] = field(default_factory=list)

    def __len__(self) -> int:
        """Count the cells."""
        return sum(len(cells.keys) for cells in (*self.days, *self.hours))

    def add(self, polled: PolledArrays, *, by_hour: bool) -> None:
        """Add a day's rows."""
        self.days.append(gather_cells(polled.wall // _DAY, polled.pair, polled.score))
        if by_hour:
            self.hours.append(gather_cells(polled.wall // _HOUR, polled.pair, polled.score))

    def listed(self) -> dict[str, dict[str, list[int]]]:
        """Give for the page the cells by day and by hour, since 1970, oldest first."""
        return {"days": join_cells(self.days).listed(), "hours": join_cells(self.hours).listed()}
