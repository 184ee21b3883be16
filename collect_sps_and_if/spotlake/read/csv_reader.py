"""Reads any CSV with Arrow: what is unusual (quotes, CRLF, several times in one file). The tests of the fast reader,
`neighbour_reader`, compare it with this one.
"""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pyarrow.csv

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.find.times import Span
from collect_sps_and_if.spotlake.read.arrow_rows import blocks_of
from collect_sps_and_if.spotlake.read.codes import Pools, Values
from collect_sps_and_if.spotlake.read.rows import POOL_COLUMNS, VALUE_COLUMNS, Block, Columns, columns_of

_MISSING_TEXTS = ["", "nan", "NaN"]
"""Cells of SPS and IF that are read as missing, besides -1; any other text there is damage."""


def read_csv(text: bytes | bytearray, span: Span | None, pools: Pools, values: Values) -> list[Block]:
    """Read the blocks of a CSV's text; `span` is its path's. Raises Damaged."""
    columns = columns_of(_header_of(text))
    try:
        rows = pyarrow.csv.read_csv(
            pa.BufferReader(text),
            read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=max(1 << 20, len(text) + 1)),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=_conversion(columns),
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError) as error:
        raise Damaged(_reason(str(error))) from error
    if not rows.num_rows:
        raise Damaged("no rows")
    return list(blocks_of(rows, columns, span, pools, values))


def _header_of(text: bytes | bytearray) -> list[str]:
    """Read the column names in the first line. Raises Damaged."""
    line, _, _ = text.partition(b"\n")
    try:
        return next(csv.reader(io.StringIO(line.decode("utf-8-sig").rstrip("\r"))), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise Damaged("not a CSV") from error


def _conversion(columns: Columns) -> pyarrow.csv.ConvertOptions:
    text = pa.dictionary(pa.int32(), pa.string())
    types = dict.fromkeys(POOL_COLUMNS, text) | dict.fromkeys(VALUE_COLUMNS, pa.float64())
    if columns.time:
        types[columns.time] = text
    return pyarrow.csv.ConvertOptions(
        column_types=types, include_columns=columns.names, null_values=_MISSING_TEXTS, strings_can_be_null=False
    )


def _reason(message: str) -> str:
    if "Expected" in message and "columns" in message:
        return "rows with different numbers of cells"
    if "conversion error" in message and "double" in message:
        return "text in SPS or IF"
    return f"not a CSV ({message.splitlines()[0]})"
