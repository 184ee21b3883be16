"""Turn a day's looks at probes into the seconds after which each one's instances were fulfilled, running and ready."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import ColumnarRows
from data_files.launches.looks import (
    CURRENT_TIME,
    FULFILLED_INSTANCES,
    INSTANCE,
    INSTANCE_COUNT,
    READY_INSTANCES,
    REGION,
    REQUEST_TIME,
    RUNNING_INSTANCES,
)
from report.gather.pairs import PairNumbers

LEVELS = 20
"""A probe of more instances is drawn as if it had this many: evenly spread over the order in which they came."""

_STAGES = (FULFILLED_INSTANCES, RUNNING_INSTANCES, READY_INSTANCES)

# The columns of Looks: the pair's number; the request's time in seconds since 1970, in UTC and as local time;
# the seconds from the request to the look; the instances asked for, and how many of them had reached each stage.
_PAIR, _UTC, _WALL, _SECONDS, _ASKED, _FIRST_STAGE = range(6)


@dataclass(frozen=True)
class ProbeCurve:
    """One probe: how many seconds after its request its instances were fulfilled, running and ready."""

    pair: int
    """The pair's number."""
    utc: float
    """The request's time: seconds since 1970 in UTC."""
    wall: int
    """The request's local time: seconds since 1970 as if it were UTC."""
    asked: int
    """Instances asked for."""
    seconds: int
    """How long it was watched: from the request to the last look."""
    stages: tuple[tuple[int, ...], ...]
    """For fulfilled, running, ready: the seconds after which an instance was first seen to be that, in ascending order;
    of more than LEVELS asked for, those of LEVELS ranks."""
    reached: tuple[int, ...]
    """For each of them how many of all instances reached it."""

    @property
    def fulfilled(self) -> int:
        """Count the instances that were fulfilled."""
        return self.reached[0]

    @property
    def ready(self) -> int:
        """Count the instances that became ready."""
        return self.reached[-1]

    @property
    def when(self) -> str:
        """Write the request's local time."""
        return datetime.fromtimestamp(self.wall, UTC).strftime("%-d %b %H:%M")


class Looks:
    """Looks at probes, as columns of numbers."""

    COLUMNS = (REGION, INSTANCE, INSTANCE_COUNT, REQUEST_TIME, CURRENT_TIME, *_STAGES)
    """Of their files."""

    def __init__(self, columns: NDArray[np.float64]) -> None:
        """Take columns as they are."""
        self.columns = columns

    @classmethod
    def none(cls) -> Looks:
        """Give no looks."""
        return cls(np.empty((_FIRST_STAGE + len(_STAGES), 0)))

    @classmethod
    def of(cls, rows: ColumnarRows, pairs: PairNumbers) -> Looks:
        """Take the rows of a file; those that lack a count or were made before the request are left out."""
        requested = rows.times(REQUEST_TIME)
        columns = np.stack(
            [
                pairs.numbers_of(rows.coded(REGION), rows.coded(INSTANCE)),
                requested.utc,
                requested.wall,
                rows.times(CURRENT_TIME).utc - requested.utc,
                rows.numbers(INSTANCE_COUNT),
                *(rows.numbers(stage) for stage in _STAGES),
            ]
        )
        is_told = ~np.isnan(columns.sum(axis=0)) & (columns[_SECONDS] >= 0)
        return cls(columns if is_told.all() else columns[:, is_told])

    def telling(self) -> Looks:
        """Leave out those that change nothing: of a probe stay the first, the last, and any that saw more than before.

        Together with any later looks they tell of each probe what all of them tell.
        """
        if not self.columns.size:
            return self
        columns, starts = self._by_probe()
        highest = _highest_so_far(columns[_ASKED:], starts)
        is_telling = np.zeros(columns.shape[1], np.bool_)
        is_telling[1:] = (highest[:, 1:] > highest[:, :-1]).any(axis=0)
        is_telling[starts] = True
        is_telling[starts - 1] = True  # the last of the probe before
        return Looks(columns[:, is_telling])

    def renumbered(self, own: NDArray[np.int64]) -> Looks:
        """Give them with other numbers for the pairs: for each its new one."""
        columns = self.columns.copy()
        columns[_PAIR] = own[columns[_PAIR].astype(np.int64)]
        return Looks(columns)

    def _by_probe(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Give the columns with the looks by probe, newest first, and by time; and where each probe's begin."""
        keys = self.columns[_PAIR], -self.columns[_UTC]
        columns, is_first = self._in_order(np.lexsort(keys))
        if (np.diff(columns[_SECONDS])[~is_first[1:]] < 0).any():  # else a probe's looks stand as they were added
            columns, is_first = self._in_order(np.lexsort((self.columns[_SECONDS], *keys)))
        return columns, np.flatnonzero(is_first)

    def _in_order(self, order: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Give the columns in an order, and which looks are then the first of a probe."""
        columns = np.take(self.columns, order, axis=1)  # each column's numbers beside each other, unlike indexing
        is_first = np.ones(len(order), np.bool_)
        is_first[1:] = (columns[[_PAIR, _UTC], 1:] != columns[[_PAIR, _UTC], :-1]).any(axis=0)
        return columns, is_first

    def split(self, day: int) -> tuple[Looks, Looks]:
        """Give the looks at probes requested on that day (since 1970) or later, and those of earlier ones."""
        is_earlier = self.columns[_WALL] < day * 86400
        return Looks(self.columns[:, ~is_earlier]), Looks(self.columns[:, is_earlier])

    def joined_with(self, others: Looks) -> Looks:
        """Put looks together."""
        return Looks(np.concatenate([self.columns, others.columns], axis=1))

    def probes(self) -> Iterator[ProbeCurve]:
        """Give the probes they belong to, newest first."""
        if not self.columns.size:
            return
        columns, starts = self._by_probe()
        asked = np.maximum.reduceat(columns[_ASKED], starts).astype(np.int64)
        seconds = np.round(columns[_SECONDS]).astype(np.int64)
        new = _newly_seen(columns[_FIRST_STAGE:], starts, asked)
        stages = [_by_probe(np.repeat(seconds, counts), counts, starts) for counts in new]
        lasts = np.append(starts[1:], len(seconds)) - 1
        firsts = columns[:, starts].T.tolist()
        for first, size, watched, *seen in zip(firsts, asked.tolist(), seconds[lasts].tolist(), *stages, strict=True):
            yield ProbeCurve(
                int(first[_PAIR]),
                first[_UTC],
                int(first[_WALL]),
                size,
                watched,
                tuple(_thinned(stage, size) for stage in seen),
                tuple(map(len, seen)),
            )


def _newly_seen(counts: NDArray[np.float64], starts: NDArray[np.int64], asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give for every look, by stage, how many instances it was the first to see there."""
    # A count that falls again, or is above what was asked for, is not believed.
    most = np.repeat(asked, np.diff(starts, append=counts.shape[1]))
    highest = np.minimum(_highest_so_far(counts, starts), most).astype(np.int64)
    new: NDArray[np.int64] = np.diff(highest, axis=1, prepend=0)
    new[:, starts] = highest[:, starts]
    return new


def _highest_so_far(counts: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    # For all probes at once: with a multiple of the probe's number added, no count of an earlier probe is higher.
    probe = np.repeat(np.arange(len(starts)), np.diff(starts, append=counts.shape[1]))
    lift = probe * (counts.max() + 1)
    return np.asarray(np.maximum.accumulate(counts + lift, axis=1) - lift)


def _by_probe(seconds: NDArray[np.int64], counts: NDArray[np.int64], starts: NDArray[np.int64]) -> list[list[int]]:
    ends = np.add.reduceat(counts, starts).cumsum().tolist()
    every = seconds.tolist()
    return [every[start:end] for start, end in pairwise([0, *ends])]


def _thinned(seconds: Sequence[int], asked: int) -> tuple[int, ...]:
    if asked <= LEVELS:
        return tuple(seconds)
    ranks = (-(-level * asked // LEVELS) - 1 for level in range(1, LEVELS + 1))
    return tuple(seconds[rank] for rank in ranks if rank < len(seconds))
