"""What is read of a snapshot: which of its columns, found by name, and its rows as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.find.damage import Damaged

POOL_COLUMNS = ("Region", "InstanceType", "AZ")
VALUE_COLUMNS = ("SPS", "IF")
_TIME_COLUMNS = ("Time", "time")
"""The first of these that a file has; it need not have one."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns to read."""

    time: str | None
    """None if the file has no such column; then its path tells the time."""

    @property
    def names(self) -> list[str]:
        """List them all."""
        return [*POOL_COLUMNS, *VALUE_COLUMNS, *([self.time] if self.time else [])]


def columns_of(header: Sequence[str]) -> Columns:
    """Find the columns in a header. Raises Damaged, naming those that are missing or there twice."""
    if missing := [name for name in (*POOL_COLUMNS, *VALUE_COLUMNS) if name not in header]:
        raise Damaged(f"wrong header: no {', '.join(missing)}")
    columns = Columns(next((name for name in _TIME_COLUMNS if name in header), None))
    if twice := [name for name in columns.names if header.count(name) > 1]:
        raise Damaged(f"wrong header: {', '.join(twice)} twice")
    return columns


@dataclass(frozen=True, slots=True)
class Block:
    """Rows with one time, in the file's order: one element a row in each array."""

    time: int
    """In seconds since 1970."""
    pools: npt.NDArray[np.int32]
    """The ids that `codes.Pools` gave to the rows' pools."""
    sps: npt.NDArray[np.int16]
    """The code that `codes.Values` gave to the placement score."""
    frequency: npt.NDArray[np.int16]
    """The code of the interruption frequency (column IF)."""
