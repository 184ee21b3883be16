"""Write the table as CSV or Parquet, a batch of rows at a time, so that memory does not grow with it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any

from common.clock import iso
from data_files.launches.training_table import TABLE, TrainingRow, kind_of

_ROWS_AT_ONCE = 50_000


def write_csv(file: IO[bytes], rows: Iterable[TrainingRow]) -> int:
    """Write the rows as CSV with a header; give their number."""
    count = 0
    file.write(_lines([TABLE.header]))
    for batch in _batches(rows):
        # Every other cell is written as it is.
        file.write(_lines((iso(row.request_time), *row[1:]) for row in batch))
        count += len(batch)
    return count


def write_parquet(file: IO[bytes], rows: Iterable[TrainingRow]) -> int:
    """Write the rows as Parquet; give their number."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    count = 0
    schema = _parquet_schema()
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            columns = zip(*batch, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_table(pa.table(arrays, schema))
            count += len(batch)
    return count


def _parquet_schema() -> Any:
    import pyarrow as pa

    kinds = {"text": pa.string(), "time": pa.timestamp("ms", tz="UTC"), "whole number": pa.int32()}
    return pa.schema([(column.name, kinds.get(kind_of(column), pa.float64())) for column in TABLE.columns])


def _batches(rows: Iterable[TrainingRow]) -> Iterator[list[TrainingRow]]:
    coming = iter(rows)
    while batch := list(islice(coming, _ROWS_AT_ONCE)):
        yield batch


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
