"""The rows of the tables that are made of the collected files, by the month (UTC) of the first time in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from collect_launch_time.dataset.day_stream import DayProgress
from collect_launch_time.dataset.package.rows import arrow_columns
from collect_launch_time.dataset.package.rows.collected_batches import MonthBatch
from data_files.cells import MOMENT
from data_files.csv_table import Column, CsvTable, PassedOver

RowSource = Callable[[Path, PassedOver, DayProgress], Iterator[Any]]
"""Gives a table's rows, from all that is recorded under a HOME, in the order of time, as Arrow's batches or tables."""


@dataclass(frozen=True)
class MadeTable:
    """A table that is made of the collected files."""

    name: str
    row: str
    """What one row is."""
    table: CsvTable[Any]
    rows: RowSource
    withheld: tuple[Column, ...] = ()
    """Columns with words of the user's own."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Give its columns that are published."""
        return tuple(column for column in self.table.columns if column not in self.withheld)


def made_batches(table: MadeTable, home: Path, passed_over: PassedOver, progress: DayProgress) -> Iterator[MonthBatch]:
    """Give a table's rows."""
    schema = arrow_columns.schema(table.columns)
    time = next(column for column in table.columns if column.kind.basic == MOMENT)
    for rows in table.rows(home, passed_over, progress):
        arrays = [arrow_columns.without_private_texts(column, rows.column(column.name)) for column in table.columns]
        found = pa.table(arrays, schema)
        months = pc.strftime(found[time.name], format="%Y-%m")
        for month in sorted(months.unique().to_pylist()):
            yield month, found.filter(pc.equal(months, month))
