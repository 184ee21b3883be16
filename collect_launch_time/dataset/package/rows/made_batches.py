"""The rows of the tables that are made of the collected files, by the month (UTC) of the first time in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from collect_launch_time.dataset.package.rows import arrow_columns
from collect_launch_time.dataset.package.rows.collected_batches import Batch, Progress
from data_files.cells import MOMENT
from data_files.csv_table import Column, CsvTable, PassedOver

_BATCH_SIZE = 50_000

Rows = Callable[[Path, PassedOver, Progress], Iterator[Any]]
"""Gives a table's rows, from all that is recorded under a HOME, in the order of time."""


@dataclass(frozen=True)
class MadeTable:
    """A table that is made of the collected files."""

    name: str
    row: str
    """What one row is."""
    table: CsvTable[Any]
    rows: Rows

    @property
    def columns(self) -> tuple[Column, ...]:
        """Give its columns, all of which are published."""
        return self.table.columns


def made_batches(table: MadeTable, home: Path, passed_over: PassedOver, progress: Progress) -> Iterator[Batch]:
    """Give a table's rows."""
    schema = arrow_columns.schema(table.columns)
    time = next(column for column in table.columns if column.kind.basic == MOMENT)
    rows = table.rows(home, passed_over, progress)
    while some := list(islice(rows, _BATCH_SIZE)):
        values = zip(table.columns, zip(*some, strict=True), strict=True)
        found = pa.table([arrow_columns.from_values(column, cells) for column, cells in values], schema)
        months = pc.strftime(found[time.name], format="%Y-%m")
        for month in sorted(months.unique().to_pylist()):
            yield month, found.filter(pc.equal(months, month))
