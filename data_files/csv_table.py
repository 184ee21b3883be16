"""A table kept in CSV files: its columns, its rows, and the one way in which they are read and written.

A row that makes no sense (a cell its column cannot hold, a cell it needs that is empty, another length than the header)
costs itself only: it is passed over, counted, and logged once a file. A column that a file does not have, as it was
begun by an older version, is unknown in all its rows.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

from common.files import csv_file, durable_file
from common.files.csv_file import Cell, Select
from data_files.cells import Kind

log = logging.getLogger(__name__)

_AT_ONCE = 200  # rows read together: more of them, and the garbage collector goes through them again and again
_NEWER_DAYS = 7

Row = TypeVar("Row", bound=tuple[Any, ...])
PassedOver = Callable[[int], object]


@dataclass(frozen=True)
class Column:
    """One column: its name in the header, what a cell may hold, and what it means."""

    name: str
    kind: Kind[Any]
    meaning: str
    is_needed: bool = False
    """A row in which this cell is empty makes no sense."""
    is_later: bool = False
    """Files of earlier versions do not have it."""


@dataclass(frozen=True)
class CsvTable(Generic[Row]):
    """A table: its columns, and the type of its rows, whose fields stand in the same order."""

    columns: tuple[Column, ...]
    row: type[Row]
    is_appended: bool = True
    """Rows are added at the end; else its files are replaced whole."""

    @property
    def header(self) -> tuple[str, ...]:
        """Give the columns' names."""
        return tuple(column.name for column in self.columns)

    def read(self, path: Path, passed_over: PassedOver | None = None, select: Select | None = None) -> Iterator[Row]:
        """Give the rows of a file that make sense, in its order; a missing file has none.

        passed_over is told the number of rows that make none, if there were any. select picks lines of a file that has
        exactly this table's columns; the others are neither read nor counted, which takes a fraction of the time.
        Raises OSError.
        """
        lines = csv_file.read(
            path, is_appended=self.is_appended, select=lambda header: select if self._is_of(header) else None
        )
        header = next(lines, None)
        parse = self._parser(header or [])
        senseless, example = 0, ""
        while some := list(islice(lines, _AT_ONCE)):
            try:
                rows = parse(some)
            except ValueError:  # in one of them
                rows = []
                for line in some:
                    try:
                        rows += parse([line])
                    except ValueError as reason:
                        senseless += 1
                        example = example or str(reason)
            yield from rows
        if senseless:
            log.warning("%s: %d rows that make no sense were passed over; the first: %s", path, senseless, example)
            if passed_over:
                passed_over(senseless)

    def lines_reader(self, header: Sequence[str]) -> Callable[[Sequence[Sequence[str] | None]], list[Row]]:
        """Give what reads lines' cells under a header, as `read` does; it raises ValueError if any makes no sense."""
        return self._parser(header)

    def append(self, path: Path, rows: Iterable[Row], *, widens: bool = False) -> None:
        """Add rows to a file, all of them or none, on the disk when it returns. Raises Unwritable.

        widens: a file begun by an older version gets the columns it lacks; else it keeps its own until its day is over.
        """
        base = sum(not column.is_later for column in self.columns)
        csv_file.append(path, self.header, map(self.cells, rows), base=base, widens=widens)

    def replace(self, path: Path, rows: Iterable[Row]) -> None:
        """Put a file of these rows in place, whole. Raises Unwritable."""
        durable_file.replace(path, csv_file.render(self.header, map(self.cells, rows)))

    def cells(self, row: Row) -> Sequence[Cell]:
        """Write a row's cells."""
        return [
            None if value is None else column.kind.write(value) for column, value in zip(self.columns, row, strict=True)
        ]

    def _is_of(self, header: Sequence[str]) -> bool:
        return tuple(header) == self.header

    def _parser(self, header: Sequence[str]) -> Callable[[Sequence[Sequence[str] | None]], list[Row]]:
        """Give what reads lines' cells under a header; it raises ValueError if any of the lines makes no sense."""
        places = [header.index(column.name) if column.name in header else None for column in self.columns]
        readers = [CellReader(column) for column in self.columns]
        make = partial(tuple.__new__, self.row)

        def parse(lines: Sequence[Sequence[str] | None]) -> list[Row]:
            whole = [cells for cells in lines if cells is not None]
            if len(whole) < len(lines):
                raise ValueError("another number of cells than the header, or no text")
            # Column by column takes half the time.
            texts = list(zip(*whole, strict=True))
            columns = ([""] * len(whole) if place is None else texts[place] for place in places)
            values = (map(reader.__getitem__, cells) for reader, cells in zip(readers, columns, strict=True))
            return list(map(make, zip(*values, strict=True)))

        return parse


class CellReader(dict[str, Any]):
    """A column's cells by their text: times, names and small numbers recur in thousands of rows, and are read once."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, text: str) -> Any:
        value = read_cell(self._column, text)
        self[text] = value
        return value


def read_cell(column: Column, text: str) -> Any:
    """Read one cell; None is unknown. Raises ValueError for one that makes its row senseless."""
    try:
        value = column.kind.read(text)
    except ValueError as reason:
        raise ValueError(f"{column.name}: {reason}") from None
    if value is None and column.is_needed:
        raise ValueError(f"{column.name}: empty")
    return value


@dataclass(frozen=True)
class SingleFile(CsvTable[Row]):
    """A table that is one file, at a place under HOME."""

    place: str = ""

    def path(self, home: Path) -> Path:
        """Give where it lies under a HOME."""
        return home / self.place

    def rows(self, home: Path, passed_over: PassedOver | None = None) -> Iterator[Row]:
        """Give its rows that make sense."""
        return self.read(self.path(home), passed_over)


@dataclass(frozen=True)
class DatedFiles(CsvTable[Row]):
    """A table with a file a day, YYYY-MM-DD.csv, so that nothing gets slower with the years; in a folder under HOME."""

    folder: str = ""

    def path(self, home: Path, day: date) -> Path:
        """Give where a day's file lies under a HOME (or would lie); compressed, `.gz` stands behind it."""
        return home / self.folder / f"{day.isoformat()}.csv"

    def rows(self, home: Path, day: date, passed_over: PassedOver | None = None) -> Iterator[Row]:
        """Give a day's rows that make sense."""
        return self.read(self.path(home, day), passed_over)

    def days(self, home: Path) -> list[date]:
        """List the days that have a file, plain or compressed, oldest first; other names are nobody's business."""
        try:
            names = os.listdir(home / self.folder)  # Path.glob takes twice as long, which shows after years
        except OSError:
            return []
        found = set()
        for name in names:
            if name[10:] in (".csv", ".csv.gz") and name[4:8:3] == "--":  # no other form of ISO 8601
                try:
                    found.add(date.fromisoformat(name[:10]))
                except ValueError:
                    continue
        return sorted(found)

    def days_until(self, home: Path, until: date) -> Iterator[date]:
        """Give the days up to one that have a file, newest first.

        Newer ones are asked for by their names, as to list the files of years takes a hundred times as long.
        """
        newer = [until - timedelta(days=back) for back in range(_NEWER_DAYS)]
        yield from (day for day in newer if self.has(home, day))
        yield from (day for day in reversed(self.days(home)) if day < newer[-1])

    def has(self, home: Path, day: date) -> bool:
        """Tell whether a day has a file."""
        path = self.path(home, day)
        return path.is_file() or path.with_name(f"{path.name}.gz").is_file()
