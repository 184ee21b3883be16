"""Number days and the (instance type, Region) pairs seen, so that a row of data can name both in a few digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count, islice

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
    """All pairs so far, each with its number: those seen earlier have lower ones, those seen together by name."""

    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _regions: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Of the pairs by number, as far as it was asked for: the places of their Regions."""
    _places: dict[str, int] = field(default_factory=dict)
    """Of the Regions by name: the order in which they were first seen."""

    @classmethod
    def of(cls, table: PairTable) -> PairNumbers:
        """Take the pairs of a table, with their numbers."""
        instances = map(table.types.__getitem__, table.pairs[::2])
        regions = map(table.regions.__getitem__, table.pairs[1::2])
        return cls({pair: number for number, pair in enumerate(zip(instances, regions, strict=True))})

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self._numbers)

    def number(self, region: str, instance: str) -> int:
        """Give a pair's number, a new one if it is new."""
        return self._numbers.setdefault((instance, region), len(self._numbers))

    def known_number(self, region: str, instance: str) -> int | None:
        """Give a pair's number; None if it was not seen yet."""
        return self._numbers.get((instance, region))

    def numbers_of_names(self, names: Sequence[tuple[str, str]]) -> NDArray[np.int64]:
        """Give the number of each pair, by its instance type and Region, a new one if it is new: these by name."""
        numbers = self._numbers
        found = list(map(numbers.get, names))
        if None in found:
            new = sorted({name for name, number in zip(names, found, strict=True) if number is None})
            numbers.update(zip(new, count(len(numbers)), strict=False))
            found = list(map(numbers.get, names))
        return np.array(found, np.int64)

    def numbers_of(self, region: CodedValues, instance: CodedValues) -> NDArray[np.int64]:
        """Give the number of every row's pair."""
        instances, regions, width = instance.values, region.values, len(region.values)
        joint = instance.codes * width + region.codes
        # A place for each that there could be: faster than looking for each row's among those that there are.
        numbers = np.full(len(instances) * width, -1)
        numbers[joint] = 0
        distinct = np.flatnonzero(numbers == 0)
        numbers[distinct] = self.numbers_of_names(
            [(instances[key // width], regions[key % width]) for key in distinct.tolist()]
        )
        return np.asarray(numbers[joint])

    def region_numbers(self) -> NDArray[np.int64]:
        """Give every pair's Region, by its place among the Regions."""
        if len(self._regions) == len(self._numbers):
            return self._regions
        places = self._places
        new = [places.setdefault(region, len(places)) for _, region in islice(self._numbers, len(self._regions), None)]
        self._regions = np.append(self._regions, new)
        return self._regions

    def regions(self) -> list[str]:
        """Give the Regions by their places."""
        self.region_numbers()
        return list(self._places)

    def names(self) -> list[tuple[str, str]]:
        """Give instance type and Region of every pair."""
        return list(self._numbers)

    def table(self) -> PairTable:
        """Give the pairs for the page."""
        types = list(dict.fromkeys(instance for instance, _ in self._numbers))
        places = {instance: place for place, instance in enumerate(types)}
        rows = zip(self._numbers, self.region_numbers().tolist(), strict=True)
        pairs = [place for (instance, _), region in rows for place in (places[instance], region)]
        return PairTable(types, self.regions(), pairs)
