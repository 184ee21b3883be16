"""One day's polled rows as arrays; and what was known of a pair at any moment of that day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import ColumnarRows
from data_files.market.polled import IF, INSTANCE, OUTCOME, OUTCOMES, POLL_TIME, REGION, SPS
from report.collected.pairs import PairNumbers


@dataclass(frozen=True)
class PolledArrays:
    """A day's polled rows, by pair and then by time; of rows with the same time and pair there is the last one only."""

    COLUMNS: ClassVar = (POLL_TIME, REGION, INSTANCE, SPS, IF, OUTCOME)
    """Of the day's file."""

    day: date
    wall: NDArray[np.int64]
    """The poll's local time: seconds since 1970 as if it were UTC."""
    utc: NDArray[np.float64]
    """The poll's time: seconds since 1970 in UTC."""
    pair: NDArray[np.int64]
    """The pair's number."""
    score: NDArray[np.float64]
    """The placement score, 1 to 10; NaN is unknown."""
    band: NDArray[np.float64]
    """The interruption frequency's index, 0 to 4; NaN is unknown."""
    outcome: NDArray[np.int64]
    """What became of the placement score: its place among OUTCOMES."""

    @classmethod
    def of(cls, day: date, rows: ColumnarRows, pairs: PairNumbers) -> PolledArrays:
        """Take a day's rows."""
        pair = pairs.numbers_of(rows.coded(REGION), rows.coded(INSTANCE))
        times = rows.times(POLL_TIME)
        order = _order(pair, times.utc)
        outcomes = rows.coded(OUTCOME)
        places = np.array([OUTCOMES.index(outcome) for outcome in outcomes.values], np.int64)
        return cls(
            day,
            times.wall[order].astype(np.int64),
            times.utc[order],
            pair[order],
            rows.numbers(SPS)[order],
            rows.numbers(IF)[order],
            places[outcomes.codes[order]],
        )

    def outcomes(self, utc: float | None = None) -> Counter[str]:
        """Count the rows by what became of their placement scores: those of one poll, or all."""
        counted = self.outcome if utc is None else self.outcome[self.utc == utc]
        counts = np.bincount(counted, minlength=len(OUTCOMES))
        return Counter(dict(zip(OUTCOMES, counts.tolist(), strict=True)))

    def as_of(
        self, value: NDArray[np.float64], pair: NDArray[np.int64], utc: NDArray[np.float64], age: float
    ) -> NDArray[np.float64]:
        """Give for every pair and moment the last known value up to then, if it is no older than age seconds; else NaN.

        value is one of this day's columns.
        """
        is_known = ~np.isnan(value)
        pairs, times, values = self.pair[is_known], self.utc[is_known], value[is_known]
        found = np.full(len(pair), np.nan)
        first, end = np.searchsorted(pairs, pair, "left"), np.searchsorted(pairs, pair, "right")
        for place, moment in enumerate(utc.tolist()):
            last = first[place] + np.searchsorted(times[first[place] : end[place]], moment, "right") - 1
            if last >= first[place] and moment - times[last] <= age:
                found[place] = values[last]
        return found


def _order(pair: NDArray[np.int64], utc: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the places of the rows by pair and time, of rows that are alike in both that of the last."""
    moments = np.unique(utc)
    keys = pair * len(moments) + np.searchsorted(moments, utc)
    # Sorted with its place behind it in one whole number: several times as fast as sorting places by their keys.
    keys, places = np.divmod(np.sort(keys * len(keys) + np.arange(len(keys))), max(1, len(keys)))
    is_last = np.ones(len(keys), np.bool_)
    is_last[:-1] = keys[1:] != keys[:-1]
    return places[is_last]
