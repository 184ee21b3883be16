"""What the compiled scan works on: a text's bytes, room for what is found of lines, and a hash table of pools."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int32]
Lines = npt.NDArray[np.void]
Places = npt.NDArray[np.int64]

LINE = np.dtype(
    [
        ("start", np.int32),
        ("pool", np.int32),
        ("length", np.int16),
        ("time_at", np.int16),  # counted from the line's start
        ("sps", np.int16),
        ("frequency", np.int16),
    ]
)
"""What is kept of a line: as few bytes as it takes, for all of them are read and written for each snapshot."""
BYTES_A_KEY = 64
NO_POOL = -1


class Form(NamedTuple):
    """Which column is which, by number; `time` is -1 where there is none."""

    columns: int
    time: int
    region: int
    instance: int
    az: int
    sps: int
    frequency: int


class Scanned(NamedTuple):
    """A snapshot that was scanned, to compare another one with."""

    text: Bytes
    lines: Lines
    line_count: int


class PoolTable(NamedTuple):
    """Pools by their keys (Region, type and Zone), which stand end to end as `pools` has them in a list."""

    slots: Ints
    ends: Ints
    keys: Bytes
    line: Ints
    """Where the pool's line was last: a hint."""
    met: Places
    """How many there are."""


def view_of(text: bytes | bytearray) -> Bytes:
    """View a text as its bytes."""
    view = np.frombuffer(text, np.uint8)
    view.flags.writeable = False  # one type for all texts, or the scan would be compiled twice
    return view


def room_for(lines: int) -> Lines:
    """Make room for that many lines."""
    return np.empty(lines, LINE)


def pool_table(pools: int) -> PoolTable:
    """Make room for that many pools."""
    slots = 1 << (2 * pools).bit_length()
    return PoolTable(
        np.full(slots, NO_POOL, np.int32),
        np.zeros(pools + 1, np.int32),
        np.empty(pools * BYTES_A_KEY, np.uint8),
        np.full(pools, NO_POOL, np.int32),
        np.zeros(1, np.int64),
    )
