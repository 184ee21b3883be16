"""What is kept of a batch of snapshots, and how the summaries of two batches that follow each other are merged.

Merging is associative, and counts are whole numbers: wherever an archive is cut, and by however many workers it is
summarised, the result is the same to the last digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.count.tally import SeriesTally, Tally
from collect_sps_and_if.spotlake.find.sources import Skipped, Source
from collect_sps_and_if.spotlake.find.times import Span
from collect_sps_and_if.spotlake.read.codes import Pools, Values

_Numbers = npt.NDArray[np.float64]
_Counts = npt.NDArray[np.int64]
_Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Runs:
    """`scoring.Run` for one series of many pools: first and last known value (NaN: none), and the changes between."""

    first: _Numbers
    last: _Numbers
    changes: _Counts

    @classmethod
    def none(cls, count: int) -> Runs:
        """Give the runs of pools without a known value."""
        return cls(np.full(count, np.nan), np.full(count, np.nan), np.zeros(count, np.int64))

    def moved(self, to: _Indices, count: int) -> Runs:
        """Give the same runs among those of `count` pools, each at its new index."""
        runs = Runs.none(count)
        runs.first[to], runs.last[to], runs.changes[to] = self.first, self.last, self.changes
        return runs

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
    """What is kept of a batch."""

    pools: list[str] = field(default_factory=list)
    """Their keys, in the order of `sps` and `frequency`."""
    sps: Runs = field(default_factory=lambda: Runs.none(0))
    frequency: Runs = field(default_factory=lambda: Runs.none(0))
    times: _Counts = field(default_factory=lambda: np.empty(0, np.int64))
    """The snapshots' times, in seconds since 1970; ascending, each once, if all spans of sources are right."""
    files: int = 0
    """Files read; those skipped are not among them."""
    rows: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    actual_spans: dict[int, Span] = field(default_factory=dict)
    """By the rank of each source whose rows have times outside its span, or that has none: the span of its rows."""

    def then(self, later: Summary) -> Summary:
        """Merge with the summary of the batch that follows this one in time."""
        pools, ours, theirs = _merged_pools(self.pools, later.pools)
        count = len(pools)
        return Summary(
            pools,
            self.sps.moved(ours, count).then(later.sps.moved(theirs, count)),
            self.frequency.moved(ours, count).then(later.frequency.moved(theirs, count)),
            np.concatenate([self.times, later.times]),
            self.files + later.files,
            self.rows + later.rows,
            self.skipped + later.skipped,
            self.actual_spans | later.actual_spans,
        )


def summary_of(
    tally: Tally,
    pools: Pools,
    values: Values,
    *,
    files: int,
    rows: int,
    skipped: list[Skipped],
    actual_spans: dict[int, Span],
) -> Summary:
    """Summarise a batch from the tally of its snapshots; pools that only damaged files name are left out."""
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
        actual_spans,
    )


def all_skipped(batch: Sequence[Source], why: str) -> Summary:
    """Give the summary of a batch of which no file could be read."""
    return Summary(skipped=[Skipped(source.name, why) for source in batch])


def _runs(series: SeriesTally, seen: _Indices, values: Values) -> Runs:
    return Runs(values.numbers(series.first[seen]), values.numbers(series.last[seen]), series.changes[seen])


def _merged_pools(pools: list[str], later: list[str]) -> tuple[list[str], _Indices, _Indices]:
    """Give the pools of both lists, and at which index of that each pool of the one and of the other list is."""
    indices = np.arange(len(pools))
    if pools == later:
        return pools, indices, indices
    index_of = dict(zip(pools, range(len(pools)), strict=True))
    later_indices = np.array([index_of.setdefault(pool, len(index_of)) for pool in later], np.int64)
    return list(index_of), indices, later_indices
