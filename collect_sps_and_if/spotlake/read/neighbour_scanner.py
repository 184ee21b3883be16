"""Scans CSV snapshots one after another, each compared with the one before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collect_sps_and_if.spotlake.find.times import Span, seconds_of
from collect_sps_and_if.spotlake.read import scanner
from collect_sps_and_if.spotlake.read.codes import KEY_END, Pools, Values
from collect_sps_and_if.spotlake.read.rows import POOL_COLUMNS, VALUE_COLUMNS, Block, columns_of
from collect_sps_and_if.spotlake.read.scan_arrays import Lines, Positions, Scanned, array_of, new_lines, pool_table

INITIAL_LINES = 50_000
INITIAL_POOLS = 50_000
"""Room to begin with; a snapshot has up to 38,000 lines."""
HEAD_BYTES = 4096
"""In which header and first line must fit."""
MAX_TEXT_BYTES = 2**30  # positions in it are kept as 32-bit numbers; a snapshot has 3 MB
NO_TEXT = bytes(32)
"""In place of the previous text where there is none."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What the header and the first line of a text tell."""

    header: bytes
    positions: Positions
    time_at: int
    """Where in the text the first line's time starts."""
    time: bytes
    """The first line's time, which all others must have; empty if there is no such column."""


@dataclass(frozen=True, slots=True)
class _Previous:
    """A scanned snapshot, with which the next one is compared."""

    text: bytes | bytearray
    head: _Head
    lines: Lines
    count: int


class NeighbourScanner:
    """Scans snapshots, fast if they come in the order of time; in any other order the result is the same."""

    def __init__(self, pools: Pools, values: Values) -> None:
        """Take ids and codes from these."""
        self._pools = pools
        self._values = values
        self._previous: _Previous | None = None
        self._table = pool_table(INITIAL_POOLS)
        self._free_lines = new_lines(INITIAL_LINES)
        self._ids = np.empty(0, np.int32)  # of the table's pools in `pools`
        self._ids_equal_the_tables = False  # they differ once another reader has added pools

    def scan(self, text: bytes | bytearray, span: Span | None) -> Block | None:
        """Read a snapshot's text; None if the scanner does not support it. Raises Damaged for a wrong header."""
        head = _head_of(text)
        if head is None:
            return None
        time = _time(head, span)
        found = None if time is None else self._scan(text, head)
        if found is None or time is None or not self._add_new_pools():
            return None
        lines, count = found
        pools, sps, frequency = (lines[field][:count] for field in ("pool", "sps", "frequency"))
        ids = pools.copy() if self._ids_equal_the_tables else self._ids[pools]
        return Block(time, ids, sps.copy(), frequency.copy())

    def forget_previous(self) -> None:
        """Compare the next snapshot with none."""
        self._previous = None

    def _scan(self, text: bytes | bytearray, head: _Head) -> tuple[Lines, int] | None:
        """Scan a text's lines: give them, and how many there are; None if the scanner does not support them."""
        pools_before = int(self._table.size[0])
        previous = self._previous
        if previous is None or previous.head.header != head.header or len(previous.head.time) != len(head.time):
            previous = _Previous(NO_TEXT, head, self._free_lines, 0)
        while True:
            outcome, count = scanner.scan(
                array_of(text), len(head.header) + 1, (head.time_at, len(head.time)), head.positions,
                Scanned(array_of(previous.text), previous.lines, previous.count),
                self._table, (self._values.table, self._values.count), self._free_lines,
            )  # fmt: skip
            if outcome == scanner.LINES_FULL:
                self._free_lines = new_lines(2 * len(self._free_lines))
            elif outcome == scanner.POOLS_FULL:
                self._forget_pools(2 * len(self._table.last_line))
                previous = _Previous(NO_TEXT, head, self._free_lines, 0)
            elif outcome == scanner.UNSUPPORTED:
                if self._table.size[0] > pools_before:  # the new ones may not be pools' names at all
                    self._forget_pools(len(self._table.last_line))
                return None
            else:
                break
        lines = self._free_lines
        self._free_lines = self._previous.lines if self._previous else new_lines(len(lines))
        self._previous = _Previous(text, head, lines, count)
        return lines, count

    def _forget_pools(self, room: int) -> None:
        """Begin anew, with room for so many pools."""
        self._table = pool_table(room)
        self._ids = np.empty(0, np.int32)
        self._previous = None

    def _add_new_pools(self) -> bool:
        """Get ids for the pools that the last scan has met first; False if a name is not UTF-8."""
        known, count = len(self._ids), int(self._table.size[0])
        if count == known:
            return True
        start, end = (int(self._table.starts[pool]) for pool in (known, count))
        try:
            keys = self._table.keys[start:end].tobytes().decode().split(KEY_END)[:-1]
        except UnicodeDecodeError:
            self._forget_pools(len(self._table.last_line))
            return False
        self._ids = np.concatenate([self._ids, self._pools.ids(keys)])
        self._ids_equal_the_tables = np.array_equal(self._ids, np.arange(count))
        return True


def _head_of(text: bytes | bytearray) -> _Head | None:
    """Look at the header and the first line; None if the scanner does not support them."""
    head = bytes(text[:HEAD_BYTES])
    header, _, rest = head.partition(b"\n")
    first, newline, _ = rest.partition(b"\n")
    if (
        not first
        or len(text) > MAX_TEXT_BYTES
        or not header.isascii()
        or b'"' in header
        or b"\r" in header
        or (len(head) == HEAD_BYTES and not newline)
    ):
        return None
    names = header.decode().split(",")
    columns = columns_of(names)
    others = [names.index(name) for name in (*POOL_COLUMNS, *VALUE_COLUMNS)]
    positions = Positions(len(names), names.index(columns.time) if columns.time else -1, *others)
    cells = first.split(b",")
    if len(cells) != len(names):
        return None
    before = cells[: max(0, positions.time)]
    time_at = len(header) + 1 + sum(len(cell) + 1 for cell in before)
    return _Head(header, positions, time_at, cells[positions.time] if positions.time >= 0 else b"")


def _time(head: _Head, span: Span | None) -> int | None:
    if head.time:
        return seconds_of(head.time.decode("ascii", "replace"))
    return span.first if span and span.first == span.last else None
