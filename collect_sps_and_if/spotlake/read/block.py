"""Rows of one snapshot, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Block:
    """Rows with one time, in the file's order: the pools they are about and the codes of their two values."""

    time: int
    pools: npt.NDArray[np.int32]
    sps: npt.NDArray[np.int16]
    frequency: npt.NDArray[np.int16]
