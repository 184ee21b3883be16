"""Read columns of a file into NumPy arrays: the very rows that its table's own reader gives, many times as fast.

A file as our programs write it is taken apart as arrays, and each text that occurs in a column is read once. A file
with anything else in it (quotes, carriage returns, a row that makes no sense) is read by the table's reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.files import csv_file
from data_files import cell_arrays, cell_times
from data_files.alike_lines import AlikeLines, split_alike
from data_files.cell_arrays import Cells, PlainText
from data_files.cells import TEXT, TIME, WORDS
from data_files.csv_table import CellReader, Column, CsvTable, PassedOver

_MOST_TEXTS = 1 << 15
_READERS: dict[Column, CellReader] = {}


@dataclass(frozen=True)
class CodedValues:
    """A column's distinct values in the order in which they first appear, and for every row the place of its own."""

    codes: NDArray[np.int64]
    values: Sequence[Any]
    """As the column's kind reads them; None is unknown."""

    def at(self, rows: NDArray[np.int64]) -> CodedValues:
        """Give those of some rows."""
        return CodedValues(self.codes[rows], self.values)

    def numbers(self) -> NDArray[np.float64]:
        """Give every row's number; NaN is unknown."""
        values = [np.nan if value is None else value for value in self.values]
        return np.array(values, np.float64)[self.codes]


@dataclass(frozen=True)
class Times:
    """A column's times, in seconds; NaN is unknown."""

    utc: NDArray[np.float64]
    """Since 1970 in UTC."""
    wall: NDArray[np.float64]
    """The local time at the cell's own UTC offset, counted since 1970 as if it were UTC."""

    def at(self, rows: NDArray[np.int64]) -> Times:
        """Give those of some rows."""
        return Times(self.utc[rows], self.wall[rows])


@dataclass(frozen=True)
class ColumnarRows:
    """The rows of a file that make sense, in its order, by column."""

    count: int
    _columns: Mapping[str, CodedValues | Times]

    def __len__(self) -> int:
        """Count the rows."""
        return self.count

    def coded(self, column: Column) -> CodedValues:
        """Give a column of any kind but times."""
        found = self._columns[column.name]
        assert isinstance(found, CodedValues)
        return found

    def numbers(self, column: Column) -> NDArray[np.float64]:
        """Give a column of numbers; NaN is unknown."""
        return self.coded(column).numbers()

    def times(self, column: Column) -> Times:
        """Give a column of times."""
        found = self._columns[column.name]
        assert isinstance(found, Times)
        return found


class _NeedsTheTablesReader(Exception):
    pass


def read_columns(
    table: CsvTable[Any], path: Path, columns: Sequence[Column], passed_over: PassedOver | None = None
) -> ColumnarRows:
    """Read columns of a file; a missing file has no rows.

    A row that makes no sense by any column of the table is passed over; passed_over is told their number, if there are
    any. Raises OSError.
    """
    try:
        return _read_plain(table, path, columns)
    except _NeedsTheTablesReader:
        return _from_rows(table, list(table.read(path, passed_over)), columns)


def _read_plain(table: CsvTable[Any], path: Path, columns: Sequence[Column]) -> ColumnarRows:
    content = csv_file.content(path, is_appended=table.is_appended)
    if content is None:
        raise _NeedsTheTablesReader
    wanted = [column for column in table.columns if column in columns or not _may_be_anything(column)]
    first = table.columns[0]
    alike = split_alike(content) if _is_time(first) else None
    if alike and alike.lines.header[0] == first.name:
        return _read_alike(wanted, first, alike)
    plain = cell_arrays.split(content)
    if plain is None:
        raise _NeedsTheTablesReader
    return ColumnarRows(plain.rows, _read_cells(wanted, plain))


def _read_cells(columns: Sequence[Column], plain: PlainText) -> dict[str, CodedValues | Times]:
    found: dict[str, CodedValues | Times] = {}
    times: list[tuple[Column, Cells]] = []
    others: list[tuple[Column, Cells]] = []
    for column in columns:
        cells = plain.column(column.name)
        if cells is None:
            found[column.name] = _unknown(column, plain.rows)
        else:
            (times if _is_time(column) else others).append((column, cells))
    return {**found, **_read_coded(others), **_read_times(times)}


def _read_alike(columns: Sequence[Column], first: Column, alike: AlikeLines) -> ColumnarRows:
    found = _read_cells([column for column in columns if column is not first], alike.lines)
    times = _read_times([(first, alike.first)])
    return ColumnarRows(len(alike.line), {**times, **{name: values.at(alike.line) for name, values in found.items()}})


def _may_be_anything(column: Column) -> bool:
    return column.kind in (TEXT, WORDS) and not column.is_needed


def _read_coded(columns: Sequence[tuple[Column, Cells]]) -> dict[str, CodedValues]:
    told = cell_arrays.distinct([cells for _, cells in columns])
    if told is None:
        raise _NeedsTheTablesReader
    return {
        column.name: _coded(codes, _read(column, cells.at(firsts).texts()))
        for (column, cells), (codes, firsts) in zip(columns, told, strict=True)
    }


def _coded(codes: NDArray[np.int64], values: Sequence[Any]) -> CodedValues:
    distinct = list(dict.fromkeys(values))
    if len(distinct) < len(values):  # texts that differ mean the same
        places = {value: place for place, value in enumerate(distinct)}
        codes = np.array([places[value] for value in values])[codes]
    return CodedValues(codes, distinct)


def _unknown(column: Column, count: int) -> CodedValues | Times:
    values = _read(column, [""]) if count else []
    if _is_time(column):
        return Times(*np.full((2, count), np.nan))
    return CodedValues(np.zeros(count, np.int64), values)


def _read_times(columns: Sequence[tuple[Column, Cells]]) -> dict[str, Times]:
    """Read columns of times together: most of them are short, and take as long as all."""
    if not columns:
        return {}
    told = cell_times.times(cell_arrays.joined([cells for _, cells in columns]))
    found, end = {}, 0
    for column, cells in columns:
        start, end = end, end + len(cells)
        utc, offset = told.utc[start:end], told.offset[start:end]
        is_other = ~told.is_read[start:end]
        others = np.flatnonzero(is_other & (cells.length > 0))
        if len(others) < np.count_nonzero(is_other):
            _read(column, [""])  # an empty cell makes its row senseless, or is unknown
        if len(others):
            texts = cells.at(others).texts()
            if any("," in text for text in texts):  # a first cell as long as the others, which is two
                raise _NeedsTheTablesReader
            utc[others], offset[others] = _seconds(_read(column, texts))
        found[column.name] = Times(utc, utc + offset)
    return found


def _read(column: Column, texts: Sequence[str]) -> list[Any]:
    try:
        return list(map(_reader(column).__getitem__, texts))
    except ValueError:
        raise _NeedsTheTablesReader from None


def _reader(column: Column) -> CellReader:
    """Give what knows the column's texts of other files too: names and prices recur from day to day."""
    reader = _READERS.setdefault(column, CellReader(column))
    if len(reader) > _MOST_TEXTS:
        reader.clear()
    return reader


def _from_rows(table: CsvTable[Any], rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> ColumnarRows:
    found: dict[str, CodedValues | Times] = {}
    for column in columns:
        place = table.columns.index(column)
        values = [row[place] for row in rows]
        if _is_time(column):
            utc, offset = _seconds(values)
            found[column.name] = Times(utc, utc + offset)
        else:
            found[column.name] = _coded(np.arange(len(values)), values)
    return ColumnarRows(len(rows), found)


def _is_time(column: Column) -> bool:
    return column.kind.parse is TIME.parse


def _seconds(moments: Sequence[datetime | None]) -> NDArray[np.float64]:
    """Give the moments as seconds since 1970 in UTC, and their UTC offsets in seconds."""
    found = [(np.nan, np.nan) if moment is None else (moment.timestamp(), _offset(moment)) for moment in moments]
    return np.array(found, np.float64).reshape(-1, 2).T


def _offset(moment: datetime) -> float:
    offset = moment.utcoffset()
    return offset.total_seconds() if offset else 0.0
