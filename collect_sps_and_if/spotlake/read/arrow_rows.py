"""Turns Arrow's columns into blocks by way of dictionary codes: a name is handled once, however many rows have it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.find.times import Span, seconds_of
from collect_sps_and_if.spotlake.read.codes import KEY_END, KEY_SEPARATOR, NO_POOL, NameIds, Pools, Values
from collect_sps_and_if.spotlake.read.rows import POOL_COLUMNS, VALUE_COLUMNS, Block, Columns

_DictionaryCodes = npt.NDArray[np.int64]


def blocks_of(rows: Any, columns: Columns, span: Span | None, pools: Pools, values: Values) -> Iterator[Block]:
    """Split a pyarrow Table into blocks, one for each time in it; rows without Region, type or zone are left out.

    `span` is the path's. Raises Damaged for a time that cannot be read, and for text among the numbers.
    """
    names = [_encoded(rows[name], "") for name in POOL_COLUMNS]
    pool_ids = _pool_ids(names, pools)
    sps, frequency = (_value_codes(rows[name], name, values) for name in VALUE_COLUMNS)
    times = _times(rows[columns.time] if columns.time else None, len(pool_ids), span)
    usable = pool_ids != NO_POOL
    for time, of_time in _by_time(times):
        chosen = of_time[usable[of_time]]
        yield Block(time, pool_ids[chosen], sps[chosen], frequency[chosen])


def _encoded(column: Any, null: object) -> tuple[_DictionaryCodes, list[Any]]:
    """Give each row's dictionary code, and the values that codes stand for; the last is `null`, for missing ones."""
    encoded = (
        column.unify_dictionaries().combine_chunks()
        if pa.types.is_dictionary(column.type)
        else (column.dictionary_encode().combine_chunks())
    )
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], encoded.type)
    dictionary = encoded.dictionary.to_pylist()
    codes = pc.fill_null(encoded.indices, len(dictionary)).to_numpy(zero_copy_only=False)
    return codes.astype(np.int64), [*dictionary, null]


def _pool_ids(names: list[tuple[_DictionaryCodes, list[Any]]], pools: Pools) -> npt.NDArray[np.int32]:
    (regions, region_names), (types, type_names), (azs, az_names) = names
    # Zone and Region first: a zone is in one Region, so these two have few combinations for the types to multiply.
    zones, zone_az, zone_region = _combined(azs, regions, len(region_names))
    rows_pool, pool_zone, pool_type = _combined(zones, types, len(type_names))
    ids = pools.ids_by_names(
        _name_ids(region_names, pools)[zone_region[pool_zone]],
        _name_ids(type_names, pools)[pool_type],
        _name_ids(az_names, pools)[zone_az[pool_zone]],
    )
    return ids[rows_pool]


def _name_ids(names: list[Any], pools: Pools) -> NameIds:
    texts = ["" if name is None else name.decode() if isinstance(name, bytes) else str(name) for name in names]
    if any(KEY_SEPARATOR in text or KEY_END in text for text in texts):
        raise Damaged("a name with a tab or a line break")
    return pools.name_ids(texts)


def _combined(
    first: _DictionaryCodes, second: _DictionaryCodes, second_count: int
) -> tuple[_DictionaryCodes, _DictionaryCodes, _DictionaryCodes]:
    """Number the combinations of two codes that occur: give each row's, and the first and second code of each."""
    both = first * second_count + second
    size = int(both.max(initial=-1)) + 1
    if size > 4 * len(both) + 1_000_000:  # too many names for a table of all combinations; no archive has them
        occurring, numbers = np.unique(both, return_inverse=True)
    else:
        occurs = np.zeros(size, dtype=bool)
        occurs[both] = True
        occurring = np.flatnonzero(occurs)
        numbers = (np.cumsum(occurs) - 1)[both]
    return numbers, occurring // second_count, occurring % second_count


def _value_codes(column: Any, name: str, values: Values) -> npt.NDArray[np.int16]:
    try:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)
        codes, numbers = _encoded(pc.cast(column, pa.float64()), np.nan)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise Damaged(f"{name} is not a number everywhere") from error
    return values.codes(np.array(numbers, dtype=np.float64))[codes]


def _times(column: Any, count: int, span: Span | None) -> npt.NDArray[np.int64]:
    time_in_path = span.first if span and span.first == span.last else None
    codes, texts = (np.zeros(count, dtype=np.int64), [None]) if column is None else _encoded(column, None)
    used = set(np.unique(codes).tolist())
    seconds = [_seconds(text, time_in_path) if code in used else 0 for code, text in enumerate(texts)]
    return np.array(seconds, dtype=np.int64)[codes]


def _seconds(text: object, time_in_path: int | None) -> int:
    if text is None or text == "":
        if time_in_path is None:
            raise Damaged("no time in its rows or its path")
        return time_in_path
    seconds = seconds_of(str(text))
    if seconds is None:
        raise Damaged("a Time that cannot be read")
    return seconds


def _by_time(times: npt.NDArray[np.int64]) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    """Give each time with the positions of its rows, in the file's order."""
    order = np.arange(len(times)) if (times[1:] >= times[:-1]).all() else np.argsort(times, kind="stable")
    ordered = times[order]
    borders = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    for part in np.split(order, borders):
        if len(part):
            yield int(times[part[0]]), part
