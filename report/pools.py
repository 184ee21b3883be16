"""Number the (instance type, Region) pairs seen, so that a row of data can name its pair in a few digits."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from report.reading import Column

_LONGEST_NAME = 64  # no type or Region is half as long; a cell that is was not written by us


@dataclass
class Pools:
    """All pairs so far, each with its number: the order in which they were first seen."""

    types: dict[str, int] = field(default_factory=dict)
    regions: dict[str, int] = field(default_factory=dict)
    numbers: dict[tuple[int, int], int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.numbers)

    def number(self, region: str, instance: str) -> int:
        """Give a pair's number, a new one if it is new; -1 if the names cannot be names."""
        if not _is_name(region) or not _is_name(instance):
            return -1
        pair = (self.types.setdefault(instance, len(self.types)), self.regions.setdefault(region, len(self.regions)))
        return self.numbers.setdefault(pair, len(self.numbers))

    def numbers_of(self, region: Column, instance: Column) -> NDArray[np.int64]:
        """Give every row's pair by number; -1 where the names cannot be names."""
        width = len(region.values) or 1
        joint, places = np.unique(instance.codes * width + region.codes, return_inverse=True)
        found = [self.number(region.values[key % width], instance.values[key // width]) for key in joint.tolist()]
        return np.array(found, np.int64)[places] if found else np.empty(0, np.int64)

    def names(self) -> list[tuple[str, str]]:
        """Give instance type and Region of every pair."""
        types, regions = list(self.types), list(self.regions)
        return [(types[instance], regions[region]) for instance, region in self.numbers]

    def listed(self) -> list[int]:
        """Give type and Region of every pair, one pair after the other, as numbers."""
        return [place for pair in self.numbers for place in pair]


def _is_name(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_NAME and text.isprintable()
