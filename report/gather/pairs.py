"""Number days and the (instance type, Region) pairs seen, so that a row of data can name both in a few digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import CodedValues

_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Give a day's number: the days since 1970."""
    return (day - _EPOCH).days


@dataclass(frozen=True)
class PairTable:
    """The pairs by number, for the page: each is two numbers in `pairs`, the places of its type and its Region."""

    types: Sequence[str]
    regions: Sequence[str]
    pairs: Sequence[int]


@dataclass
class PairNumbers:
    """All pairs so far, each with its number: the order in which they were first seen."""

    _types: dict[str, int] = field(default_factory=dict)
    _regions: dict[str, int] = field(default_factory=dict)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, table: PairTable) -> PairNumbers:
        """Take the pairs of a table, with their numbers."""
        pairs = cls()
        for instance, region in zip(table.pairs[::2], table.pairs[1::2], strict=True):
            pairs.number(table.regions[region], table.types[instance])
        return pairs

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self._numbers)

    def number(self, region: str, instance: str) -> int:
        """Give a pair's number, a new one if it is new."""
        number = self._numbers.get((instance, region))
        if number is None:
            number = self._numbers[instance, region] = len(self._numbers)
            self._types.setdefault(instance, len(self._types))
            self._regions.setdefault(region, len(self._regions))
        return number

    def known_number(self, region: str, instance: str) -> int | None:
        """Give a pair's number; None if it was not seen yet."""
        return self._numbers.get((instance, region))

    def numbers_of(self, region: CodedValues, instance: CodedValues) -> NDArray[np.int64]:
        """Give the number of every row's pair."""
        width = len(region.values)
        joint = instance.codes * width + region.codes
        # A place for each that there could be: faster than looking for each row's among those that there are.
        numbers = np.full(len(instance.values) * width, -1)
        numbers[joint] = 0
        distinct = np.flatnonzero(numbers == 0)
        instances, regions = instance.values, region.values
        known = self._numbers.get
        names = [(instances[key // width], regions[key % width]) for key in distinct.tolist()]
        numbers[distinct] = [
            self.number(name[1], name[0]) if (number := known(name)) is None else number for name in names
        ]
        return np.asarray(numbers[joint])

    def region_numbers(self) -> NDArray[np.int64]:
        """Give every pair's Region, by its place among the Regions."""
        return np.array([self._regions[region] for _, region in self._numbers], np.int64)

    def regions(self) -> list[str]:
        """Give the Regions by their places."""
        return list(self._regions)

    def names(self) -> list[tuple[str, str]]:
        """Give instance type and Region of every pair."""
        return list(self._numbers)

    def table(self) -> PairTable:
        """Give the pairs for the page."""
        places = [
            place for instance, region in self._numbers for place in (self._types[instance], self._regions[region])
        ]
        return PairTable(list(self._types), list(self._regions), places)
