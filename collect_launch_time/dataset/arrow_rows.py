"""Rows as Arrow has them: what a table is written from, as CSV or Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from collect_launch_time.dataset.known_columns import ColumnValues, ValuesByColumn
from common.clock import iso
from data_files.cells import DAY, MOMENT, NUMBER, WHOLE_NUMBER
from data_files.csv_table import Column, CsvTable

RecordBatch = Any
"""pyarrow.RecordBatch."""


# Lists stay words separated by blanks, as in the CSV files: every reader of Parquet takes them.
_TYPES = {
    MOMENT: pa.timestamp("ms", tz="UTC"),
    DAY: pa.date32(),
    WHOLE_NUMBER: pa.int32(),
    NUMBER: pa.float64(),
}


def arrow_type(column: Column) -> Any:
    """Give a column's type in Arrow and Parquet."""
    return _TYPES.get(column.kind.basic, pa.string())


@dataclass(frozen=True)
class Shape:
    """A table, and how its times are written."""

    table: CsvTable[Any]
    times_as_text: bool
    """With the UTC offset that they have in the files; else as moments in UTC."""

    @property
    def schema(self) -> Any:
        """Give names and types of the columns."""
        return pa.schema([(column.name, self._type_of(column)) for column in self.table.columns])

    def _type_of(self, column: Column) -> Any:
        is_text = self.times_as_text and column.kind.basic == MOMENT
        return pa.string() if is_text else arrow_type(column)

    def rows(self, of_probe: ValuesByColumn, place: NDArray[np.int64], of_row: ValuesByColumn) -> RecordBatch:
        """Make rows, given what a probe's rows share, the place of each row's probe there, and what differs."""
        arrays = []
        for column, field in zip(self.table.columns, self.schema, strict=True):
            if column in of_row:
                arrays.append(_array(of_row[column], field.type))
            else:
                arrays.append(_array(of_probe[column], field.type).take(pa.array(place)))
        return pa.record_batch(arrays, schema=self.schema)


def _array(values: ColumnValues, kind: Any) -> Any:
    if isinstance(values, np.ndarray) and values.dtype == np.float64:
        unknown = np.isnan(values)
        if pa.types.is_integer(kind):
            values = np.where(unknown, 0, values).astype(np.int32)
        return pa.array(values, kind, mask=unknown)
    if pa.types.is_string(kind) and len(values) and isinstance(values[0], datetime):
        values = [iso(value) for value in values]
    return pa.array(values, kind)
