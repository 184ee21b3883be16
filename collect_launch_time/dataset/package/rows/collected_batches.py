"""The rows of the collected files as they are published, a day at a time: those that make sense.

A row of which a needed cell is no name or code (an id where a Region should stand) makes no sense either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from collect_launch_time.dataset.day_stream import DayProgress
from collect_launch_time.dataset.package.rows import arrow_columns
from data_files.cells import MOMENT
from data_files.columnar import ColumnarRows, read_columns
from data_files.csv_table import Column, DatedFiles, PassedOver
from data_files.published import FILE_DATE, PublishedTable

MonthBatch = tuple[str, Any]
"""A month, YYYY-MM, and a pyarrow Table of rows of that month."""
Days = NDArray[np.int64]
"""Local dates, counted in days since 1970."""
See = Callable[[Days, ColumnarRows], None]
"""Is shown the day of each row, and the rows, before anything is withheld."""

_SECONDS_A_DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()


def collected_batches(
    table: PublishedTable, see: See, home: Path, passed_over: PassedOver, progress: DayProgress
) -> Iterator[MonthBatch]:
    """Give a table's rows; passed_over is told the number of those that make no sense."""
    files = table.files
    if isinstance(files, DatedFiles):
        for day in progress(files.days(home)):
            rows = read_columns(files, files.path(home, day), table.columns, passed_over)
            yield from _by_month(table, rows, np.full(len(rows), day.toordinal() - _EPOCH), passed_over, see)
    elif files.path(home).is_file():
        rows = read_columns(files, files.path(home), table.columns, passed_over)
        yield from _by_month(table, rows, _local_days(table, rows), passed_over, see)


def _local_days(table: PublishedTable, rows: ColumnarRows) -> Days:
    time = next(column for column in table.columns if column.kind.basic == MOMENT)
    return np.floor(rows.times(time).wall / _SECONDS_A_DAY).astype(np.int64)


def _by_month(
    table: PublishedTable, rows: ColumnarRows, days: Days, passed_over: PassedOver, see: See
) -> Iterator[MonthBatch]:
    if not len(rows):
        return
    see(days, rows)
    arrays = [arrow_columns.from_days(days), *(_array(column, rows) for column in table.columns)]
    found = pa.table(arrays, arrow_columns.schema((FILE_DATE, *table.columns)))
    months = days.astype("M8[D]").astype("M8[M]")
    for month in np.unique(months):
        whole = _with_needed_cells(table, found.filter(pa.array(months == month)), passed_over)
        yield str(month), whole


def _array(column: Column, rows: ColumnarRows) -> Any:
    if column.kind.basic == MOMENT:
        return arrow_columns.from_times(rows.times(column))
    return arrow_columns.from_codes(column, rows.coded(column))


def _with_needed_cells(table: PublishedTable, rows: Any, passed_over: PassedOver) -> Any:
    whole = rows
    for column in table.columns:
        if column.is_needed:
            whole = whole.filter(pc.is_valid(whole[column.name]))
    if len(whole) < len(rows):
        passed_over(len(rows) - len(whole))
    return whole
