"""The times that cells tell, for many cells at once: as our programs write them, word by word rather than by character.

That is YYYY-MM-DDTHH:MM:SS+HH:MM, or with milliseconds. What is written otherwise may be a time all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_files.cell_arrays import WORD, Cells, Flags, Integers, Words, expanded, first_words, runs

_Numbers = NDArray[np.float64]

_SHAPES = tuple(f"0000-00-00T00:00:00{rest}{sign}00:00" for rest in ("", ".000") for sign in "+-")
_SECONDS = len("0000-00-00T00:00:00")
_OFFSET = len("+00:00")
_WORDS = 4
_DAY, _HOUR, _MINUTE = 86400, 3600, 60  # seconds


@dataclass(frozen=True)
class CellTimes:
    """What cells tell, an element each."""

    utc: _Numbers
    """Seconds since 1970 in UTC; NaN where it was not read."""
    offset: _Numbers
    """The UTC offset in seconds."""
    is_read: Flags


def times(cells: Cells) -> CellTimes:
    """Read the cells that are times as we write them."""
    words = first_words(cells, _WORDS)
    # What differs behind the last word is no time of ours.
    heads, lengths = runs(words, cells.length > WORD * _WORDS)
    utc, offset = np.full((2, len(heads)), np.nan)
    if len(heads) < len(words):
        words = words.take(heads, axis=0)
    size = cells.length[heads]
    for shape in _SHAPES:
        rows = np.flatnonzero((size == len(shape)) & np.isnan(utc))
        if len(rows):
            places, utc_read, offset_read = _read(words.take(rows, axis=0), shape)
            utc[rows[places]], offset[rows[places]] = utc_read, offset_read
    utc, offset = expanded(utc, lengths), expanded(offset, lengths)
    return CellTimes(utc, offset, ~np.isnan(utc))


def _read(words: Words, shape: str) -> tuple[Integers, _Numbers, _Numbers]:
    """Give the places of those that have the shape and are times, their seconds in UTC, and UTC offsets in seconds."""
    digits, is_shaped = _digits(words, shape)
    pairs = 10 * digits  # of each place's digit and the next, over the ends of rows too, where none is asked for
    pairs.ravel()[:-1] += digits.ravel()[1:]

    def number(place: int) -> Integers:
        return pairs[:, place].astype(np.int64)

    month = (100 * number(0) + number(2)) * 12 + number(5) - 1
    sign = len(shape) - _OFFSET
    minutes = number(8 + 3), number(8 + 6), number(sign + 1), number(sign + 4)
    hour, minute, offset_hour, offset_minute = minutes
    day, second = number(8), number(17)
    # NumPy has a year 0.
    is_time = is_shaped & (month >= 12) & (number(5) - 1 < 12) & (hour < 24) & (minute < 60) & (second < 60)
    is_time &= (offset_hour < 24) & (offset_minute < 60)
    first_day, length = _months(np.where(is_time, month, 12))
    is_time &= (day >= 1) & (day <= length)
    offset = (_HOUR * offset_hour + _MINUTE * offset_minute) * (-1 if shape[sign] == "-" else 1)
    seconds = _DAY * (first_day + day - 1) + _HOUR * hour + _MINUTE * minute + second - offset
    milliseconds = 0 if sign == _SECONDS else 10 * number(_SECONDS + 1) + digits[:, _SECONDS + 3]
    rows = np.flatnonzero(is_time)
    return rows, (1000 * seconds + milliseconds)[rows] / 1000, offset[rows].astype(np.float64)


def _digits(words: Words, shape: str) -> tuple[NDArray[np.uint8], Flags]:
    """Give each character's digit, and which rows have digits where the shape has a 0, and its own marks elsewhere."""
    wanted = np.frombuffer(shape.encode().ljust(WORD * _WORDS, b"\0"), np.uint8)
    # A byte whose highest bit is set by this is no digit, or not the mark that it should be.
    over = 0x7F - np.where(wanted == ord("0"), 9, 0).astype(np.uint8)
    differing, is_over = np.empty_like(words), np.zeros(len(words), np.uint64)
    for place in range(_WORDS):  # in half the time of all of them at once, as there are few
        differing[:, place] = words[:, place] ^ wanted.view(np.uint64)[place]
        is_over |= differing[:, place] + over.view(np.uint64)[place]
    return differing.view(np.uint8), is_over & np.uint64(0x8080808080808080) == 0


def _months(month: Integers) -> tuple[Integers, Integers]:
    """Give the first day of each month, in days since 1970, and how many days it has; months are those since year 0."""
    least = int(month.min())
    months = np.arange(least, int(month.max()) + 2) - 1970 * 12
    first_days = months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    first = first_days[month - least]
    return first, first_days[month - least + 1] - first
