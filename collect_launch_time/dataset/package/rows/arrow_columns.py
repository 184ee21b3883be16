"""Columns of ours as columns of Arrow and Parquet: their types and descriptions, and arrays of their values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from collect_launch_time.dataset.arrow_rows import arrow_type
from collect_launch_time.dataset.package.rows.publishable_text import publishable
from data_files.cells import LIST
from data_files.columnar import CodedValues, Times
from data_files.csv_table import Column

_Array = Any
"""A pyarrow Array, which has no types."""

_TEXTS = ("text", LIST)


def schema(columns: Iterable[Column]) -> Any:
    """Give the Parquet schema of columns; each field carries what it means."""
    return pa.schema(
        [pa.field(column.name, arrow_type(column), metadata={"description": column.meaning}) for column in columns]
    )


def _from_values(column: Column, values: Sequence[Any]) -> _Array:
    """Give the values as an array; a text that may not be published is null."""
    if column.kind.basic in _TEXTS:
        known: dict[Any, str | None] = {value: _text(column, value) for value in set(values)}
        values = [known[value] for value in values]
    return pa.array(values, arrow_type(column))


def from_codes(column: Column, coded: CodedValues) -> _Array:
    """Give coded values as an array; a text that may not be published is null."""
    return _from_values(column, coded.values).take(pa.array(coded.codes))


def without_private_texts(column: Column, array: _Array) -> _Array:
    """Give an array of the column's values with null for each text that may not be published."""
    if column.kind.basic not in _TEXTS:
        return array
    whole = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    coded = whole.dictionary_encode()
    return _from_values(column, coded.dictionary.to_pylist()).take(coded.indices)


def from_times(times: Times) -> _Array:
    """Give times as an array, in UTC, to the millisecond."""
    is_unknown = np.isnan(times.utc)
    milliseconds = np.rint(np.where(is_unknown, 0.0, times.utc) * 1000).astype(np.int64)
    return pa.array(milliseconds, mask=is_unknown).cast(pa.timestamp("ms", tz="UTC"))


def from_days(days: NDArray[np.int64]) -> _Array:
    """Give days, counted since 1970, as an array of dates."""
    return pa.array(days.astype(np.int32)).cast(pa.date32())


def _text(column: Column, value: Any) -> str | None:
    if value is None:
        return None
    return publishable(value if isinstance(value, str) else str(column.kind.write(value)))
