"""The compiled scan of a snapshot's lines; `snapshot_reader` calls it, and `csv_reader` is its reference.

Ten minutes change few lines. So a line is first compared with one of the snapshot before, its time left out; where
they are equal, so are pool and values. Only what differs is parsed. A line is looked for where the one before it was
found, and after one that differs, behind the line that its pool had: so lines may come, go and move.

Whatever this scan does not know for certain (quotes, control characters, rows of different length, other times, odd
numbers) is no error: it says STRANGE, and the file is the library reader's.

All of the scan that is compiled stands in this one file: numba keeps its machine code until *this* file changes, and
would not notice a change of another. Nothing in it checks bounds but the code itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from collect_sps_and_if.spotlake.read.compiled import compiled
from collect_sps_and_if.spotlake.read.scan_arrays import Bytes, Form, Ints, Lines, Places, PoolTable, Scanned

DONE, STRANGE, MORE_LINES, MORE_POOLS = 0, 1, 2, 3
UNKNOWN, ODD = -1, -2

TAB, NEWLINE, SPACE, QUOTE, COMMA, MINUS, DOT, ZERO, NINE = 9, 10, 32, 34, 44, 45, 46, 48, 57
LONGEST_LINE = 2**15 - 1  # lengths are kept as 16-bit numbers
MOST_DIGITS = 15  # up to here a decimal's digits and its power of ten are exact, and so its quotient rounds rightly

# Texts are handed on as addresses: an array is seven numbers, which would cost more to pass than what is done with it.
# A vector has 32 bytes, as wide as most processors compare at once; LLVM makes do with less where they cannot.
VECTOR = 32


def _load(builder: Any, address: Any, bits: int) -> Any:
    return builder.load(builder.inttoptr(address, ir.IntType(bits).as_pointer()), align=1)


def _byte_of(_typing: Any, _address: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.zext(_load(builder, arguments[0], 8), ir.IntType(64))

    return types.int64(types.intp), generate


def _eight_bytes_of(_typing: Any, _address: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return _load(builder, arguments[0], 64)

    return types.uint64(types.intp), generate


def _equal(bits: int) -> Any:
    def compare(_typing: Any, _address: Any, _other: Any) -> Any:
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.icmp_unsigned("==", *(_load(builder, address, bits) for address in arguments))

        return types.boolean(types.intp, types.intp), generate

    return intrinsic(compare)


def _low_bytes_of(_typing: Any, _address: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        vector = ir.VectorType(ir.IntType(8), VECTOR)
        found = builder.load(builder.inttoptr(arguments[0], vector.as_pointer()), align=1)
        low = builder.icmp_unsigned("<=", found, ir.Constant(vector, [COMMA] * VECTOR))
        return builder.zext(builder.bitcast(low, ir.IntType(VECTOR)), ir.IntType(64))

    return types.int64(types.intp), generate


def _lowest_bit_of(_typing: Any, _mask: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), generate


_byte: Any = intrinsic(_byte_of)
_eight_bytes: Any = intrinsic(_eight_bytes_of)
_same_8, _same_16, _same_32 = _equal(64), _equal(128), _equal(256)
_low_bytes: Any = intrinsic(_low_bytes_of)
"""Give a bit for each byte of a vector, set where it is no greater than a comma."""
_lowest_bit: Any = intrinsic(_lowest_bit_of)


@compiled
def _same(text: int, other: int, length: int) -> bool:
    """Compare two stretches of a length."""
    if length >= 32:
        last = length - 32  # overlaps what was compared already, as below
        for i in range(0, last, 32):
            if not _same_32(text + i, other + i):
                return False
        return bool(_same_32(text + last, other + last))
    if length >= 16:
        last = length - 16
        return bool(_same_16(text, other) and _same_16(text + last, other + last))
    if length >= 8:
        last = length - 8
        return bool(_same_8(text, other) and _same_8(text + last, other + last))
    for i in range(length):  # noqa: SIM110 - a generator cannot be compiled
        if _byte(text + i) != _byte(other + i):
            return False
    return True


@compiled
def scan(
    array: Bytes,
    begin: int,
    time: tuple[int, int],
    form: Form,
    other: Scanned,
    pools: PoolTable,
    values: tuple[npt.NDArray[np.float64], Places],
    found: Lines,
) -> tuple[int, int]:
    """Scan the lines from `begin` on into `found`: say whether that went well, and how many there are.

    Every line's time must read as the one does that begins and is as long as `time` says. `other` is another snapshot
    with the same form and a time as long.
    """
    (time_begin, time_length), (before_array, before, before_count), (numbers, number_count) = time, other, values
    slots, ends, keys, pool_line, pool_count = pools
    named = form.region, form.instance, form.az
    text, before_text = array.ctypes.data, before_array.ctypes.data
    size, room = len(array), len(found)
    expected = text + time_begin
    at, count, near = begin, 0, 0
    starts = np.zeros(form.columns + 1, np.int64)
    while at < size:
        if count == room:
            return MORE_LINES, count
        if near < before_count:
            known = before[near]
            there, length, time_at = int(known.start), int(known.length), int(known.time_at)
            end, tail = at + length, time_at + time_length
            if (
                end <= size
                and (end == size or _byte(text + end) == NEWLINE)
                and _same(text + at + tail, before_text + there + tail, length - tail)
                and _same(text + at, before_text + there, time_at)
                and _same(text + at + time_at, expected, time_length)
            ):
                found[count] = known
                found[count].start = at
                if near != count:
                    pool_line[known.pool] = count
                count += 1
                near += 1
                at = end + 1
                continue
        if not _cut_fields(text, size, at, starts):
            return STRANGE, count
        time_at = at
        if form.time >= 0:
            time_at, end = starts[form.time], starts[form.time + 1] - 1
            if end - time_at != time_length or not _same(text + time_at, expected, time_length):
                return STRANGE, count
        sps = _number_code(text, starts[form.sps], starts[form.sps + 1] - 1, numbers, number_count)
        frequency = _number_code(text, starts[form.frequency], starts[form.frequency + 1] - 1, numbers, number_count)
        nameless = starts[named[0] + 1] - starts[named[0]] == 1 or starts[named[1] + 1] - starts[named[1]] == 1
        if sps == ODD or frequency == ODD or nameless or starts[form.columns] - at > LONGEST_LINE:
            return STRANGE, count
        pool = before[near].pool if near < before_count else UNKNOWN
        if pool == UNKNOWN or not _is_named(text, starts, named, keys, ends[pool]):
            pool = _pool_number(text, starts, named, slots, ends, keys, pool_count)
        if pool == UNKNOWN:
            return MORE_POOLS, count
        following = starts[form.columns]
        line = found[count]
        line.start, line.length, line.time_at = at, following - 1 - at, time_at - at
        line.pool, line.sps, line.frequency = pool, sps, frequency
        if near < before_count and before[near].pool == pool:
            near += 1
        elif 0 <= pool_line[pool] < before_count:
            near = pool_line[pool] + 1
        pool_line[pool] = count
        count += 1
        at = following
    return DONE, count


@compiled
def _cut_fields(text: int, size: int, at: int, starts: Places) -> bool:
    """Note where a line's fields start; the last start is the next line's. False if the line is a strange one."""
    columns = len(starts) - 1
    starts[0] = at
    column = 0
    while at < size:
        if at + VECTOR <= size:
            low = _low_bytes(text + at)
        else:
            low = 0
            for i in range(size - at):
                low |= np.int64(_byte(text + at + i) <= COMMA) << i
        while low:
            here = at + _lowest_bit(low)
            low &= low - 1
            byte = _byte(text + here)
            if byte == COMMA or byte == NEWLINE:  # noqa: SIM109 - twice as fast as a search in a tuple
                column += 1
                if column > columns:
                    return False
                starts[column] = here + 1
                if byte == NEWLINE:
                    return column == columns
            elif byte == QUOTE or byte < SPACE:
                return False
        at += VECTOR
    column += 1
    if column != columns:
        return False
    starts[column] = size + 1
    return True


@compiled
def _number_code(text: int, start: int, end: int, values: npt.NDArray[np.float64], value_count: Places) -> int:
    """Give the code of a plain decimal: UNKNOWN for an empty cell and -1, ODD for what is no plain decimal."""
    if start == end:
        return UNKNOWN
    at = start + (_byte(text + start) == MINUS)
    digits, decimals, whole, scale = 0, -1, 0, 1.0
    for i in range(at, end):
        byte = _byte(text + i)
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
    return int(value_count[0]) - 1


# The parts of a table are arguments one by one: handing over all of it would count references, at twice the time.
@compiled
def _pool_number(
    text: int, starts: Places, named: tuple[int, int, int], slots: Ints, ends: Ints, keys: Bytes, count: Places
) -> int:
    """Give the number of the pool that the named columns of a line name; UNKNOWN if there is no room for another."""
    hashed, length = np.uint64(0), 0
    for column in named:
        start, end = starts[column], starts[column + 1] - 1
        length += end - start + 1
        hashed = _hash(text + start, end - start, hashed)
    mask = len(slots) - 1
    slot = np.int64((hashed >> np.uint64(24)) & np.uint64(mask))
    while slots[slot] != UNKNOWN:
        at = ends[slots[slot]]
        if ends[slots[slot] + 1] - at == length and _is_named(text, starts, named, keys, at):
            return int(slots[slot])
        slot = (slot + 1) & mask
    pool, at = count[0], ends[count[0]]
    if pool + 1 == len(ends) or at + length > len(keys):
        return UNKNOWN
    for column in named:
        for i in range(starts[column], starts[column + 1] - 1):
            keys[at] = _byte(text + i)
            at += 1
        keys[at] = TAB
        at += 1
    keys[at - 1] = NEWLINE
    ends[pool + 1] = at
    slots[slot] = pool
    count[0] += 1
    return int(pool)


@compiled
def _hash(text: int, length: int, hashed: np.uint64) -> np.uint64:
    factor = np.uint64(0x9E3779B97F4A7C15)
    if length < 8:
        for i in range(length):
            hashed = (hashed ^ np.uint64(_byte(text + i))) * factor
    else:
        for i in range(0, length - 7, 8):
            hashed = (hashed ^ (hashed >> np.uint64(29)) ^ _eight_bytes(text + i)) * factor
        hashed = (hashed ^ (hashed >> np.uint64(29)) ^ _eight_bytes(text + length - 8)) * factor
    return hashed ^ (hashed >> np.uint64(32))


@compiled
def _is_named(text: int, starts: Places, named: tuple[int, int, int], keys: Bytes, at: int) -> bool:
    for column in named:
        length = starts[column + 1] - 1 - starts[column]
        if (
            at + length >= len(keys)
            or keys[at + length] >= SPACE
            or not _same(text + starts[column], keys.ctypes.data + at, length)
        ):
            return False
        at += length + 1
    return True
