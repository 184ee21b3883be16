"""The cells of a plain CSV text as arrays: where each lies, which are equal, and what times they tell.

A text is plain if it is ASCII, without quotes, carriage returns or NULs, and all its lines have as many cells as the
header, none of them longer than any of ours. What our programs write is; what is not, is read a line at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
_Numbers = NDArray[np.float64]
_Flags = NDArray[np.bool_]
_Characters = NDArray[np.uint8]
_Words = NDArray[np.uint64]

_NOT_PLAIN = (b'"', b"\r", b"\0")
LINE_END = ord("\n")
_MARK_ENDS = bytes(chr(character) in ",\n" for character in range(256))
LONGEST_CELL = 256
_WORD = 8  # bytes compared at once
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_WORD + 1)], np.uint64)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, and without a pattern in its bits
_SHIFT = np.uint64(29)
_TABLE_BITS = 16
_TRIES = 20

_TIME = "0000-00-00T00:00:00+00:00"
_TIME_WITH_MILLISECONDS = "0000-00-00T00:00:00.000+00:00"
_OFFSET = len("+00:00")
_ZERO = ord("0")


@dataclass(frozen=True)
class Cells:
    """The cells of one column: for each row the place in the text where its cell begins, and its length in bytes."""

    text: bytes
    start: Integers
    length: Integers

    def __len__(self) -> int:
        """Count them."""
        return len(self.start)

    def at(self, rows: Integers) -> Cells:
        """Give those of some rows."""
        return Cells(self.text, self.start[rows], self.length[rows])

    def texts(self) -> list[str]:
        """Give them as text."""
        return [self.text[start:end].decode() for start, end in spans(self.start, self.start + self.length)]


@dataclass(frozen=True)
class PlainText:
    """A plain text, padded, and the places where its cells end: an array with a row for each line, header included."""

    header: Sequence[str]
    text: bytes
    ends: Integers

    @property
    def rows(self) -> int:
        """Count the rows."""
        return len(self.ends) - 1

    def column(self, name: str) -> Cells | None:
        """Give a column, of a name that recurs the first; None if there is none of that name."""
        if name not in self.header:
            return None
        place = self.header.index(name)
        start = (self.ends[1:, place - 1] if place else self.ends[:-1, -1]) + 1
        return Cells(self.text, start, self.ends[1:, place] - start)


def joined(parts: Sequence[Cells]) -> Cells:
    """Put columns of one text together."""
    return Cells(
        parts[0].text, np.concatenate([part.start for part in parts]), np.concatenate([part.length for part in parts])
    )


def spans(starts: Integers, ends: Integers) -> Iterator[tuple[int, int]]:
    """Give places where something starts with those where it ends."""
    return zip(starts.tolist(), ends.tolist(), strict=True)


def padded(content: bytes) -> bytes:
    """Pad a text so that a word may be looked up behind the end of any cell."""
    return content + bytes(LONGEST_CELL + _WORD)


def is_special(content: bytes) -> bool:
    """Tell whether a text has characters that make it other than plain."""
    return not content.isascii() or any(mark in content for mark in _NOT_PLAIN)


def split(content: bytes) -> PlainText | None:
    """Find the cells of a text; None if it is not plain."""
    if is_special(content):
        return None
    header = [name.strip() for name in content[: content.find(b"\n")].decode().split(",")]
    # In one pass over the bytes; comparing them with each mark takes twice as long.
    ends = np.flatnonzero(np.frombuffer(content.translate(_MARK_ENDS), np.bool_))
    if len(header) < 2 or len(ends) % len(header):
        return None
    is_line_end = np.frombuffer(content, np.uint8)[ends].reshape(-1, len(header)) == LINE_END
    if is_line_end[:, :-1].any() or not is_line_end[:, -1].all() or np.diff(ends).max() > LONGEST_CELL:
        return None
    return PlainText(header, padded(content), ends.reshape(-1, len(header)))


def runs(cells: Cells) -> tuple[Integers, Integers]:
    """Give the first row of each run of equal cells, and the runs' lengths: neighbours are often equal."""
    heads, lengths, _ = _runs(cells)
    return heads, lengths


def distinct(cells: Cells) -> tuple[Integers, Integers] | None:
    """Tell equal cells: for every row the number of its text, and for every number the first row that has it.

    Texts are numbered in the order in which they first appear. None if too many of them have the same hash.
    """
    heads, lengths, words = _runs(cells)
    if not len(heads):
        return heads, heads
    first_alike = _first_alike(words)
    if first_alike is None:
        return None
    firsts = np.flatnonzero(first_alike == np.arange(len(heads)))
    numbers = np.empty(len(heads), np.int64)
    numbers[firsts] = np.arange(len(firsts))
    return np.repeat(numbers[first_alike], lengths), heads[firsts]


def _runs(cells: Cells) -> tuple[Integers, Integers, Sequence[_Words]]:
    words = list(_words(cells))
    is_new = np.ones(len(cells), np.bool_)
    is_new[1:] = words[0][1:] != words[0][:-1]
    for word in words[1:]:
        is_new[1:] |= word[1:] != word[:-1]
    heads = np.flatnonzero(is_new)
    ends = np.append(heads[1:], len(cells))[: len(heads)]
    return heads, ends - heads, [word[heads] for word in words]


def _words(cells: Cells) -> Iterator[_Words]:
    at_every_place = np.ndarray((len(cells.text) - _WORD + 1,), "<u8", cells.text, strides=(1,))
    start, left = cells.start, cells.length
    for _ in range(0, max(1, int(left.max(initial=0))), _WORD):
        word = at_every_place[start]
        yield word if left.min(initial=_WORD) >= _WORD else word & _MASKS[np.minimum(left, _WORD)]
        start, left = start + _WORD, np.maximum(left - _WORD, 0)


def _hashes(words: Sequence[_Words]) -> _Words:
    hashes = words[0]
    for word in words[1:]:
        hashes = hashes * _MULTIPLIER
        hashes = (hashes ^ (hashes >> _SHIFT)) + word
    return hashes


def _first_alike(words: Sequence[_Words]) -> Integers | None:
    """Give for every row the first with the same words; None if that takes too many tries.

    A table has the first row of each short hash; the few rows that differ from it try again, with another hash.
    """
    found = np.empty(len(words[0]), np.int64)
    left, hashes = np.arange(len(found)), _hashes(words)
    table = np.empty(1 << _TABLE_BITS, np.int64)
    for _ in range(_TRIES):
        hashes = hashes * _MULTIPLIER
        short = hashes >> np.uint64(64 - _TABLE_BITS)
        table[short[::-1]] = left[::-1]  # the first row of a hash is put in last, and stays
        found[left] = first = table[short]
        is_other = np.zeros(len(left), np.bool_)
        for word in words:
            is_other |= word[left] != word[first]
        left, hashes = left[is_other], hashes[is_other]
        if not len(left):
            return found
    return None


def times(cells: Cells) -> tuple[_Numbers, _Numbers, _Flags]:
    """Read times as we write them: seconds since 1970 in UTC, UTC offsets in seconds, and which cells were so written.

    That is YYYY-MM-DDTHH:MM:SS+HH:MM, or with milliseconds. What is written otherwise may be a time all the same.
    """
    utc, offset = np.full((2, len(cells)), np.nan)
    for shape in (_TIME, _TIME_WITH_MILLISECONDS):
        rows = np.flatnonzero(cells.length == len(shape))
        if not len(rows):
            continue
        characters = _characters(cells.at(rows), len(shape))
        is_shaped = _has_shape(characters, shape)
        try:
            utc[rows[is_shaped]], offset[rows[is_shaped]] = _moments(characters[is_shaped])
        except ValueError:  # the 30th of February, or the like
            continue
    return utc, offset, ~np.isnan(utc)


def _characters(cells: Cells, length: int) -> _Characters:
    characters: _Characters = np.frombuffer(cells.text, np.uint8)[cells.start[:, None] + np.arange(length)]
    return characters


def _has_shape(characters: _Characters, shape: str) -> _Flags:
    wanted = np.frombuffer(shape.encode(), np.uint8)
    is_digit, sign = wanted == _ZERO, len(shape) - _OFFSET
    are_digits = (characters[:, is_digit] - _ZERO <= 9).all(axis=1)
    are_marks = (characters[:, ~is_digit] == wanted[~is_digit]) | (np.flatnonzero(~is_digit) == sign)
    is_signed = (characters[:, sign] == ord("+")) | (characters[:, sign] == ord("-"))
    is_year = (characters[:, :4] != _ZERO).any(axis=1)  # NumPy has a year 0
    hour, minute = _two_digits(characters, sign + 1), _two_digits(characters, sign + 4)
    return np.asarray(are_digits & are_marks.all(axis=1) & is_signed & is_year & (hour < 24) & (minute < 60))


def _moments(characters: _Characters) -> tuple[_Numbers, _Numbers]:
    sign = characters.shape[1] - _OFFSET
    local = np.ascontiguousarray(characters[:, :sign]).view(f"S{sign}")[:, 0].astype("M8[ms]").astype(np.int64)
    offset = 3600 * _two_digits(characters, sign + 1) + 60 * _two_digits(characters, sign + 4)
    offset[characters[:, sign] == ord("-")] *= -1
    return (local - 1000 * offset) / 1000, offset.astype(np.float64)


def _two_digits(characters: _Characters, place: int) -> Integers:
    pair = characters[:, place : place + 2].astype(np.int64) - _ZERO
    return 10 * pair[:, 0] + pair[:, 1]
