"""The Parquet files of one table, one a month: TABLE/YYYY-MM.parquet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_ROW_GROUP = 250_000  # rows held before they are written: large enough to be read fast, small enough for any machine


@dataclass(frozen=True)
class MonthFile:
    """A file that was written: its path in the package, the month (YYYY-MM), its rows."""

    path: str
    month: str
    rows: int


class MonthlyFiles:
    """Writes rows into the files of their months; months may come in any order, those in order need least memory."""

    def __init__(self, folder: Path, name: str, schema: Any) -> None:
        """Take the package's folder, the table's name and its Arrow schema; no file is made before there is a row."""
        self._folder, self._name, self._schema = folder, name, schema
        self._open = ExitStack()
        self._writers: dict[str, Any] = {}
        self._rows: dict[str, int] = {}
        self._month, self._held = "", list[Any]()

    def __enter__(self) -> MonthlyFiles:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is held, and close the files."""
        with self._open:
            if kind is None:
                self._flush()

    def add(self, month: str, rows: Any) -> None:
        """Add a pyarrow Table of rows of one month, YYYY-MM. Raises OSError."""
        if month != self._month or sum(map(len, self._held)) >= _ROW_GROUP:
            self._flush()
        self._month = month
        self._held.append(rows)

    def written(self) -> Iterator[MonthFile]:
        """Give the files, by month."""
        for month, rows in sorted(self._rows.items()):
            yield MonthFile(f"{self._name}/{month}.parquet", month, rows)

    def _flush(self) -> None:
        table = pa.concat_tables(self._held) if self._held else ()
        self._held = []
        if len(table):
            self._writer().write_table(table, row_group_size=len(table))
            self._rows[self._month] = self._rows.get(self._month, 0) + len(table)

    def _writer(self) -> Any:
        if self._month not in self._writers:
            path = self._folder / self._name / f"{self._month}.parquet"
            path.parent.mkdir(exist_ok=True)
            writer = pq.ParquetWriter(path, self._schema, compression="zstd")
            self._writers[self._month] = self._open.enter_context(writer)
        return self._writers[self._month]
