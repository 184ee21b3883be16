"""Reads a CSV snapshot with Arrow's reader: the reference for the compiled scanner, and what does its work where it
meets a form it does not know (quotes, CRLF, a file of several times) or cannot be had."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pyarrow.csv

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.find.times import Span
from collect_sps_and_if.spotlake.read.arrow_rows import blocks_of
from collect_sps_and_if.spotlake.read.codes import Pools, Values
from collect_sps_and_if.spotlake.read.rows import NAMES, NUMBERS, Block, Columns, columns_of

# What stands for a missing number besides -1; any other text in its place is damage.
EMPTY = ["", "nan", "NaN"]


def read_csv(text: bytes | bytearray, span: Span | None, pools: Pools, values: Values) -> list[Block]:
    """Read the blocks of a CSV's text. Raises Damaged."""
    columns = columns_of(header_of(text))
    try:
        rows = pyarrow.csv.read_csv(
            pa.BufferReader(text),
            read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=max(1 << 20, len(text) + 1)),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=_conversion(columns),
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError) as error:
        raise Damaged(_why(str(error))) from error
    if not rows.num_rows:
        raise Damaged("no rows")
    return list(blocks_of(rows, columns, span, pools, values))


def header_of(text: bytes | bytearray) -> list[str]:
    """Read the names in the first line."""
    line, _, _ = text.partition(b"\n")
    try:
        return next(csv.reader(io.StringIO(line.decode("utf-8-sig").rstrip("\r"))), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise Damaged("no CSV") from error


def _conversion(columns: Columns) -> pyarrow.csv.ConvertOptions:
    names = pa.dictionary(pa.int32(), pa.string())
    types = dict.fromkeys(NAMES, names) | dict.fromkeys(NUMBERS, pa.float64())
    if columns.time:
        types[columns.time] = names
    return pyarrow.csv.ConvertOptions(
        column_types=types, include_columns=columns.wanted, null_values=EMPTY, strings_can_be_null=False
    )


def _why(message: str) -> str:
    if "Expected" in message and "columns" in message:
        return "rows of different length"
    if "conversion error" in message and "double" in message:
        return "text in a number column"
    return f"no CSV ({message.splitlines()[0]})"
