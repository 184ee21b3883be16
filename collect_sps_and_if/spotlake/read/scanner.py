"""The compiled scan of a snapshot's lines, which `neighbour_scanner` calls.

Few lines change from one snapshot to the next. So a line is first compared with a line of the previous snapshot, but
for its time; if the two are equal, so are pool and values. Only lines that differ are parsed. The line to compare with
is the one behind the line that the last one was equal to; after a line that differs, the one behind its pool's last
line. So lines may be added, removed and moved.

Where this scan is not certain to read what `csv_reader` would (quotes, control characters, rows with different numbers
of cells, other times, unusual numbers), it returns UNSUPPORTED, and the file is left to that reader.

All code and all constants that are compiled are in this one file: numba keeps its machine code until *this* file
changes, and does not notice a change of another. Compiled code does not check bounds: this code has to.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from collect_sps_and_if.spotlake.read.compiled import compiled
from collect_sps_and_if.spotlake.read.scan_arrays import Bytes, Int32s, Int64s, Lines, PoolTable, Positions, Scanned

DONE, UNSUPPORTED, LINES_FULL, POOLS_FULL = 0, 1, 2, 3
"""How a scan ended; after the last two, it is to be repeated with more room."""
NO_POOL = -1
UNKNOWN, UNUSUAL = -1, -2
"""In place of a value's code: there is no value; this scan cannot read it."""

TAB, NEWLINE, SPACE, QUOTE, COMMA, MINUS, DOT, ZERO, NINE = 9, 10, 32, 34, 44, 45, 46, 48, 57
MAX_LINE_BYTES = 2**15 - 1  # lengths are kept as 16-bit numbers
MAX_DIGITS = 15  # up to here both the digits and the power of ten are exact as floats, so their quotient is, too

# Texts are passed as addresses: passing an array, which is seven numbers, would take longer than what is done with it.
# A vector has 32 bytes, as many as most processors compare at once; LLVM uses several smaller ones on the others.
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
    """Compare two texts of one length."""
    if length >= 32:
        last = length - 32  # may overlap what was compared already; so do the pairs below
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
    positions: Positions,
    previous: Scanned,
    pools: PoolTable,
    values: tuple[npt.NDArray[np.float64], Int64s],
    lines: Lines,
) -> tuple[int, int]:
    """Scan the lines of a text from `begin` on into `lines`: give how that ended, and how many there are.

    `time` is where the first line's time starts, and its length: all other lines must have the same. `previous` has the
    same header, and a time of the same length. `values` is a table of values, and how many there are.
    """
    (time_start, time_length), (previous_array, old_lines, old_count), (numbers, number_count) = time, previous, values
    slots, key_starts, keys, last_line, pool_count = pools
    key_columns = positions.region, positions.instance, positions.az
    text, old_text = array.ctypes.data, previous_array.ctypes.data
    size, room = len(array), len(lines)
    expected_time = text + time_start
    at, count, hint = begin, 0, 0  # hint: the old line that the one at `at` is probably equal to
    starts = np.zeros(positions.columns + 1, np.int64)
    while at < size:
        if count == room:
            return LINES_FULL, count
        if hint < old_count:
            old = old_lines[hint]
            old_start, length, time_at = int(old.start), int(old.length), int(old.time_at)
            end, behind_time = at + length, time_at + time_length
            if (
                end <= size
                and (end == size or _byte(text + end) == NEWLINE)
                and _same(text + at + behind_time, old_text + old_start + behind_time, length - behind_time)
                and _same(text + at, old_text + old_start, time_at)
                and _same(text + at + time_at, expected_time, time_length)
            ):
                lines[count] = old
                lines[count].start = at
                if hint != count:
                    last_line[old.pool] = count
                count += 1
                hint += 1
                at = end + 1
                continue
        if not _cut_cells(text, size, at, starts):
            return UNSUPPORTED, count
        time_at = at
        if positions.time >= 0:
            time_at, end = starts[positions.time], starts[positions.time + 1] - 1
            if end - time_at != time_length or not _same(text + time_at, expected_time, time_length):
                return UNSUPPORTED, count
        sps = _value_code(text, starts[positions.sps], starts[positions.sps + 1] - 1, numbers, number_count)
        frequency = _value_code(
            text, starts[positions.frequency], starts[positions.frequency + 1] - 1, numbers, number_count
        )
        is_unnamed = (
            starts[key_columns[0] + 1] - starts[key_columns[0]] == 1
            or starts[key_columns[1] + 1] - starts[key_columns[1]] == 1
        )
        if sps == UNUSUAL or frequency == UNUSUAL or is_unnamed or starts[positions.columns] - at > MAX_LINE_BYTES:
            return UNSUPPORTED, count
        pool = old_lines[hint].pool if hint < old_count else NO_POOL
        if pool == NO_POOL or not _has_key(text, starts, key_columns, keys, key_starts[pool]):
            pool = _pool_id(text, starts, key_columns, slots, key_starts, keys, pool_count)
        if pool == NO_POOL:
            return POOLS_FULL, count
        next_line = starts[positions.columns]
        line = lines[count]
        line.start, line.length, line.time_at = at, next_line - 1 - at, time_at - at
        line.pool, line.sps, line.frequency = pool, sps, frequency
        if hint < old_count and old_lines[hint].pool == pool:
            hint += 1
        elif 0 <= last_line[pool] < old_count:
            hint = last_line[pool] + 1
        last_line[pool] = count
        count += 1
        at = next_line
    return DONE, count


@compiled
def _cut_cells(text: int, size: int, at: int, starts: Int64s) -> bool:
    """Note where a line's cells start; the last start is the next line's. False if the line is not supported."""
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
def _value_code(text: int, start: int, end: int, values: npt.NDArray[np.float64], value_count: Int64s) -> int:
    """Give the code of a decimal: UNKNOWN for an empty cell and -1, UNUSUAL for anything but digits and a point."""
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
            return UNUSUAL
    if digits == 0 or digits > MAX_DIGITS:
        return UNUSUAL
    number = whole / scale
    if at > start:
        number = -number
        if number == -1.0:
            return UNKNOWN
    for code in range(value_count[0]):
        if values[code] == number:
            return code
    if value_count[0] == len(values):
        return UNUSUAL
    values[value_count[0]] = number
    value_count[0] += 1
    return int(value_count[0]) - 1


# The parts of a table are passed one by one: for a whole one, numba counts references, which doubles the time.
@compiled
def _pool_id(
    text: int,
    starts: Int64s,
    key_columns: tuple[int, int, int],
    slots: Int32s,
    key_starts: Int32s,
    keys: Bytes,
    pool_count: Int64s,
) -> int:
    """Give the id of the pool that the key columns of a line name; NO_POOL if there is no room for a new one."""
    hashed, length = np.uint64(0), 0
    for column in key_columns:
        start, end = starts[column], starts[column + 1] - 1
        length += end - start + 1
        hashed = _hash(text + start, end - start, hashed)
    mask = len(slots) - 1
    slot = np.int64((hashed >> np.uint64(24)) & np.uint64(mask))
    while slots[slot] != NO_POOL:
        at = key_starts[slots[slot]]
        if key_starts[slots[slot] + 1] - at == length and _has_key(text, starts, key_columns, keys, at):
            return int(slots[slot])
        slot = (slot + 1) & mask
    pool, at = pool_count[0], key_starts[pool_count[0]]
    if pool + 1 == len(key_starts) or at + length > len(keys):
        return NO_POOL
    for column in key_columns:
        for i in range(starts[column], starts[column + 1] - 1):
            keys[at] = _byte(text + i)
            at += 1
        keys[at] = TAB
        at += 1
    keys[at - 1] = NEWLINE
    key_starts[pool + 1] = at
    slots[slot] = pool
    pool_count[0] += 1
    return int(pool)


@compiled
def _hash(text: int, length: int, hashed: np.uint64) -> np.uint64:
    """Hash a text, going on from the hash of what is before it."""
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
def _has_key(text: int, starts: Int64s, key_columns: tuple[int, int, int], keys: Bytes, at: int) -> bool:
    """Tell whether the key columns of a line are those of the key at `at`."""
    for column in key_columns:
        length = starts[column + 1] - 1 - starts[column]
        if (
            at + length >= len(keys)
            or keys[at + length] >= SPACE
            or not _same(text + starts[column], keys.ctypes.data + at, length)
        ):
            return False
        at += length + 1
    return True
