"""Write the table as CSV or Parquet, a batch of rows at a time, so that memory does not grow with it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any

from common.clock import iso
from data_files.launches.training_table import INSTANCE_COUNT, REGION, REQUEST_TIME, TABLE, TrainingRow, kind_of

_BATCH_SIZE = 50_000


def write_csv(file: IO[bytes], rows: Iterable[TrainingRow]) -> int:
    """Write the rows as CSV with a header; give their number."""
    count = 0
    file.write(_lines([TABLE.header]))
    for batch in _batches(rows):
        # Every other cell is a text or a number already.
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

    types = {
        kind_of(REGION): pa.string(),
        kind_of(REQUEST_TIME): pa.timestamp("ms", tz="UTC"),
        kind_of(INSTANCE_COUNT): pa.int32(),
    }
    return pa.schema([(column.name, types.get(kind_of(column), pa.float64())) for column in TABLE.columns])


def _batches(rows: Iterable[TrainingRow]) -> Iterator[list[TrainingRow]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH_SIZE)):
        yield batch


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
