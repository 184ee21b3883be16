"""Reads a day's Parquet, some rows at a time, so that memory does not depend on how it was written."""

from __future__ import annotations

from typing import IO

import pyarrow as pa
import pyarrow.parquet

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.find.times import Span
from collect_sps_and_if.spotlake.read.arrow_rows import blocks_of
from collect_sps_and_if.spotlake.read.codes import Pools, Values
from collect_sps_and_if.spotlake.read.rows import NAMES, Block, columns_of

ROWS_AT_A_TIME = 131_072


def read_parquet(file: IO[bytes] | str, span: Span | None, pools: Pools, values: Values) -> list[Block]:
    """Read the blocks of a Parquet file; a time whose rows are not together has several. Raises Damaged."""
    try:
        schema = pyarrow.parquet.read_schema(file)
        columns = columns_of(schema.names)
        texts = [
            name for name in columns.wanted if name in (*NAMES, columns.time) and _is_text(schema.field(name).type)
        ]
        whole = pyarrow.parquet.ParquetFile(file, read_dictionary=texts)
        if not whole.metadata.num_rows:
            raise Damaged("no rows")
        blocks = [
            block
            for batch in whole.iter_batches(ROWS_AT_A_TIME, columns=columns.wanted, use_threads=False)
            for block in blocks_of(pa.Table.from_batches([batch]), columns, span, pools, values)
        ]
        if not blocks:
            raise Damaged("no rows, though it says that there are")
        return blocks
    except pa.ArrowException as error:
        raise Damaged(f"no whole Parquet file ({str(error).splitlines()[0]})") from error
    except OSError as error:  # Arrow's word for data that does not unpack, too
        raise Damaged((error.strerror or str(error).splitlines()[0]).lower()) from error


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
