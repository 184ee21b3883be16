"""What a run of snapshots leaves behind, and how the summaries of two neighbouring runs become one.

Merging is associative, and counts are whole numbers: the same result, to the last digit, for any cut and any workers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.count.tally import Column, Tally
from collect_sps_and_if.spotlake.find.sources import Skipped, Source
from collect_sps_and_if.spotlake.find.times import Span
from collect_sps_and_if.spotlake.read.codes import Pools, Values

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Runs:
    """`scoring.Run` for many pools: first and last known value (NaN: none), and the changes between."""

    first: Numbers
    last: Numbers
    changes: Counts

    @classmethod
    def none(cls, count: int) -> Runs:
        """Give runs without a known value."""
        return cls(np.full(count, np.nan), np.full(count, np.nan), np.zeros(count, np.int64))

    def placed(self, at: npt.NDArray[np.int64], count: int) -> Runs:
        """Put the runs to other places among more pools."""
        wider = Runs.none(count)
        wider.first[at], wider.last[at], wider.changes[at] = self.first, self.last, self.changes
        return wider

    def then(self, later: Runs) -> Runs:
        """Merge with the runs that follow these in time."""
        known, known_later = ~np.isnan(self.last), ~np.isnan(later.first)
        return Runs(
            np.where(known, self.first, later.first),
            np.where(known_later, later.last, self.last),
            self.changes + later.changes + (known & known_later & (self.last != later.first)),
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run of sources leaves behind."""

    pools: list[str] = field(default_factory=list)
    sps: Runs = field(default_factory=lambda: Runs.none(0))
    frequency: Runs = field(default_factory=lambda: Runs.none(0))
    times: Counts = field(default_factory=lambda: np.empty(0, np.int64))
    """The snapshots' times, each once, ascending."""
    files: int = 0
    rows: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    elsewhere: dict[int, Span] = field(default_factory=dict)
    """Sources, by rank, that hold other times than their path says."""

    def then(self, later: Summary) -> Summary:
        """Merge with the summary of the run that follows this one in time."""
        pools, at, at_later = _together(self.pools, later.pools)
        count = len(pools)
        return Summary(
            pools,
            self.sps.placed(at, count).then(later.sps.placed(at_later, count)),
            self.frequency.placed(at, count).then(later.frequency.placed(at_later, count)),
            np.concatenate([self.times, later.times]),
            self.files + later.files,
            self.rows + later.rows,
            self.skipped + later.skipped,
            self.elsewhere | later.elsewhere,
        )


def summary_of(
    tally: Tally,
    pools: Pools,
    values: Values,
    *,
    files: int,
    rows: int,
    skipped: list[Skipped],
    elsewhere: dict[int, Span],
) -> Summary:
    """Sum up what a run's snapshots left in the tally; pools that only damaged files name are none."""
    seen = tally.seen()
    keys = pools.keys()
    return Summary(
        [keys[pool] for pool in seen.tolist()],
        _runs(tally.sps, seen, values),
        _runs(tally.frequency, seen, values),
        np.array(tally.times, dtype=np.int64),
        files,
        rows,
        skipped,
        elsewhere,
    )


def _runs(column: Column, seen: npt.NDArray[np.int64], values: Values) -> Runs:
    return Runs(values.numbers(column.first[seen]), values.numbers(column.last[seen]), column.changes[seen])


def _together(pools: list[str], later: list[str]) -> tuple[list[str], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    here = np.arange(len(pools))
    if pools == later:
        return pools, here, here
    numbers = dict(zip(pools, range(len(pools)), strict=True))
    at_later = np.array([numbers.setdefault(pool, len(numbers)) for pool in later], np.int64)
    return list(numbers), here, at_later


def lost(sources: Sequence[Source], why: str) -> Summary:
    """Sum up a run that nobody could read: its files are skipped."""
    return Summary(skipped=[Skipped(source.name, why) for source in sources])
