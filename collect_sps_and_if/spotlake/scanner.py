"""The compiled scan of a snapshot's lines, at the speed of memory; `snapshot_reader` calls it, `csv_reader` is its reference.

Ten minutes change few lines. So a line is first compared with one of the snapshot before, its time left out; where they
are equal, so are pool and values. Only what differs is parsed. A line is looked for where the one before it was found, and
after one that differs, behind the line that its pool had: so lines may come, go and move.

Whatever this scan does not know for certain (quotes, control characters, rows of different length, other times, odd numbers) is no error:
it says STRANGE, and the file is the library reader's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

DONE, STRANGE, MORE_LINES, MORE_POOLS = 0, 1, 2, 3
NEWLINE, SPACE, QUOTE, COMMA, MINUS, DOT, ZERO, NINE = 10, 32, 34, 44, 45, 46, 48, 57
BETWEEN, BEHIND = 9, 10  # in the keys of pools, as in `pools`
UNKNOWN, ODD = -1, -2
MOST_DIGITS = 15  # up to here a decimal's digits and its power of ten are exact, and so its quotient rounds rightly


# What is kept of a line, in the columns of an array: where it begins, how long it is, where its time begins (counted from
# where it does), and what it says.
START, LENGTH, TIME_AT, POOL, SPS, FREQUENCY = range(6)
Lines = npt.NDArray[np.int32]


class Table(NamedTuple):
    """A hash table of pools: their keys (Region, type and Zone) end to end, and where each ends."""

    slots: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    text: npt.NDArray[np.uint8]
    line: npt.NDArray[np.int32]  # where the pool's line was last: a hint
    count: npt.NDArray[np.int64]


class Form(NamedTuple):
    """Which column is which, by number; `time` is -1 where there is none."""

    columns: int
    time: int
    region: int
    instance: int
    az: int
    sps: int
    frequency: int


def lines(count: int) -> Lines:
    """Make room for that many lines."""
    return np.empty((count, 6), np.int32)


def table(pools: int) -> Table:
    """Make room for that many pools."""
    slots = 1 << (2 * pools).bit_length()
    return Table(
        np.full(slots, UNKNOWN, np.int32),
        np.zeros(pools + 1, np.int32),
        np.empty(pools * 64, np.uint8),
        np.full(pools, UNKNOWN, np.int32),
        np.zeros(1, np.int64),
    )


def view_of(text: bytes | bytearray) -> npt.NDArray[np.uint8]:
    """View a text as its bytes."""
    view = np.frombuffer(text, np.uint8)
    view.flags.writeable = False  # one type for all texts, or the scan would be compiled twice
    return view


@intrinsic
def _eight_bytes(_typing, text, at):  # type: ignore[no-untyped-def]
    """Load the eight bytes that begin there, whatever their alignment."""

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        there = builder.bitcast(builder.gep(array.data, [arguments[1]]), ir.IntType(64).as_pointer())
        return builder.load(there, align=1)

    return types.uint64(text, types.intp), generate


def _same(text, at, other, there, length):  # type: ignore[no-untyped-def]
    if length < 8:
        for i in range(length):
            if text[at + i] != other[there + i]:
                return False
        return True
    for i in range(0, length - 7, 8):
        if _eight_bytes(text, at + i) != _eight_bytes(other, there + i):
            return False
    last = length - 8  # overlaps what was compared already
    return _eight_bytes(text, at + last) == _eight_bytes(other, there + last)


def _number(text, start, end, values, value_count):  # type: ignore[no-untyped-def]
    """Give the code of a plain decimal: UNKNOWN for an empty cell and -1, ODD for what is no plain decimal."""
    if start == end:
        return UNKNOWN
    at = start + (text[start] == MINUS)
    digits, decimals, whole, scale = 0, -1, 0, 1.0
    for i in range(at, end):
        byte = text[i]
        if byte == DOT and decimals < 0 and digits:
            decimals = 0
        elif ZERO <= byte <= NINE:
            whole = whole * 10 + (byte - ZERO)
            digits += 1
            if decimals >= 0:
                decimals += 1
                scale *= 10.0
        else:
            return ODD
    if digits == 0 or digits > MOST_DIGITS:
        return ODD
    number = whole / scale
    if at > start:
        number = -number
        if number == -1.0:
            return UNKNOWN
    for code in range(value_count[0]):
        if values[code] == number:
            return code
    if value_count[0] == len(values):
        return ODD
    values[value_count[0]] = number
    value_count[0] += 1
    return value_count[0] - 1


def _pool(text, starts, region, instance, az, slots, pool_ends, pool_text, pool_count):  # type: ignore[no-untyped-def]
    """Give the number of the pool that the line's fields name; UNKNOWN if there is no room for another."""
    hashed, length = np.uint64(0), 0
    for column in (region, instance, az):
        start, end = starts[column], starts[column + 1] - 1
        length += end - start + 1
        hashed = _hash(text, start, end - start, hashed)
    mask = len(slots) - 1
    slot = np.int64((hashed >> np.uint64(24)) & np.uint64(mask))
    while slots[slot] != UNKNOWN:
        at = pool_ends[slots[slot]]
        if pool_ends[slots[slot] + 1] - at == length and _is_named(text, starts, region, instance, az, pool_text, at):
            return slots[slot]
        slot = (slot + 1) & mask
    pool = pool_count[0]
    at = pool_ends[pool]
    if pool + 1 == len(pool_ends) or at + length > len(pool_text):
        return UNKNOWN
    for column in (region, instance, az):
        for i in range(starts[column], starts[column + 1] - 1):
            pool_text[at] = text[i]
            at += 1
        pool_text[at] = BEHIND if column == az else BETWEEN
        at += 1
    pool_ends[pool + 1] = at
    slots[slot] = pool
    pool_count[0] += 1
    return pool


def _hash(text, at, length, hashed):  # type: ignore[no-untyped-def]
    factor = np.uint64(0x9E3779B97F4A7C15)
    if length < 8:
        for i in range(length):
            hashed = (hashed ^ np.uint64(text[at + i])) * factor
    else:
        for i in range(0, length - 7, 8):
            hashed = (hashed ^ (hashed >> np.uint64(29)) ^ _eight_bytes(text, at + i)) * factor
        hashed = (hashed ^ (hashed >> np.uint64(29)) ^ _eight_bytes(text, at + length - 8)) * factor
    return hashed ^ (hashed >> np.uint64(32))


def _is_named(text, starts, region, instance, az, pool_text, at):  # type: ignore[no-untyped-def]
    for column in (region, instance, az):
        length = starts[column + 1] - 1 - starts[column]
        if pool_text[at + length] >= SPACE or not _same(text, starts[column], pool_text, at, length):
            return False
        at += length + 1
    return True


def _fields(text, at, starts):  # type: ignore[no-untyped-def]
    """Note where the line's fields start; the last start is one behind the line. False if the line is a strange one."""
    size, columns = len(text), len(starts) - 1
    starts[0] = at
    column = 0
    for i in range(at, size):
        byte = text[i]
        if byte > COMMA:  # nearly every one
            continue
        if byte == COMMA or byte == NEWLINE:
            column += 1
            if column > columns:
                return False
            starts[column] = i + 1
            if byte == NEWLINE:
                return column == columns
        elif byte == QUOTE or byte < SPACE:
            return False
    column += 1
    if column != columns:
        return False
    starts[column] = size + 1
    return True


def _scan(text, begin, time_begin, time_length, form, before_text, before, before_count, known, values, value_count, found):  # type: ignore[no-untyped-def]  # noqa: E501
    """Scan the lines from `begin` on into `found`: whether that went well, and how many there are.

    Every line's time must read as the one at `time_begin` does. `before` are the lines of another snapshot with the same
    form and a time as long.
    """
    slots, pool_ends, pool_text, pool_line, pool_count = known
    size, room = len(text), len(found)
    at, count, other = begin, 0, 0
    starts = np.zeros(form.columns + 1, np.int64)
    while at < size:
        if count == room:
            return MORE_LINES, count
        if other < before_count:
            there, length, time_at = before[other, START], before[other, LENGTH], before[other, TIME_AT]
            end, tail = at + length, time_at + time_length
            if (
                end <= size
                and (end == size or text[end] == NEWLINE)
                and _same(text, at + tail, before_text, there + tail, length - tail)
                and _same(text, at, before_text, there, time_at)
                and _same(text, at + time_at, text, time_begin, time_length)
            ):
                found[count, START] = at
                for column in range(LENGTH, FREQUENCY + 1):
                    found[count, column] = before[other, column]
                if other != count:
                    pool_line[before[other, POOL]] = count
                count += 1
                other += 1
                at = end + 1
                continue
        if not _fields(text, at, starts):
            return STRANGE, count
        time_at = at
        if form.time >= 0:
            time_at, end = starts[form.time], starts[form.time + 1] - 1
            if end - time_at != time_length or not _same(text, time_at, text, time_begin, time_length):
                return STRANGE, count
        sps = _number(text, starts[form.sps], starts[form.sps + 1] - 1, values, value_count)
        frequency = _number(text, starts[form.frequency], starts[form.frequency + 1] - 1, values, value_count)
        if sps == ODD or frequency == ODD:
            return STRANGE, count
        named = _is_blank(starts, form.region) or _is_blank(starts, form.instance)
        pool = ODD if named else _pool(text, starts, form.region, form.instance, form.az, slots, pool_ends, pool_text, pool_count)
        if pool == ODD:
            return STRANGE, count
        if pool == UNKNOWN:
            return MORE_POOLS, count
        found[count, START], found[count, LENGTH], found[count, TIME_AT] = at, starts[form.columns] - 1 - at, time_at - at
        found[count, POOL], found[count, SPS], found[count, FREQUENCY] = pool, sps, frequency
        if other < before_count and before[other, POOL] == pool:
            other += 1
        elif 0 <= pool_line[pool] < before_count:
            other = pool_line[pool] + 1
        pool_line[pool] = count
        count += 1
        at = starts[form.columns]
    return DONE, count


def _is_blank(starts, column):  # type: ignore[no-untyped-def]
    return starts[column + 1] - starts[column] == 1


def _compiled(function):  # type: ignore[no-untyped-def]
    """Compile, and keep what was compiled for the next start, where there is a folder to keep it in."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return njit(nogil=True)(function)


_same = _compiled(_same)
_number = _compiled(_number)
_hash = _compiled(_hash)
_is_named = _compiled(_is_named)
_pool = _compiled(_pool)
_fields = _compiled(_fields)
_is_blank = _compiled(_is_blank)
scan = _compiled(_scan)
