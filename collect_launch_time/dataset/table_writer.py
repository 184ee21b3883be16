"""Write the table as CSV or Parquet, a batch of rows at a time, so that memory does not grow with it."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import IO

from collect_launch_time.dataset.joining import Row
from common.clock import parse_iso
from data_files.launches.training_table import NAMES, parquet_schema

_ROWS_AT_ONCE = 50_000

Writer = Callable[[IO[bytes], Iterable[Row]], int]


def write_csv(file: IO[bytes], rows: Iterable[Row]) -> int:
    """Write the rows as CSV with a header; give their number."""
    count = 0
    file.write(_lines([NAMES]))
    for batch in _batches(rows):
        file.write(_lines(batch))
        count += len(batch)
    return count


def write_parquet(file: IO[bytes], rows: Iterable[Row]) -> int:
    """Write the rows as Parquet; give their number."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    count = 0
    schema = parquet_schema()
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            columns = [list(column) for column in zip(*batch, strict=True)]
            columns[0] = [parse_iso(str(time)) for time in columns[0]]
            writer.write_table(pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema))
            count += len(batch)
    return count


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    coming = iter(rows)
    while batch := list(islice(coming, _ROWS_AT_ONCE)):
        yield batch


def _lines(rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
