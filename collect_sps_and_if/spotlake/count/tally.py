"""Counts changes, snapshot by snapshot: `scoring.Run` for all pools at once."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.read.codes import UNKNOWN
from collect_sps_and_if.spotlake.read.rows import Block

Numbers = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int16]
Mask = npt.NDArray[np.bool_]


class Column:
    """The runs of all pools in one column: first and last known code, and the changes between."""

    def __init__(self) -> None:
        """Begin with no pool."""
        self.first = np.empty(0, dtype=np.int16)
        self.last = np.empty(0, dtype=np.int16)
        self.changes = np.empty(0, dtype=np.int64)

    def grow(self, count: int) -> None:
        """Make room for that many pools, of which nothing is known yet."""
        more = count - len(self.first)
        unknown = np.full(more, UNKNOWN, dtype=np.int16)
        self.first = np.concatenate([self.first, unknown])
        self.last = np.concatenate([self.last, unknown])
        self.changes = np.concatenate([self.changes, np.zeros(more, dtype=np.int64)])

    def parts(self) -> tuple[Codes, Codes, npt.NDArray[np.int64]]:
        """Give what there is for each pool, for the compiled pass."""
        return self.first, self.last, self.changes

    def see(self, pools: Numbers, codes: Codes) -> None:
        """Take in the pools' next values; no pool may be there twice."""
        before = self.last[pools]
        news = np.flatnonzero((codes != before) & (codes != UNKNOWN))
        pools, codes, before = pools[news], codes[news], before[news]
        begins = before == UNKNOWN
        self.first[pools[begins]] = codes[begins]
        self.changes[pools[~begins]] += 1
        self.last[pools] = codes


class Tally:
    """What the snapshots seen so far leave behind."""

    def __init__(self, *, compiled: bool = True) -> None:
        """Begin with no snapshot; `compiled` is whether the fast way may be used, where there is one."""
        self.sps = Column()
        self.frequency = Column()
        self.times: list[int] = []
        self._stamps = np.empty(0, dtype=np.int32)  # of each pool: the number of the last snapshot it was in, or 0
        self._compiled = _compiled() if compiled else None

    def take(self, blocks: Sequence[Block], pool_count: int) -> None:
        """Take in one snapshot, the next in time: all blocks of its rows, of which a pool's last one counts, whole."""
        if pool_count > len(self._stamps):
            self._grow(max(pool_count, 2 * len(self._stamps)))
        pools, sps, frequency = _rows(blocks)
        self.times.append(blocks[0].time)
        if self._compiled:
            columns = (sps, *self.sps.parts()), (frequency, *self.frequency.parts())
            self._compiled.take(len(self.times), pools, self._stamps, *columns)
        else:
            last = self._last_rows(pools)
            self._stamps[pools] = len(self.times)
            self.sps.see(pools[last], sps[last])
            self.frequency.see(pools[last], frequency[last])

    def seen(self) -> npt.NDArray[np.int64]:
        """List the pools that were in any snapshot."""
        return np.flatnonzero(self._stamps)

    def _last_rows(self, pools: Numbers) -> Mask:
        rows = np.arange(len(pools), dtype=np.int32)
        place = np.empty(len(self._stamps), dtype=np.int32)
        place[pools] = rows  # of several rows the last one's place stays
        return np.asarray(place[pools] == rows)

    def _grow(self, count: int) -> None:
        self.sps.grow(count)
        self.frequency.grow(count)
        self._stamps = np.concatenate([self._stamps, np.zeros(count - len(self._stamps), dtype=np.int32)])


def _compiled() -> ModuleType | None:
    try:
        from collect_sps_and_if.spotlake.count import compiled_tally
    except ImportError:  # numba has no build for this Python or machine
        return None
    return compiled_tally


def _rows(blocks: Sequence[Block]) -> tuple[Numbers, Codes, Codes]:
    if len(blocks) == 1:
        return blocks[0].pools, blocks[0].sps, blocks[0].frequency
    return (
        np.concatenate([block.pools for block in blocks]),
        np.concatenate([block.sps for block in blocks]),
        np.concatenate([block.frequency for block in blocks]),
    )
