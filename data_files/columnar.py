"""Read columns of a file into NumPy arrays: the very rows that its table's own reader gives, many times as fast.

A file as our programs write it is taken apart as arrays, and each text that occurs in a column is read once. A file
with anything else in it (quotes, carriage returns, a row that makes no sense) is read by the table's reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.files import csv_file
from common.files.compressed_file import compressed
from data_files import cell_arrays, cell_times
from data_files.alike_lines import AlikeLines, split_alike
from data_files.cell_arrays import Cells, Integers, PlainText
from data_files.cells import TEXT, TIME, WORDS
from data_files.csv_table import CellReader, Column, CsvTable, PassedOver

_Rows = Integers | slice

_MOST_TEXTS = 1 << 15
_SMALL = 1 << 20  # bytes; of larger files several at once would take more memory, and no less time
_READERS: dict[Column, CellReader] = {}


@dataclass(frozen=True)
class CodedValues:
    """A column's distinct values in the order in which they first appear, and for every row the place of its own."""

    codes: NDArray[np.int64]
    values: Sequence[Any]
    """As the column's kind reads them; None is unknown. Of some rows of a column there may be others among them."""
    _numbers: list[NDArray[np.float64]] = field(default_factory=list)
    """The values as numbers, once they were asked for of this or other rows of the column."""

    def at(self, rows: _Rows) -> CodedValues:
        """Give those of some rows."""
        return CodedValues(self.codes[rows], self.values, self._numbers)

    def numbers(self) -> NDArray[np.float64]:
        """Give every row's number; NaN is unknown."""
        if not self._numbers:
            self._numbers.append(np.array([np.nan if value is None else value for value in self.values], np.float64))
        return self._numbers[0][self.codes]


@dataclass(frozen=True)
class Times:
    """A column's times, in seconds; NaN is unknown."""

    utc: NDArray[np.float64]
    """Since 1970 in UTC."""
    wall: NDArray[np.float64]
    """The local time at the cell's own UTC offset, counted since 1970 as if it were UTC."""

    def at(self, rows: _Rows) -> Times:
        """Give those of some rows."""
        return Times(self.utc[rows], self.wall[rows])


@dataclass(frozen=True)
class _Alike:
    first: str
    """The first column's name."""
    times: Times
    """Its times, once for each run of neighbours that have the same."""
    run: Integers
    """For every row the place of its own among these."""
    lines: ColumnarRows
    """The other columns, once for each line that differs in these."""
    line: Integers
    """For every row the place of its own among these."""


@dataclass(frozen=True)
class ColumnarRows:
    """The rows of a file that make sense, in its order, by column."""

    count: int
    _columns: Mapping[str, CodedValues | Times]
    _alike: _Alike | None = None
    """What is not among the columns, of a file of few lines but for their times."""

    def __len__(self) -> int:
        """Count the rows."""
        return self.count

    def lines(self) -> tuple[ColumnarRows, Integers]:
        """Give rows that have all columns but times, and for every row of the file the place of its own among them.

        Where lines recur but for their times, these are few: what follows from their columns need be found once only.
        """
        return (self._alike.lines, self._alike.line) if self._alike else (self, np.arange(self.count))

    def runs(self, column: Column) -> tuple[Times, Integers]:
        """Give a column's times, and for every row the place of its own: one that neighbours share is there once."""
        if self._alike and self._alike.first == column.name:
            return self._alike.times, self._alike.run
        return self.times(column), np.arange(self.count)

    def coded(self, column: Column) -> CodedValues:
        """Give a column of any kind but times."""
        if self._alike:
            return self._alike.lines.coded(column).at(self._alike.line)
        found = self._columns[column.name]
        assert isinstance(found, CodedValues)
        return found

    def numbers(self, column: Column) -> NDArray[np.float64]:
        """Give a column of numbers; NaN is unknown."""
        return self.coded(column).numbers()

    def times(self, column: Column) -> Times:
        """Give a column of times."""
        if self._alike and self._alike.first == column.name:
            return self._alike.times.at(self._alike.run)
        if self._alike:
            return self._alike.lines.times(column).at(self._alike.line)
        found = self._columns[column.name]
        assert isinstance(found, Times)
        return found

    def part(self, start: int, count: int) -> ColumnarRows:
        """Give some rows that stand together."""
        rows = slice(start, start + count)
        return ColumnarRows(count, {name: values.at(rows) for name, values in self._columns.items()})


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
        return from_rows(table, list(table.read(path, passed_over)), columns)


def read_together(table: CsvTable[Any], paths: Sequence[Path], columns: Sequence[Column]) -> dict[Path, ColumnarRows]:
    """Read columns of some files of a table at once: of small ones many take little more time than one.

    Given are those that are small, have the header that most have, and rows that all make sense; none of these, if a
    row of any makes none. The others are for `read_columns`.
    """
    contents = {path: _small_content(table, path) for path in paths}
    found = {path: ColumnarRows(0, {}) for path, content in contents.items() if content == b""}
    headers = Counter(content[: content.find(b"\n") + 1] for content in contents.values() if content)
    if not headers:
        return found
    header = max(headers, key=headers.__getitem__)
    alike = {path: content for path, content in contents.items() if content and content.startswith(header)}
    plain = cell_arrays.split(header + b"".join(content[len(header) :] for content in alike.values()))
    if plain is None:
        return found
    try:
        rows = ColumnarRows(plain.rows, _read_cells(_to_read(table, columns), plain))
    except _NeedsTheTablesReader:
        return found
    start = 0
    for path, content in alike.items():
        count = content.count(b"\n") - 1
        found[path] = rows.part(start, count)
        start += count
    return found


def _small_content(table: CsvTable[Any], path: Path) -> bytes | None:
    """Give the content of a file that is small and plain, nothing of a missing one; None: read it alone."""
    try:
        if path.stat().st_size > _SMALL:
            return None
        content = csv_file.content(path, is_appended=table.is_appended)
    except FileNotFoundError:
        return None if compressed(path).exists() else b""
    except OSError:
        return None
    return None if content is None or cell_arrays.is_special(content) else content


def _read_plain(table: CsvTable[Any], path: Path, columns: Sequence[Column]) -> ColumnarRows:
    content = csv_file.content(path, is_appended=table.is_appended)
    if content is None:
        raise _NeedsTheTablesReader
    wanted = _to_read(table, columns)
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
    others = _read_cells([column for column in columns if column is not first], alike.lines)
    times = _read_times([(first, alike.first)])[first.name]
    lines = ColumnarRows(alike.lines.rows, others)
    return ColumnarRows(len(alike.line), {}, _Alike(first.name, times, alike.run, lines, alike.line))


def _to_read(table: CsvTable[Any], columns: Sequence[Column]) -> list[Column]:
    """Give the columns that are asked for, and those by which a row may make no sense."""
    return [column for column in table.columns if column in columns or not _may_be_anything(column)]


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


def from_rows(table: CsvTable[Any], rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> ColumnarRows:
    """Take columns of a table's rows."""
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
