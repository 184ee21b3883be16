"""Counts changes, snapshot by snapshot: what `scoring.Run` does for one series, for two series of each pool."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.read.codes import UNKNOWN_CODE
from collect_sps_and_if.spotlake.read.rows import Block

_PoolIds = npt.NDArray[np.int32]
_Places = npt.NDArray[np.intp]
_Codes = npt.NDArray[np.int16]
_Mask = npt.NDArray[np.bool_]


class SeriesTally:
    """One series a pool (its scores, or its frequencies): first and last known code, and the changes between.

    The arrays have an element for each pool, at its id.
    """

    def __init__(self) -> None:
        """Begin with no pool."""
        self.first = np.empty(0, dtype=np.int16)
        self.last = np.empty(0, dtype=np.int16)
        self.changes = np.empty(0, dtype=np.int64)

    def grow(self, count: int) -> None:
        """Add pools, of which nothing is known yet, up to that many."""
        more = count - len(self.first)
        unknown = np.full(more, UNKNOWN_CODE, dtype=np.int16)
        self.first = np.concatenate([self.first, unknown])
        self.last = np.concatenate([self.last, unknown])
        self.changes = np.concatenate([self.changes, np.zeros(more, dtype=np.int64)])

    def add(self, pools: _Places, codes: _Codes) -> None:
        """Add the pools' next values; no pool may be there twice."""
        before = self.last[pools]
        differs = np.flatnonzero((codes != before) & (codes != UNKNOWN_CODE))
        pools, codes, before = pools[differs], codes[differs], before[differs]
        is_first = before == UNKNOWN_CODE
        self.first[pools[is_first]] = codes[is_first]
        self.changes[pools[~is_first]] += 1
        self.last[pools] = codes


class Tally:
    """The changes in the snapshots added so far."""

    def __init__(self) -> None:
        """Begin with no snapshot."""
        self.sps = SeriesTally()
        self.frequency = SeriesTally()
        self.times: list[int] = []
        self._last_snapshot = np.empty(0, dtype=np.int32)  # of each pool: which snapshot it was in last, from 1; or 0

    def add(self, blocks: Sequence[Block], pool_count: int) -> None:
        """Add one snapshot, the next in time: all its rows. Of a pool's rows the last counts, unknown values included.

        `pool_count` is how many pools there are by now, in this snapshot or not.
        """
        if pool_count > len(self._last_snapshot):
            self._grow(max(pool_count, 2 * len(self._last_snapshot)))
        ids, sps, frequency = _rows(blocks)
        pools = ids.astype(np.intp)  # what numpy takes as places at once; of smaller numbers it makes these every time
        self.times.append(blocks[0].time)
        is_last = self._is_last_row(pools)
        if not is_last.all():
            pools, sps, frequency = pools[is_last], sps[is_last], frequency[is_last]
        self._last_snapshot[pools] = len(self.times)
        self.sps.add(pools, sps)
        self.frequency.add(pools, frequency)

    def seen(self) -> npt.NDArray[np.int64]:
        """List the pools that were in any snapshot."""
        return np.flatnonzero(self._last_snapshot)

    def _is_last_row(self, pools: _Places) -> _Mask:
        rows = np.arange(len(pools), dtype=np.int32)
        last_row = np.empty(len(self._last_snapshot), dtype=np.int32)
        last_row[pools] = rows  # numpy assigns in this order, so of a pool's several rows the last one stays
        return np.asarray(last_row[pools] == rows)

    def _grow(self, count: int) -> None:
        self.sps.grow(count)
        self.frequency.grow(count)
        more = np.zeros(count - len(self._last_snapshot), dtype=np.int32)
        self._last_snapshot = np.concatenate([self._last_snapshot, more])


def _rows(blocks: Sequence[Block]) -> tuple[_PoolIds, _Codes, _Codes]:
    if len(blocks) == 1:
        return blocks[0].pools, blocks[0].sps, blocks[0].frequency
    return (
        np.concatenate([block.pools for block in blocks]),
        np.concatenate([block.sps for block in blocks]),
        np.concatenate([block.frequency for block in blocks]),
    )
