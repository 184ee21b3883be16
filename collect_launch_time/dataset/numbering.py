"""Numbers in the place of names, so that rows can be sorted and looked up as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from data_files.cell_arrays import Integers
from data_files.columnar import CodedValues

_Key = tuple[Any, ...]
Group = tuple[Any, Any]


class Numbering:
    """Numbers keys, such as (Region, instance type, zone), in the order in which they are met.

    Keys that begin with the same two values are a group.
    """

    def __init__(self) -> None:
        self.keys: list[_Key] = []
        self._numbers: dict[_Key, int] = {}
        self._groups: dict[Group, list[int]] = {}

    def of(self, *columns: CodedValues) -> Integers:
        """Give for every row the number of its key, which is its values in these columns."""
        codes = columns[0].codes
        for column in columns[1:]:
            codes = codes * max(1, len(column.values)) + column.codes
        _, rows, places = np.unique(codes, return_index=True, return_inverse=True)
        met = [tuple(column.values[column.codes[row]] for column in columns) for row in rows.tolist()]
        return np.array([self._number(key) for key in met], np.int64)[places]

    def members(self, groups: Sequence[Group]) -> Integers:
        """Give the numbers of each group's keys, a row a group, ordered by the keys; -1 fills the rows."""
        found = [self._groups.get(group, []) for group in groups]
        table = np.full((len(found), max(map(len, found), default=0) or 1), -1, np.int64)
        for row, numbers in zip(table, found, strict=True):
            row[: len(numbers)] = numbers
        return table

    def _number(self, key: _Key) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.keys)
            self.keys.append(key)
            group = self._groups.setdefault((key[0], key[1]), [])
            group.append(number)
            group.sort(key=lambda member: repr(self.keys[member]))
        return number
