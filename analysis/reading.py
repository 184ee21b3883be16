"""Read columns of the collected files, and take note of whatever cannot be read or makes no sense."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data_files.csv_table import Column, CsvTable, DatedFiles, PassedOver, Row

if TYPE_CHECKING:
    from data_files.columnar import ColumnarRows

log = logging.getLogger(__name__)


@dataclass
class Troubles:
    """What could not be read, a line each, for people."""

    lines: list[str] = field(default_factory=list)

    def rows_passed_over(self, path: Path, count: int) -> None:
        """Note rows that make no sense; their reader has logged them."""
        self.lines.append(f"{path.parent.name}/{path.name}: rows that make no sense were passed over: {count}")

    def file_passed_over(self, path: Path, error: OSError) -> None:
        """Note a file that cannot be read at all."""
        self._note(f"{path.parent.name}/{path.name} was passed over: {error.strerror or 'it cannot be read'}")

    def days_left_out(self, last: date, count: int) -> None:
        """Note days in the future."""
        self._note(f"days in the future, up to {last}, were left out: {count}; did the clock run ahead?")

    def _note(self, line: str) -> None:
        self.lines.append(line)
        log.warning(line)


@dataclass(frozen=True)
class NotingReader:
    """Reads the files under a HOME, and notes what is wrong with them instead of failing."""

    home: Path
    troubles: Troubles
    _ahead: dict[tuple[Path, tuple[Column, ...]], ColumnarRows] = field(default_factory=dict)
    """Columns of files that were read ahead, until they are asked for."""

    def read_ahead(self, wanted: Sequence[tuple[DatedFiles[Any], Sequence[Column]]], days: Sequence[date]) -> None:
        """Read columns of the small files of several days at once; each file's are given out when first asked for."""
        from data_files import columnar

        self._ahead.clear()
        for files, columns in wanted:
            found = columnar.read_together(files, [files.path(self.home, day) for day in days], columns)
            self._ahead.update({(path, tuple(columns)): rows for path, rows in found.items()})

    def columns(self, files: DatedFiles[Any], day: date, *columns: Column) -> ColumnarRows | None:
        """Read columns of a day's file; None without any row that makes sense."""
        return self.columns_at(files, files.path(self.home, day), *columns)

    def columns_at(self, table: CsvTable[Any], path: Path, *columns: Column) -> ColumnarRows | None:
        """Read columns of the file at a path; None without any row that makes sense."""
        return self.columns_if_readable(table, path, *columns) or None

    def columns_if_readable(self, table: CsvTable[Any], path: Path, *columns: Column) -> ColumnarRows | None:
        """Read columns of the file at a path, which may have no rows; None if it cannot be read."""
        from data_files import columnar  # here, for it loads NumPy, which is slow for who wants a few rows

        rows = self._ahead.pop((path, columns), None)
        if rows is None:
            with self.noting_errors(path):
                rows = columnar.read_columns(table, path, columns, self.counting(path))
        return rows

    def rows(self, table: CsvTable[Row], path: Path) -> Iterator[Row]:
        """Give the rows of the file at a path that make sense."""
        with self.noting_errors(path):
            yield from table.read(path, self.counting(path))

    def note_troubles(self, table: CsvTable[Any], path: Path) -> None:
        """Note what cannot be read of a file whose rows another module reads."""
        deque(self.rows(table, path), maxlen=0)

    def counting(self, path: Path) -> PassedOver:
        """Give a callback for a reader of the file, which notes the number of rows that it passed over."""
        return lambda count: self.troubles.rows_passed_over(path, count)

    @contextmanager
    def noting_errors(self, path: Path) -> Iterator[None]:
        """Note a file that cannot be read, and go on."""
        try:
            yield
        except OSError as error:
            self.troubles.file_passed_over(path, error)
