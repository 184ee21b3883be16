"""What was known of many series at a moment, and nothing that became known later.

A series is what is measured again and again of one thing: the placement scores of a (Region, instance type) pair for
one target capacity, the price of a type in a zone. Arrays all through: a year has millions of values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collect_launch_time.dataset.day_stream import MOMENT_FIELD, Rows
from collect_launch_time.dataset.numbering import Group, Numbering
from data_files.cell_arrays import Integers

DAY_MS = 86_400_000

_OBSERVATION = np.dtype(
    [
        (MOMENT_FIELD, np.int64),
        ("series", np.int64),
        ("measured", np.int64),
        ("value", np.float64),
        ("is_change", np.bool_),
    ]
)
"""A value of a series: when it became known and when it was measured (milliseconds since 1970), what it was, and
whether it differs from the one before."""


@dataclass(frozen=True)
class Known:
    """What was known of series at moments, an element each; NaN (of numbers) and -1 (of series) where nothing was."""

    series: Integers
    value: NDArray[np.float64]
    age_seconds: NDArray[np.float64]
    changes: NDArray[np.float64]
    """Within the history's window before the moment."""
    looks: NDArray[np.float64]
    """How often a value became known in that window."""

    def pick(self, places: Integers) -> Known:
        """Of a table with a row a moment, take one column each."""
        rows = np.arange(len(places))
        return Known(*(table[rows, places] for table in vars(self).values()))


class SeriesHistory:
    """The values of some series, known up to a moment that moves forward."""

    def __init__(self, series: Numbering, *, window_days: int, counts_looks: bool = False) -> None:
        self.series = series
        self._window = window_days * DAY_MS
        self._counts_looks = counts_looks
        self._rows = np.empty(0, _OBSERVATION)
        self._times: Integers = np.empty(0, np.int64)
        self._keys: Integers = np.empty(0, np.int64)
        self._changes: Integers = np.zeros(1, np.int64)

    def learn(self, *observed: Rows) -> None:
        """Add observations, all of them known later than every moment forgotten so far.

        Of values that were measured and became known at the same moments the last one counts. One that was measured
        before another that was already known, as by a slow poll, is passed over.
        """
        rows = np.concatenate([self._rows, *observed])
        rows = rows[np.lexsort((rows["measured"], rows[MOMENT_FIELD], rows["series"]))]
        self._take(_newest_so_far(rows))

    def forget_before(self, moment: int) -> None:
        """Drop what no later moment needs, so that memory does not grow with the days."""
        rows = self._rows
        is_last = np.ones(len(rows), np.bool_)
        is_last[:-1] = (rows["series"][1:] != rows["series"][:-1]) | (rows[MOMENT_FIELD][1:] > moment)
        is_counted = rows[MOMENT_FIELD] > moment - self._window
        if not self._counts_looks:
            is_counted &= rows["is_change"]
        self._take(rows[is_last | is_counted | (rows[MOMENT_FIELD] > moment)])

    def known(self, groups: Sequence[Group], moments: Integers) -> Known:
        """Give what was known of all series of a group, a row a group and moment, a column a series."""
        series = self.series.members(groups)
        at = moments[:, np.newaxis]
        end = self._count_up_to(series, at)
        start = self._count_up_to(series, at - self._window)
        last = np.maximum(end - 1, 0)
        if not len(self._rows):
            nothing = np.full(series.shape, np.nan)
            return Known(np.full_like(series, -1), nothing, nothing, nothing, nothing)
        is_known = (end > 0) & (self._rows["series"][last] == series)
        values = (
            self._rows["value"][last],
            (at - self._rows["measured"][last]) / 1000,
            self._changes[end] - self._changes[start],
            end - start,
        )
        return Known(np.where(is_known, series, -1), *(np.where(is_known, value, np.nan) for value in values))

    def _count_up_to(self, series: Integers, moments: Integers) -> Integers:
        """Count the rows of earlier series, and of this one those known by then."""
        ranks = np.searchsorted(self._times, moments, "right")
        return np.searchsorted(self._keys, series * (len(self._times) + 1) + ranks, "left")

    def _take(self, rows: Rows) -> None:
        self._rows = rows
        self._times, ranks = np.unique(rows[MOMENT_FIELD], return_inverse=True)
        # Series and moment in one whole number, in whose order the rows are.
        self._keys = rows["series"] * (len(self._times) + 1) + ranks
        # The first of a series stays what it was: what came before it was forgotten, or there was nothing.
        is_same = rows["series"][1:] == rows["series"][:-1]
        rows["is_change"][1:][is_same] = (rows["value"][1:] != rows["value"][:-1])[is_same]
        self._changes = np.concatenate([[0], np.cumsum(rows["is_change"])])


def observations(moment: Integers, series: Integers, measured: Integers, value: NDArray[np.float64]) -> Rows:
    """Put the known values among these together; unknown ones (NaN) are left out."""
    is_known = ~np.isnan(value)
    rows = np.zeros(int(is_known.sum()), _OBSERVATION)
    for name, column in zip(
        (MOMENT_FIELD, "series", "measured", "value"), (moment, series, measured, value), strict=True
    ):
        rows[name] = column[is_known]
    return rows


def _newest_so_far(rows: Rows) -> Rows:
    while True:
        is_same = rows["series"][1:] == rows["series"][:-1]
        kept = np.ones(len(rows), np.bool_)
        kept[1:] = ~(is_same & (rows["measured"][1:] < rows["measured"][:-1]))
        if kept.all():
            for name in ("measured", MOMENT_FIELD):
                is_same &= rows[name][1:] == rows[name][:-1]
            kept[:-1] = ~is_same
            return rows[kept]
        rows = rows[kept]
