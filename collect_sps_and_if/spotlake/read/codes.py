"""Numbers in place of names and values, so that millions of rows are small arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.read.rows import Block

Names = npt.NDArray[np.int64]

UNKNOWN = -1
BETWEEN, BEHIND = "\t", "\n"
"""What stands between the parts of a pool's key, and behind it in a list of keys: no name has them in it."""
NAME_BITS = 21
"""Enough for two million names; SpotLake has some 1,500."""
MISSING = -1.0
"""How SpotLake's older files spell a missing value; the newer ones leave the cell empty."""


class Pools:
    """Every pool met so far, numbered in the order it was met."""

    def __init__(self) -> None:
        """Begin with none."""
        self._numbers: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._by_names: dict[int, int] = {}

    def __len__(self) -> int:
        """Count them."""
        return len(self._numbers)

    def keys(self) -> list[str]:
        """List the pools by their numbers."""
        return list(self._numbers)

    def numbers(self, keys: Sequence[str]) -> npt.NDArray[np.int32]:
        """Give the pools' numbers; a new one gets the next."""
        more = [key for key in dict.fromkeys(keys) if key not in self._numbers]
        self._numbers.update(zip(more, range(len(self), len(self) + len(more)), strict=True))
        return np.fromiter(map(self._numbers.__getitem__, keys), np.int32, len(keys))

    def names(self, names: Iterable[str]) -> npt.NDArray[np.int64]:
        """Number names of any kind, for `numbers_by_names`."""
        known = self._names
        return np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int64)

    def numbers_by_names(self, regions: Names, instances: Names, azs: Names) -> npt.NDArray[np.int32]:
        """Give the pools' numbers, UNKNOWN for one without Region or type; made for many pools that were met before."""
        known = self._by_names
        together = (((regions << NAME_BITS) | instances) << NAME_BITS | azs).tolist()
        if more := [place for place, names in enumerate(together) if names not in known]:
            texts = list(self._names)
            for place in more:
                region, instance, az = (texts[names[place]] for names in (regions, instances, azs))
                key = pool_key(region, instance, az)
                known[together[place]] = int(self.numbers([key])[0]) if region and instance else UNKNOWN
        return np.fromiter(map(known.__getitem__, together), np.int32, len(together))


def pool_key(region: str, instance: str, az: str) -> str:
    """Join what names a pool."""
    return f"{region}{BETWEEN}{instance}{BETWEEN}{az}"


def pair_of(key: str) -> tuple[str, str]:
    """Give the (Region, instance type) of a pool."""
    region, instance, _ = key.split(BETWEEN)
    return region, instance


TOO_MANY = "too many different numbers in SPS and IF: these are no scores"


class Values:
    """The few numbers that scores and frequencies take, each with a small code; compared by code, kept exactly."""

    ROOM = 32_000
    """For numbers of many odd files; their codes have 16 bits."""
    MOST_IN_A_FILE = 1000

    def __init__(self) -> None:
        """Begin with none."""
        self.table = np.full(self.ROOM, np.nan)
        self.count = np.zeros(1, dtype=np.int64)  # an array, for the scanner to count on

    def __len__(self) -> int:
        """Count them."""
        return int(self.count[0])

    def codes(self, numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.int16]:
        """Give the numbers' codes; UNKNOWN for NaN and -1.

        Raises Damaged when there is no room for so many different ones.
        """
        return np.array([self._code(number) for number in numbers.tolist()], dtype=np.int16)

    def check(self, blocks: Sequence[Block]) -> None:
        """Raise Damaged if a file holds more different numbers than scores and frequencies can have."""
        if len(self) > self.MOST_IN_A_FILE:
            codes = np.concatenate([codes for block in blocks for codes in (block.sps, block.frequency)])
            if len(np.unique(codes[codes != UNKNOWN])) > self.MOST_IN_A_FILE:
                raise Damaged(TOO_MANY)

    def forget_from(self, count: int) -> None:
        """Forget all but the first so many."""
        self.count[0] = count

    def numbers(self, codes: npt.NDArray[np.int16]) -> npt.NDArray[np.float64]:
        """Give the numbers that codes stand for; NaN for UNKNOWN."""
        return np.append(self.table, np.nan)[codes]

    def _code(self, number: float) -> int:
        if number != number or number == MISSING:
            return UNKNOWN
        count = len(self)
        known = np.flatnonzero(self.table[:count] == number)
        if len(known):
            return int(known[0])
        if count == self.ROOM:
            raise Damaged(TOO_MANY)
        self.table[count] = number
        self.count[0] += 1
        return count
