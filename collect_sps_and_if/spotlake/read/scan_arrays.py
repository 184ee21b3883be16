"""What the compiled scan works on: the bytes of a text, an array for the lines found, and a hash table of pools."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.read.codes import NO_POOL

Bytes = npt.NDArray[np.uint8]
Int32s = npt.NDArray[np.int32]
Lines = npt.NDArray[np.void]
Int64s = npt.NDArray[np.int64]

LINE = np.dtype(
    [
        ("start", np.int32),
        ("pool", np.int32),
        ("length", np.int16),
        ("time_at", np.int16),  # bytes from the line's start to its time
        ("sps", np.int16),
        ("frequency", np.int16),
    ]
)
"""What is kept of a line, in few bytes, since it is read and written for every line of every snapshot.

Start and length are in bytes; pool, sps and frequency are id and codes as in `codes`."""
BYTES_PER_KEY = 64


class Positions(NamedTuple):
    """How many columns a file has, and at which position those that count are; `time` is -1 if there is none."""

    columns: int
    time: int
    region: int
    instance: int
    az: int
    sps: int
    frequency: int


class Scanned(NamedTuple):
    """A scanned snapshot, with which the next one is compared."""

    text: Bytes
    lines: Lines
    line_count: int


class PoolTable(NamedTuple):
    """A hash table of the pools that the scanner met, with ids of its own in the order in which it met them."""

    slots: Int32s
    """The hash table: ids, or NO_POOL."""
    starts: Int32s
    """Where in `keys` each pool's key starts; the last is where the next one will."""
    keys: Bytes
    """The pools' keys one behind the other, each as `codes.pool_key` writes it and a KEY_END."""
    last_line: Int32s
    """At which line of the last snapshot that had it each pool was: a hint."""
    size: Int64s
    """How many pools there are, in an array for the scanner to add to."""


def array_of(text: bytes | bytearray) -> Bytes:
    """Give a text as an array of its bytes, without a copy."""
    array = np.frombuffer(text, np.uint8)
    array.flags.writeable = False  # for numba, writeable or not are two types: the scan would be compiled twice
    return array


def new_lines(count: int) -> Lines:
    """Make an array for that many lines."""
    return np.empty(count, LINE)


def pool_table(pools: int) -> PoolTable:
    """Make an empty table for that many pools."""
    slots = 1 << (2 * pools).bit_length()
    return PoolTable(
        np.full(slots, NO_POOL, np.int32),
        np.zeros(pools + 1, np.int32),
        np.empty(pools * BYTES_PER_KEY, np.uint8),
        np.full(pools, NO_POOL, np.int32),
        np.zeros(1, np.int64),
    )
