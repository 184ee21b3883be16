"""Write a table as CSV or Parquet, some rows at a time, so that memory does not grow with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from collect_launch_time.dataset.arrow_rows import RecordBatch, Shape
from collect_launch_time.dataset.day_stream import DayProgress
from collect_launch_time.dataset.instance_rows import instance_rows
from collect_launch_time.dataset.looks_table import training_rows
from collect_launch_time.dataset.walk import walk
from data_files.csv_table import CsvTable, PassedOver
from data_files.launches import instance_table

_ROWS_AT_ONCE = 50_000


def make_table(
    file: IO[bytes],
    table: CsvTable[Any],
    home: Path,
    passed_over: PassedOver,
    progress: DayProgress = iter,
    *,
    is_csv: bool = False,
) -> int:
    """Write one of the two tables, made of all that is recorded under a HOME, as CSV or Parquet; give how many rows.

    passed_over is called with numbers of recorded rows that make no sense; progress wraps the days.
    """
    shape = Shape(table, times_as_text=is_csv)
    make = instance_rows if table is instance_table.TABLE else training_rows
    rows = make(walk(home, passed_over, progress), shape)
    return (_write_csv if is_csv else _write_parquet)(file, shape.schema, rows)


def _write_csv(file: IO[bytes], schema: Any, batches: Iterable[RecordBatch]) -> int:
    """Write the rows as CSV with a header, numbers as in the other files; give how many rows."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(schema.names)
    count = 0
    for batch in batches:
        lines.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))
        count += len(batch)
    text.detach()
    return count


def _write_parquet(file: IO[bytes], schema: Any, batches: Iterable[RecordBatch]) -> int:
    """Write the rows as Parquet; give how many."""
    from pyarrow import parquet

    count = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for some in _at_once(batches):
            writer.write_table(pa.Table.from_batches(some, schema))
            count += sum(map(len, some))
    return count


def _at_once(batches: Iterable[RecordBatch]) -> Iterator[list[RecordBatch]]:
    """Gather small batches: a file of many small parts is read slowly."""
    waiting: list[RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(map(len, waiting)) >= _ROWS_AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
