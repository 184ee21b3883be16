"""Gather placement scores into one cell for each pair and day, of the newest days for each hour too.

A cell tells how many polls were given the pair's score, the sum, lowest and highest of these, and how many were not
given one, by what came of it instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_files.market.polled import ABSENT, FAILED, OUTCOMES, REFUSED, WAITING
from report.gather.polled import PolledArrays

HOUR = 3600  # seconds
_PLACES = 1 << 32  # more pairs than there can be: (time, pair) in one whole number

UNSCORED = (ABSENT, REFUSED, FAILED, WAITING)
"""What comes of a query instead of a score."""


@dataclass(frozen=True)
class ScoreCells:
    """Scores gathered by time and pair, an element a cell."""

    keys: NDArray[np.int64]
    """The time, in days or hours since 1970, times 2**32, plus the pair's number."""
    known: NDArray[np.int64]
    """Polls that were given a score."""
    total: NDArray[np.int64]
    """The sum of the known scores."""
    low: NDArray[np.int64]
    """The lowest known score, and the highest; without any 11 and 0."""
    high: NDArray[np.int64]
    unscored: NDArray[np.int64]
    """For each of UNSCORED a row: the polls of each cell of which that came."""

    @property
    def time(self) -> NDArray[np.int64]:
        """Give each cell's time, in days or hours since 1970."""
        return self.keys // _PLACES

    @property
    def pair(self) -> NDArray[np.int64]:
        """Give each cell's pair."""
        return self.keys % _PLACES

    def renumbered(self, own: NDArray[np.int64]) -> ScoreCells:
        """Give them with other numbers for the pairs, for each its new one; the cells stay where they are."""
        return replace(self, keys=self.time * _PLACES + own[self.pair])

    def coarser(self, times: int) -> ScoreCells:
        """Give the cells of spans that are so many times as long."""
        return join_cells([replace(self, keys=self.time // times * _PLACES + self.pair)])

    def listed(self) -> dict[str, list[int]]:
        """Give cells that were joined, by column; a cell in which nothing is known has total, low and high 0.

        `times` names each time and its number of cells; a cell's pair is told as the step from the one before; what
        came of queries without a score as runs of one number.
        """
        time, pair = np.divmod(self.keys, _PLACES)
        times, starts, lengths = np.unique(time, return_index=True, return_counts=True)
        steps = np.diff(pair, prepend=0)
        steps[starts] = pair[starts]
        is_known = self.known > 0
        return {
            "times": np.stack([times, lengths], axis=1).ravel().tolist(),
            "pair": steps.tolist(),
            "known": self.known.tolist(),
            "total": self.total.tolist(),
            "low": np.where(is_known, self.low, 0).tolist(),
            "high": self.high.tolist(),
            **{name: _runs(row) for name, row in zip(UNSCORED, self.unscored, strict=True)},
        }


def gather_cells(polled: PolledArrays, seconds: int) -> ScoreCells:
    """Gather a day's rows by pair and that many seconds; the cells are in the order of pairs, then of times."""
    if not len(polled):
        return join_cells([])
    time = (polled.times.wall.astype(np.int64) // seconds).take(polled.poll)
    pair = polled.pair
    is_start = np.ones(len(time), np.bool_)  # the rows are by pair and time: a cell's stand together
    is_start[1:] = (time[1:] != time[:-1]) | (pair[1:] != pair[:-1])
    starts = np.flatnonzero(is_start)
    is_known = ~np.isnan(polled.scores)
    unscored = np.zeros((len(UNSCORED), len(starts)), np.int64)
    without = np.flatnonzero(~is_known.take(polled.line))
    cell = np.searchsorted(starts, without, "right") - 1
    outcome = polled.outcomes[polled.line[without]]
    for row, name in enumerate(UNSCORED):
        unscored[row] = np.bincount(cell[_came(outcome, name)], minlength=len(starts))
    score = np.where(is_known, polled.scores, 0).astype(np.int64)
    high = score.take(polled.line)
    low = np.where(is_known, score, 11).take(polled.line) if len(without) else high
    time, pair = time[starts], pair[starts]
    cells = ScoreCells(
        time * _PLACES + pair,
        np.diff(starts, append=len(polled)) - unscored.sum(axis=0),
        np.add.reduceat(high, starts),
        np.minimum.reduceat(low, starts),
        np.maximum.reduceat(high, starts),
        unscored,
    )
    is_back = (pair[1:] < pair[:-1]) | (pair[1:] == pair[:-1]) & (time[1:] < time[:-1])  # as clocks are put back
    return join_cells([cells]) if is_back.any() else cells


def _came(outcome: NDArray[np.int64], name: str) -> NDArray[np.bool_]:
    if name == FAILED:  # so is a row that is called ok and has no score
        return np.asarray(~np.isin(outcome, [OUTCOMES.index(other) for other in UNSCORED if other != FAILED]))
    return np.asarray(outcome == OUTCOMES.index(name))


def join_cells(parts: Sequence[ScoreCells]) -> ScoreCells:
    """Put cells together and in order; those of one (time, pair) become one."""
    keys = np.concatenate([np.empty(0, np.int64), *(part.keys for part in parts)])
    order: NDArray[np.int64] | None = None
    if (keys[1:] < keys[:-1]).any():
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    if not len(starts):
        none = np.empty(0, np.int64)
        return ScoreCells(none, none, none, none, none, np.empty((len(UNSCORED), 0), np.int64))

    def merged(how: np.ufunc, name: str) -> NDArray[Any]:
        columns = np.concatenate([getattr(part, name) for part in parts], axis=-1)
        if order is not None:
            columns = columns[..., order]
        return columns if len(starts) == len(keys) else np.asarray(how.reduceat(columns, starts, axis=-1))

    return ScoreCells(
        keys[starts],
        merged(np.add, "known"),
        merged(np.add, "total"),
        merged(np.minimum, "low"),
        merged(np.maximum, "high"),
        merged(np.add, "unscored"),
    )


def _runs(numbers: NDArray[np.int64]) -> list[int]:
    starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    lengths = np.diff(starts, append=len(numbers))
    return np.stack([numbers[starts], lengths], axis=1).ravel().tolist()


@dataclass
class ScoreHistory:
    """The placement scores of all days, gathered as they are read."""

    days: list[ScoreCells] = field(default_factory=list)
    hours: list[ScoreCells] = field(default_factory=list)
    _count: int = 0
    """Of cells."""

    def __len__(self) -> int:
        """Count the cells."""
        return self._count

    def add(self, day: ScoreCells, hours: ScoreCells | None) -> None:
        """Add the cells of a day, and those by hour if they are wanted."""
        self.days.append(day)
        if hours:
            self.hours.append(hours)
        self._count += sum(len(cells.keys) for cells in (day, hours) if cells)

    def listed(self) -> dict[str, dict[str, list[int]]]:
        """Give for the page the cells by day and by hour, since 1970, oldest first."""
        return {"days": join_cells(self.days).listed(), "hours": join_cells(self.hours).listed()}
