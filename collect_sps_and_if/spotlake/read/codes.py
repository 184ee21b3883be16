"""Small integers in place of names and values, so that millions of rows are small arrays.

A pool has an id, a value (a placement score or an interruption frequency) has a code. Both are valid for one
`SnapshotReader` only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.read.rows import Block

NameIds = npt.NDArray[np.int64]

NO_POOL = -1
"""In place of a pool's id, where a row names no Region, no instance type or no zone (SpotLake has none such since
February 2023)."""
UNKNOWN_CODE = -1
"""In place of a value's code, where there is no value."""
KEY_SEPARATOR, KEY_END = "\t", "\n"
"""Between the parts of a pool's key, and behind it in a list of keys: no name contains them."""
_NAME_ID_BITS = 21
"""Enough for two million names; SpotLake has some 1,500."""
_MISSING = -1.0
"""How SpotLake's older files write a missing value; newer ones leave the cell empty."""


class Pools:
    """Every pool met so far, with ids in the order in which they were met."""

    def __init__(self) -> None:
        """Begin with none."""
        self._ids: dict[str, int] = {}
        self._name_ids: dict[str, int] = {}
        self._ids_by_names: dict[int, int] = {}

    def __len__(self) -> int:
        """Count them."""
        return len(self._ids)

    def keys(self) -> list[str]:
        """List the pools' keys by their ids."""
        return list(self._ids)

    def ids(self, keys: Sequence[str]) -> npt.NDArray[np.int32]:
        """Give the pools' ids; a new pool gets the next one."""
        new = [key for key in dict.fromkeys(keys) if key not in self._ids]
        self._ids.update(zip(new, range(len(self), len(self) + len(new)), strict=True))
        return np.fromiter(map(self._ids.__getitem__, keys), np.int32, len(keys))

    def name_ids(self, names: Iterable[str]) -> NameIds:
        """Give ids to names of any kind, for `ids_by_names`."""
        known = self._name_ids
        return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int64)

    def ids_by_names(self, regions: NameIds, instances: NameIds, azs: NameIds) -> npt.NDArray[np.int32]:
        """Give the pools' ids, NO_POOL where one of the three is missing; fast for many pools that were met before."""
        known = self._ids_by_names
        together = (((regions << _NAME_ID_BITS) | instances) << _NAME_ID_BITS | azs).tolist()
        if new := [row for row, names in enumerate(together) if names not in known]:
            names = list(self._name_ids)
            for row in new:
                region, instance, az = (names[name_ids[row]] for name_ids in (regions, instances, azs))
                key = _pool_key(region, instance, az)
                known[together[row]] = int(self.ids([key])[0]) if region and instance and az else NO_POOL
        return np.fromiter(map(known.__getitem__, together), np.int32, len(together))


def _pool_key(region: str, instance: str, az: str) -> str:
    """Join the names that identify a pool."""
    return f"{region}{KEY_SEPARATOR}{instance}{KEY_SEPARATOR}{az}"


def pair_of(key: str) -> tuple[str, str]:
    """Give the (Region, instance type) of a pool."""
    region, instance, _ = key.split(KEY_SEPARATOR)
    return region, instance


_TOO_MANY_VALUES = "too many different numbers in SPS and IF to be scores"


class Values:
    """The few numbers that scores and frequencies take: compared by their codes, kept exactly."""

    ROOM = 32_000
    """How many different ones there can be: codes have 16 bits."""
    MAX_IN_A_FILE = 1000

    def __init__(self) -> None:
        """Begin with none."""
        self._table = np.full(self.ROOM, np.nan)
        self._count = 0

    def __len__(self) -> int:
        """Count them."""
        return self._count

    def codes(self, numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.int16]:
        """Give the numbers' codes; UNKNOWN_CODE for NaN and -1. Raises Damaged where there is no room for more."""
        return np.array([self._code(number) for number in numbers.tolist()], dtype=np.int16)

    def check(self, blocks: Sequence[Block]) -> None:
        """Raise Damaged if a file has more different numbers than scores and frequencies can have."""
        if len(self) > self.MAX_IN_A_FILE:
            codes = np.concatenate([codes for block in blocks for codes in (block.sps, block.frequency)])
            if len(np.unique(codes[codes != UNKNOWN_CODE])) > self.MAX_IN_A_FILE:
                raise Damaged(_TOO_MANY_VALUES)

    def truncate(self, count: int) -> None:
        """Forget all but the first so many."""
        self._count = count

    def numbers(self, codes: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
        """Give the numbers that have these codes; NaN for UNKNOWN_CODE."""
        return np.append(self._table, np.nan)[codes]

    def _code(self, number: float) -> int:
        if number != number or number == _MISSING:
            return UNKNOWN_CODE
        count = len(self)
        known = np.flatnonzero(self._table[:count] == number)
        if len(known):
            return int(known[0])
        if count == self.ROOM:
            raise Damaged(_TOO_MANY_VALUES)
        self._table[count] = number
        self._count += 1
        return count
