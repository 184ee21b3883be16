"""What is read of a snapshot: which of its columns, found by name, and its rows as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.find.damage import Damaged

NAMES = ("Region", "InstanceType", "AZ")
NUMBERS = ("SPS", "IF")
TIMES = ("Time", "time")


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns to read."""

    time: str | None
    """None where there is none: then the path tells the time."""

    @property
    def wanted(self) -> list[str]:
        """List them all."""
        return [*NAMES, *NUMBERS, *([self.time] if self.time else [])]


def columns_of(header: Sequence[str]) -> Columns:
    """Find the columns in a header. Raises Damaged naming what is missing or there twice."""
    if missing := [name for name in (*NAMES, *NUMBERS) if name not in header]:
        raise Damaged(f"a wrong header: no {', '.join(missing)}")
    found = Columns(next((name for name in TIMES if name in header), None))
    if twice := [name for name in found.wanted if header.count(name) > 1]:
        raise Damaged(f"a wrong header: {', '.join(twice)} twice")
    return found


@dataclass(frozen=True, slots=True)
class Block:
    """Rows with one time, in the file's order: the pools they are about and the codes of their two values."""

    time: int
    pools: npt.NDArray[np.int32]
    sps: npt.NDArray[np.int16]
    frequency: npt.NDArray[np.int16]
