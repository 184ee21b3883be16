"""Turns Arrow's columns into blocks, on dictionary codes: a name is looked at once, however many rows it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.find.times import Span, seconds_of
from collect_sps_and_if.spotlake.read.codes import BEHIND, BETWEEN, UNKNOWN, Pools, Values
from collect_sps_and_if.spotlake.read.rows import NAMES, Block, Columns

Codes = npt.NDArray[np.int64]


def blocks_of(rows: Any, columns: Columns, span: Span | None, pools: Pools, values: Values) -> Iterator[Block]:
    """Part a pyarrow Table into blocks, one for each time in it; rows without Region or type are passed over.

    Raises Damaged for a time that is none, and for text among the numbers.
    """
    names = [_encoded(rows[name], "") for name in NAMES]
    pool_numbers = _pool_numbers(names, pools)
    sps, frequency = (_value_codes(rows[name], name, values) for name in ("SPS", "IF"))
    times = _times(rows[columns.time] if columns.time else None, len(pool_numbers), span)
    usable = pool_numbers != UNKNOWN
    for time, chosen in _by_time(times):
        at = chosen[usable[chosen]]
        yield Block(time, pool_numbers[at], sps[at], frequency[at])


def _encoded(column: Any, null: object) -> tuple[Codes, list[Any]]:
    """Give the code of every row, and what the codes stand for."""
    whole = (
        column.unify_dictionaries().combine_chunks()
        if pa.types.is_dictionary(column.type)
        else (column.dictionary_encode().combine_chunks())
    )
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], whole.type)
    meanings = whole.dictionary.to_pylist()
    codes = pc.fill_null(whole.indices, len(meanings)).to_numpy(zero_copy_only=False)
    return codes.astype(np.int64), [*meanings, null]


def _pool_numbers(names: list[tuple[Codes, list[Any]]], pools: Pools) -> npt.NDArray[np.int32]:
    (regions, region_names), (types, type_names), (azs, az_names) = names
    # Zone and Region first: a Zone lies in one Region, so few combinations are left for the types to multiply.
    numbers, zones, of_zone = _combined(azs, regions, len(region_names))
    numbers, of_pair, kinds = _combined(numbers, types, len(type_names))
    found = pools.numbers_by_names(
        _named(region_names, pools)[of_zone[of_pair]],
        _named(type_names, pools)[kinds],
        _named(az_names, pools)[zones[of_pair]],
    )
    return found[numbers]


def _named(names: list[Any], pools: Pools) -> npt.NDArray[np.int64]:
    texts = ["" if name is None else name.decode() if isinstance(name, bytes) else str(name) for name in names]
    if any(BETWEEN in text or BEHIND in text for text in texts):
        raise Damaged("a name with a tab or a line break")
    return pools.names(texts)


def _combined(first: Codes, second: Codes, second_count: int) -> tuple[Codes, Codes, Codes]:
    """Number the combinations of two codes that occur: each row's number, and the two codes of every combination."""
    both = first * second_count + second
    size = int(both.max(initial=-1)) + 1
    if size > 4 * len(both) + 1_000_000:  # so many names that a table of all combinations would not fit: no archive has
        occurring, numbers = np.unique(both, return_inverse=True)
    else:
        there = np.zeros(size, dtype=bool)
        there[both] = True
        occurring = np.flatnonzero(there)
        numbers = (np.cumsum(there) - 1)[both]
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
    in_path = span.first if span and span.first == span.last else None
    codes, meanings = (np.zeros(count, dtype=np.int64), [None]) if column is None else _encoded(column, None)
    used = set(np.unique(codes).tolist())
    seconds = [_seconds(meaning, in_path) if code in used else 0 for code, meaning in enumerate(meanings)]
    return np.array(seconds, dtype=np.int64)[codes]


def _seconds(meaning: object, in_path: int | None) -> int:
    if meaning is None or meaning == "":
        if in_path is None:
            raise Damaged("neither its rows nor its path tell the time")
        return in_path
    found = seconds_of(str(meaning))
    if found is None:
        raise Damaged("a Time that is none")
    return found


def _by_time(times: npt.NDArray[np.int64]) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    """Give each time and where its rows are, in their order."""
    order = np.arange(len(times)) if (times[1:] >= times[:-1]).all() else np.argsort(times, kind="stable")
    ordered = times[order]
    borders = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
    for part in np.split(order, borders):
        if len(part):
            yield int(times[part[0]]), part
