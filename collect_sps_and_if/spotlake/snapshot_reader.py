"""Reads CSV snapshots one after another: by the compiled scanner, or what that does not know by the library's reader."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from collect_sps_and_if.spotlake.block import Block
from collect_sps_and_if.spotlake.columns import NAMES, NUMBERS, columns_of
from collect_sps_and_if.spotlake.damage import Damaged
from collect_sps_and_if.spotlake.moments import Span, seconds_of
from collect_sps_and_if.spotlake.pools import BEHIND, Pools, Values

FIRST_LINES = 50_000
FIRST_POOLS = 50_000
HEAD_BYTES = 4096
NOTHING = bytes(32)
"""A text to compare with where there is none."""


def compiled_scanner() -> ModuleType | None:
    """Give the scanner, or None where numba cannot be had."""
    try:
        from collect_sps_and_if.spotlake import scanner
    except ImportError:
        return None
    return scanner


@dataclass(frozen=True, slots=True)
class _Start:
    """What the first two lines tell: the form of all, and the time that all others should have."""

    header: bytes
    form: Any
    time_at: int
    time: bytes


@dataclass(frozen=True, slots=True)
class _Scanned:
    """A snapshot that was scanned: what the next one is compared with."""

    text: bytes
    start: _Start
    lines: Any
    count: int


class SnapshotReader:
    """Reads snapshots that are neighbours in time; in any other order it is as right, and slower."""

    def __init__(self, pools: Pools, values: Values, scanner: ModuleType | None) -> None:
        """Number pools and values with these; without a scanner read all by the library."""
        self._pools = pools
        self._values = values
        self._scanner = scanner
        self._before: _Scanned | None = None
        if scanner:
            self._table = scanner.table(FIRST_POOLS)
            self._spare = scanner.lines(FIRST_LINES)
            self._numbers = np.empty(0, np.int32)  # our numbers of the table's pools

    def read(self, text: bytes, span: Span | None) -> list[Block]:
        """Read the blocks of a snapshot's text. Raises Damaged."""
        values_before = int(self._values.count[0])
        try:
            block = self._scanned(text, span) if self._scanner else None
            if block:
                return [block]
            self._values.count[0] = values_before
            from collect_sps_and_if.spotlake.csv_reader import read_csv

            return read_csv(text, span, self._pools, self._values)
        except Damaged:
            self._values.count[0] = values_before
            raise

    def _scanned(self, text: bytes, span: Span | None) -> Block | None:
        scanner: Any = self._scanner
        start = _start_of(text, scanner)
        if start is None:
            return None
        time = _time(start, span)
        found = None if time is None else self._scan(text, start)
        if found is None or time is None or not self._name_new_pools():
            return None
        lines, count = found
        pools, sps, frequency = (lines[:count, column] for column in (scanner.POOL, scanner.SPS, scanner.FREQUENCY))
        return Block(time, self._numbers[pools], sps.astype(np.int16), frequency.astype(np.int16))

    def _scan(self, text: bytes, start: _Start) -> tuple[Any, int] | None:
        scanner: Any = self._scanner
        pools_before = int(self._table.count[0])
        other = self._before
        if other is None or other.start.header != start.header or len(other.start.time) != len(start.time):
            other = _Scanned(NOTHING, start, self._spare, 0)
        while True:
            outcome, count = scanner.scan(
                scanner.view_of(text), len(start.header) + 1, start.time_at, len(start.time), start.form,
                scanner.view_of(other.text), other.lines, other.count,
                self._table, self._values.table, self._values.count, self._spare,
            )  # fmt: skip
            if outcome == scanner.MORE_LINES:
                self._spare = scanner.lines(2 * len(self._spare))
            elif outcome == scanner.MORE_POOLS:
                self._forget(2 * len(self._table.line))
                other = _Scanned(NOTHING, start, self._spare, 0)
            elif outcome == scanner.STRANGE:
                if self._table.count[0] > pools_before:  # what it took for names may be none
                    self._forget(len(self._table.line))
                return None
            else:
                break
        lines = self._spare
        self._spare = self._before.lines if self._before else scanner.lines(len(lines))
        self._before = _Scanned(text, start, lines, count)
        return lines, count

    def _forget(self, pools: int) -> None:
        self._table = self._scanner.table(pools)  # type: ignore[union-attr]
        self._numbers = np.empty(0, np.int32)
        self._before = None

    def _name_new_pools(self) -> bool:
        known, count = len(self._numbers), int(self._table.count[0])
        start, end = (int(self._table.ends[pool]) for pool in (known, count))
        try:
            keys = self._table.text[start:end].tobytes().decode().split(BEHIND)[:-1]
        except UnicodeDecodeError:
            self._forget(len(self._table.line))
            return False
        self._numbers = np.concatenate([self._numbers, self._pools.numbers(keys)])
        return True


def _start_of(text: bytes, scanner: Any) -> _Start | None:
    """Look at the first two lines; None if they have a form the scanner does not know."""
    head = bytes(text[:HEAD_BYTES])
    header, _, rest = head.partition(b"\n")
    first, newline, _ = rest.partition(b"\n")
    if not first or not header.isascii() or b'"' in header or b"\r" in header or (len(head) == HEAD_BYTES and not newline):
        return None
    names = header.decode().split(",")
    columns = columns_of(names)
    at = [names.index(name) for name in (*NAMES, *NUMBERS)]
    form = scanner.Form(len(names), names.index(columns.time) if columns.time else -1, *at)
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
