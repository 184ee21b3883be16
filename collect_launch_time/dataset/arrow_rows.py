"""Rows as Arrow has them: what a table is written from, as CSV or Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from collect_launch_time.dataset.known_columns import Columns, Values
from common.clock import iso
from data_files.csv_table import CsvTable
from data_files.launches.training_table import INSTANCE_COUNT, REGION, REQUEST_TIME, kind_of

RecordBatch = Any
"""pyarrow.RecordBatch."""


@dataclass(frozen=True)
class Shape:
    """A table, and how its times are written."""

    table: CsvTable[Any]
    times_as_text: bool
    """With the UTC offset that they have in the files; else as moments in UTC."""

    @property
    def schema(self) -> Any:
        """Give names and types of the columns."""
        types = {
            kind_of(REGION): pa.string(),
            kind_of(INSTANCE_COUNT): pa.int32(),
            kind_of(REQUEST_TIME): pa.string() if self.times_as_text else pa.timestamp("ms", tz="UTC"),
        }
        return pa.schema([(column.name, types.get(kind_of(column), pa.float64())) for column in self.table.columns])

    def rows(self, of_probe: Columns, place: NDArray[np.int64], of_row: Columns) -> RecordBatch:
        """Make rows, given what a probe's rows share, the place of each row's probe there, and what differs."""
        arrays = []
        for column, field in zip(self.table.columns, self.schema, strict=True):
            if column in of_row:
                arrays.append(_array(of_row[column], field.type))
            else:
                arrays.append(_array(of_probe[column], field.type).take(pa.array(place)))
        return pa.record_batch(arrays, schema=self.schema)


def _array(values: Values, kind: Any) -> Any:
    if isinstance(values, np.ndarray) and values.dtype == np.float64:
        unknown = np.isnan(values)
        if pa.types.is_integer(kind):
            values = np.where(unknown, 0, values).astype(np.int32)
        return pa.array(values, kind, mask=unknown)
    if pa.types.is_string(kind) and len(values) and isinstance(values[0], datetime):
        values = [iso(value) for value in values]
    return pa.array(values, kind)
