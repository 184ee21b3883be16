"""The ids of pools by the bytes of their names, many at once; fast where it is known which pool each should be."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.read.cells import MAX_CELL
from collect_sps_and_if.spotlake.read.codes import KEY_END, KEY_SEPARATOR, NO_POOL, Pools
from collect_sps_and_if.spotlake.read.lines import Text
from collect_sps_and_if.spotlake.read.rows import POOL_COLUMNS

Ids = npt.NDArray[np.int32]
_Words = npt.NDArray[np.uint64]

_WIDTH = len(POOL_COLUMNS) * MAX_CELL
"""Bytes of the names of a pool, side by side, each filled up with zeros."""


class PoolNames:
    """The names of pools, by their ids among `Pools`."""

    def __init__(self, pools: Pools) -> None:
        """Take ids from these."""
        self._pools = pools
        self._names: _Words = np.zeros((0, _WIDTH // 8), np.uint64)  # the names of each id that was given here

    def ids(self, names: Text, likely: Ids) -> Ids:
        """Give the ids of pools with these names, a row each; NO_POOL where one of the names is missing.

        `likely` are ids that were given before, or NO_POOL: where they are right, nothing is looked up.
        """
        ids = likely.copy()
        others = np.flatnonzero(~self._are_of(ids, names.view(np.uint64)))
        if len(others):
            ids[others] = self._looked_up(names[others])
        return ids

    def _are_of(self, ids: Ids, names: _Words) -> npt.NDArray[np.bool_]:
        if not len(self._names):
            return np.zeros(len(ids), np.bool_)
        return np.asarray((self._names[ids] == names).all(axis=1) & (ids != NO_POOL))

    def _looked_up(self, names: Text) -> Ids:
        ids = np.full(len(names), NO_POOL, np.int32)
        parts = names.view(f"S{MAX_CELL}")
        named = np.flatnonzero((parts != b"").all(axis=1))
        if len(named):
            ids[named] = self._pools.ids(_keys_of(names[named]))
            self._remember(ids[named], names[named].view(np.uint64))
        return ids

    def _remember(self, ids: Ids, names: _Words) -> None:
        count = int(ids.max()) + 1
        if count > len(self._names):
            more = max(count, 2 * len(self._names)) - len(self._names)
            self._names = np.concatenate([self._names, np.zeros((more, _WIDTH // 8), np.uint64)])
        self._names[ids] = names


def _keys_of(names: Text) -> list[str]:
    """Give the pools' keys as `codes.pool_key` does, made all at once."""
    ends = np.array([KEY_SEPARATOR, KEY_SEPARATOR, KEY_END], "S1").view(np.uint8)
    parts = names.reshape(len(names), len(POOL_COLUMNS), MAX_CELL)
    together = np.concatenate([parts, np.broadcast_to(ends[:, None], (len(names), len(ends), 1))], axis=2)
    keys: str = together[together != 0].tobytes().decode("ascii")
    return keys.split(KEY_END)[:-1]
