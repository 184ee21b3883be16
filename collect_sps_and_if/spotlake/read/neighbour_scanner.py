"""Scans CSV snapshots one after another, each against the one before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collect_sps_and_if.spotlake.find.times import Span, seconds_of
from collect_sps_and_if.spotlake.read import scanner
from collect_sps_and_if.spotlake.read.codes import BEHIND, Pools, Values
from collect_sps_and_if.spotlake.read.rows import NAMES, NUMBERS, Block, columns_of
from collect_sps_and_if.spotlake.read.scan_arrays import Form, Lines, Scanned, pool_table, room_for, view_of

FIRST_LINES = 50_000
FIRST_POOLS = 50_000
HEAD_BYTES = 4096
LARGEST_TEXT = 2**30  # places in it are kept as 32-bit numbers; a snapshot has 3 MB
NOTHING = bytes(32)
"""A text to compare with where there is none."""


@dataclass(frozen=True, slots=True)
class _Start:
    """What the first two lines tell: the form of all, and the time that all others should have."""

    header: bytes
    form: Form
    time_at: int
    time: bytes


@dataclass(frozen=True, slots=True)
class _Before:
    """A snapshot that was scanned: what the next one is compared with."""

    text: bytes | bytearray
    start: _Start
    lines: Lines
    count: int


class NeighbourScanner:
    """Scans snapshots that are neighbours in time; in any other order it is as right, and slower."""

    def __init__(self, pools: Pools, values: Values) -> None:
        """Number pools and values with these."""
        self._pools = pools
        self._values = values
        self._before: _Before | None = None
        self._table = pool_table(FIRST_POOLS)
        self._spare = room_for(FIRST_LINES)
        self._numbers = np.empty(0, np.int32)  # our numbers of the table's pools
        self._same_numbers = False  # as the table's: so it is unless others read snapshots, too

    def scan(self, text: bytes | bytearray, span: Span | None) -> Block | None:
        """Read a snapshot's text; None for what the scanner does not know. Raises Damaged for a wrong header."""
        start = _start_of(text)
        if start is None:
            return None
        time = _time(start, span)
        found = None if time is None else self._scan(text, start)
        if found is None or time is None or not self._name_new_pools():
            return None
        lines, count = found
        pools, sps, frequency = (lines[kept][:count] for kept in ("pool", "sps", "frequency"))
        numbers = pools.copy() if self._same_numbers else self._numbers[pools]
        return Block(time, numbers, sps.copy(), frequency.copy())

    def _scan(self, text: bytes | bytearray, start: _Start) -> tuple[Lines, int] | None:
        pools_before = int(self._table.met[0])
        other = self._before
        if other is None or other.start.header != start.header or len(other.start.time) != len(start.time):
            other = _Before(NOTHING, start, self._spare, 0)
        while True:
            outcome, count = scanner.scan(
                view_of(text), len(start.header) + 1, (start.time_at, len(start.time)), start.form,
                Scanned(view_of(other.text), other.lines, other.count),
                self._table, (self._values.table, self._values.count), self._spare,
            )  # fmt: skip
            if outcome == scanner.MORE_LINES:
                self._spare = room_for(2 * len(self._spare))
            elif outcome == scanner.MORE_POOLS:
                self._forget(2 * len(self._table.line))
                other = _Before(NOTHING, start, self._spare, 0)
            elif outcome == scanner.STRANGE:
                if self._table.met[0] > pools_before:  # what it took for names may be none
                    self._forget(len(self._table.line))
                return None
            else:
                break
        lines = self._spare
        self._spare = self._before.lines if self._before else room_for(len(lines))
        self._before = _Before(text, start, lines, count)
        return lines, count

    def forget(self) -> None:
        """Compare the next snapshot with none that was before."""
        self._before = None

    def _forget(self, pools: int) -> None:
        self._table = pool_table(pools)
        self._numbers = np.empty(0, np.int32)
        self._before = None

    def _name_new_pools(self) -> bool:
        known, count = len(self._numbers), int(self._table.met[0])
        if count == known:
            return True
        start, end = (int(self._table.ends[pool]) for pool in (known, count))
        try:
            keys = self._table.keys[start:end].tobytes().decode().split(BEHIND)[:-1]
        except UnicodeDecodeError:
            self._forget(len(self._table.line))
            return False
        self._numbers = np.concatenate([self._numbers, self._pools.numbers(keys)])
        self._same_numbers = np.array_equal(self._numbers, np.arange(count))
        return True


def _start_of(text: bytes | bytearray) -> _Start | None:
    """Look at the first two lines; None if they have a form the scanner does not know."""
    head = bytes(text[:HEAD_BYTES])
    header, _, rest = head.partition(b"\n")
    first, newline, _ = rest.partition(b"\n")
    if (
        not first
        or len(text) > LARGEST_TEXT
        or not header.isascii()
        or b'"' in header
        or b"\r" in header
        or (len(head) == HEAD_BYTES and not newline)
    ):
        return None
    names = header.decode().split(",")
    columns = columns_of(names)
    at = [names.index(name) for name in (*NAMES, *NUMBERS)]
    form = Form(len(names), names.index(columns.time) if columns.time else -1, *at)
    cells = first.split(b",")
    if len(cells) != len(names):
        return None
    before = cells[: max(0, form.time)]
    time_at = len(header) + 1 + sum(len(cell) + 1 for cell in before)
    return _Start(header, form, time_at, cells[form.time] if form.time >= 0 else b"")


def _time(start: _Start, span: Span | None) -> int | None:
    if start.time:
        return seconds_of(start.time.decode("ascii", "replace"))
    return span.first if span and span.first == span.last else None
