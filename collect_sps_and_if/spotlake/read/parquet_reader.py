"""Reads a Parquet file (SpotLake has one a day), some rows at a time: its row groups may be of any size."""

from __future__ import annotations

from typing import IO

import pyarrow as pa
import pyarrow.parquet

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.find.times import Span
from collect_sps_and_if.spotlake.read.arrow_rows import blocks_of
from collect_sps_and_if.spotlake.read.codes import Pools, Values
from collect_sps_and_if.spotlake.read.rows import POOL_COLUMNS, Block, columns_of

_ROWS_PER_BATCH = 131_072


def read_parquet(file: IO[bytes] | str, span: Span | None, pools: Pools, values: Values) -> list[Block]:
    """Read the blocks of a Parquet file, several for a time whose rows are not in one batch. Raises Damaged."""
    try:
        schema = pyarrow.parquet.read_schema(file)
        columns = columns_of(schema.names)
        texts = [
            name
            for name in columns.names
            if name in (*POOL_COLUMNS, columns.time) and _is_text(schema.field(name).type)
        ]
        parquet = pyarrow.parquet.ParquetFile(file, read_dictionary=texts)
        if not parquet.metadata.num_rows:
            raise Damaged("no rows")
        blocks = [
            block
            for batch in parquet.iter_batches(_ROWS_PER_BATCH, columns=columns.names, use_threads=False)
            for block in blocks_of(pa.Table.from_batches([batch]), columns, span, pools, values)
        ]
        if not blocks:
            raise Damaged("no rows, though its metadata count some")
        return blocks
    except pa.ArrowException as error:
        raise Damaged(f"not a complete Parquet file ({str(error).splitlines()[0]})") from error
    except OSError as error:  # which Arrow also raises for data that cannot be unpacked
        raise Damaged((error.strerror or str(error).splitlines()[0]).lower()) from error


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
