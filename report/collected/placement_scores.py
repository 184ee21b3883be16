"""Gather placement scores into one cell for each pair and day, of the newest days for each hour too.

A cell tells how many polls asked for the pair's score, in how many it is known, and the mean, lowest and highest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from report.collected.polled import PolledArrays

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
    order = np.argsort(time * _PLACES + pair, kind="stable")
    keys, starts = np.unique((time * _PLACES + pair)[order], return_index=True)
    if not len(keys):
        nothing = np.empty(0)
        whole = np.empty(0, np.int64)
        return ScoreCells(whole, whole, whole, nothing, nothing, nothing)
    score = score[order]
    is_known = ~np.isnan(score)
    return ScoreCells(
        keys,
        np.add.reduceat(~is_known, starts, dtype=np.int64),
        np.add.reduceat(is_known, starts, dtype=np.int64),
        np.add.reduceat(np.where(is_known, score, 0.0), starts),
        np.minimum.reduceat(np.where(is_known, score, np.inf), starts),
        np.maximum.reduceat(np.where(is_known, score, -np.inf), starts),
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
        """Give days (since 1970) and hours, oldest first."""
        return {"days": join_cells(self.days).listed(), "hours": join_cells(self.hours).listed()}


def join_cells(parts: list[ScoreCells]) -> ScoreCells:
    """Put cells together and in order; those of one (time, pair) become one."""
    if not parts:
        return gather_cells(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    keys = np.concatenate([part.keys for part in parts])
    order = np.argsort(keys, kind="stable")
    distinct, starts = np.unique(keys[order], return_index=True)
    if not len(distinct):
        return parts[0]

    def merged(how: np.ufunc, columns: Iterable[NDArray[Any]]) -> NDArray[np.float64]:
        return np.asarray(how.reduceat(np.concatenate(list(columns))[order], starts))

    return ScoreCells(
        distinct,
        merged(np.add, (part.unknown for part in parts)).astype(np.int64),
        merged(np.add, (part.known for part in parts)).astype(np.int64),
        merged(np.add, (part.total for part in parts)),
        merged(np.minimum, (part.low for part in parts)),
        merged(np.maximum, (part.high for part in parts)),
    )
