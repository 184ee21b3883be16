"""Reads CSV snapshots one after another: of each, only the lines that the one before it does not have are parsed.

Few lines change in ten minutes. Where all of a line but its time is the same, so are its pool and its values.

Where this is not certain to read what `csv_reader` would (quotes, control characters, rows with different numbers of
cells, several times, unusual numbers), it gives None, and the file is left to that reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.find.times import Span, seconds_of
from collect_sps_and_if.spotlake.read.cells import MAX_CELL, CutLines, lines_cut
from collect_sps_and_if.spotlake.read.codes import NO_POOL, Pools, Values
from collect_sps_and_if.spotlake.read.lines import Lines, LineTable, Text, lines_of
from collect_sps_and_if.spotlake.read.pool_names import Ids, PoolNames
from collect_sps_and_if.spotlake.read.rows import POOL_COLUMNS, VALUE_COLUMNS, Block, columns_of

_HEAD_BYTES = 4096
"""In which header and first line must fit."""
_MAX_TEXT_BYTES = 64 * 1024 * 1024
"""A snapshot has 3 MB; what is larger has many times."""
_MAX_NUMBER = 8
"""Bytes of a number: so few are read alike by everyone, to the last digit."""
_USUAL_NUMBER = re.compile(rb"-?\d+(\.\d*)?|")

_Rows = tuple[Ids, npt.NDArray[np.int16], npt.NDArray[np.int16]]
"""Pools, placement scores and frequencies, as in a `Block`; NO_POOL for a row that names none."""


@dataclass(frozen=True, slots=True)
class _Head:
    """What the header and the first line of a text tell."""

    header: bytes
    time: bytes
    """That of the first line, which all others must have; empty if there is no such column."""
    time_is_last: bool
    """Whether it stands in the last column, not in the first."""
    columns: int
    """How many there are besides the time's."""
    places: tuple[int, ...]
    """Where among these POOL_COLUMNS and VALUE_COLUMNS are."""


class NeighbourReader:
    """Reads snapshots, fast if they come in the order of time; in any other order the result is the same."""

    def __init__(self, pools: Pools, values: Values) -> None:
        """Take ids and codes from these."""
        self._pools = PoolNames(pools)
        self._values = values
        self._table = LineTable()
        self._header = b""
        self._rows: _Rows | None = None  # of the lines in the table

    def read(self, text: bytes | bytearray, span: Span | None) -> Block | None:
        """Read a snapshot's text; None if it is unusual. Raises Damaged for a wrong header, or too many numbers."""
        head = _head_of(text)
        time = _time(head, span) if head else None
        if head is None or time is None:
            return None
        array = np.frombuffer(text, np.uint8)
        lines = lines_of(array, len(head.header) + 1, head.time, time_is_last=head.time_is_last)
        self._rows = self._rows_of(array, lines, head) if lines else None
        if self._rows is None:
            self.forget()
            return None
        pools, sps, frequency = self._rows
        is_named = pools != NO_POOL
        if is_named.all():
            return Block(time, pools, sps, frequency)
        return Block(time, pools[is_named], sps[is_named], frequency[is_named])

    def forget(self) -> None:
        """Compare the next snapshot with none."""
        self._table.clear()
        self._rows = None

    def _rows_of(self, text: Text, lines: Lines, head: _Head) -> _Rows | None:
        if head.header != self._header:
            self.forget()
            self._header = head.header
        former = self._rows
        rows, is_known = self._table.replace(lines)
        new = np.flatnonzero(~is_known)
        if former:
            pools, sps, frequency = former[0][rows], former[1][rows], former[2][rows]
        else:
            pools, (sps, frequency) = np.full(len(lines), NO_POOL, np.int32), np.empty((2, len(lines)), np.int16)
        if len(new):
            cells = lines_cut(text, lines.begins[new], lines.lengths[new], head.columns)
            # Of a line that is in no other text, mostly the pool is that of the line which stood in its place.
            parsed = self._parsed(cells, head.places, pools[new]) if cells else None
            if parsed is None:
                return None
            pools[new], sps[new], frequency[new] = parsed
        return pools, sps, frequency

    def _parsed(self, cells: CutLines, places: tuple[int, ...], likely: Ids) -> _Rows | None:
        """Give what the cells of some lines say; None if one is unusual. `likely` are the ids their pools may have."""
        region, instance, az = (cells.column(place, MAX_CELL) for place in places[: len(POOL_COLUMNS)])
        sps, frequency = (self._codes_of(cells.column(place, _MAX_NUMBER)) for place in places[len(POOL_COLUMNS) :])
        if region is None or instance is None or az is None or sps is None or frequency is None:
            return None
        return self._pools.ids(np.hstack([region, instance, az]), likely), sps, frequency

    def _codes_of(self, cells: Text | None) -> npt.NDArray[np.int16] | None:
        if cells is None:
            return None
        words = cells.view(np.uint64)[:, 0]
        ordered = np.sort(words)
        distinct = ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])]
        texts = [word.tobytes().rstrip(b"\0") for word in distinct]
        if not all(map(_USUAL_NUMBER.fullmatch, texts)):
            return None
        codes = self._values.codes(np.array([float(text or "nan") for text in texts]))
        return codes[np.searchsorted(distinct, words)]


def _head_of(text: bytes | bytearray) -> _Head | None:
    """Look at the header and the first line; None if they are unusual."""
    head = bytes(text[:_HEAD_BYTES])
    header, _, rest = head.partition(b"\n")
    first, newline, _ = rest.partition(b"\n")
    if (
        not first
        or len(text) > _MAX_TEXT_BYTES
        or not header.isascii()
        or b'"' in header
        or b"\r" in header
        or (len(head) == _HEAD_BYTES and not newline)
    ):
        return None
    names, cells = header.decode().split(","), first.split(b",")
    columns = columns_of(names)
    if len(cells) != len(names) or columns.time not in (None, names[0], names[-1]):
        return None
    others = [name for name in names if name != columns.time]
    places = tuple(others.index(name) for name in (*POOL_COLUMNS, *VALUE_COLUMNS))
    if columns.time is None:
        return _Head(header, b"", False, len(others), places)
    time_at = names.index(columns.time)
    return _Head(header, cells[time_at], time_at > 0, len(others), places) if cells[time_at] else None


def _time(head: _Head, span: Span | None) -> int | None:
    if head.time:
        return seconds_of(head.time.decode("ascii", "replace"))
    return span.first if span and span.first == span.last else None
