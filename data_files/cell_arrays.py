"""The cells of a plain CSV text as arrays: where each lies, and which are equal.

A text is plain if it is ASCII, without quotes, carriage returns or NULs, and all its lines have as many cells as the
header, none of them longer than any of ours. What our programs write is; what is not, is read a line at a time.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Words = NDArray[np.uint64]

_NOT_PLAIN = (b'"', b"\r", b"\0")
CELL_END, LINE_END = ord(","), ord("\n")
LONGEST_CELL = 256
WORD = 8  # bytes compared at once
_TABLE_BITS = 16
_TRIES = 20
_MOST_WORDS = 2 * LONGEST_CELL // WORD
# Odd, and without a pattern in their bits.
_MULTIPLIERS = np.full(_TRIES * _MOST_WORDS, 0x9E3779B97F4A7C15, np.uint64).cumprod().reshape(_TRIES, _MOST_WORDS)
_SHORT = 4  # words: columns of such cells are looked at together


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
        cells = [self.text[start:end] for start, end in spans(self.start, self.start + self.length)]
        # None of them has a line end, and one decoding takes less time than many.
        return b"\n".join(cells).decode().split("\n") if cells else []


@dataclass(frozen=True)
class PlainText:
    """A plain text, padded, and the places where its cells end: of each column a row, with that of the header first."""

    header: Sequence[str]
    text: bytes
    ends: Integers

    @property
    def rows(self) -> int:
        """Count the rows."""
        return len(self.ends[0]) - 1

    def column(self, name: str) -> Cells | None:
        """Give a column, of a name that recurs the first; None if there is none of that name."""
        if name not in self.header:
            return None
        place = self.header.index(name)
        start = (self.ends[place - 1, 1:] if place else self.ends[-1, :-1]) + 1
        return Cells(self.text, start, self.ends[place, 1:] - start)


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
    return content + bytes(LONGEST_CELL + WORD)


def is_special(content: bytes) -> bool:
    """Tell whether a text has characters that make it other than plain."""
    return not content.isascii() or any(mark in content for mark in _NOT_PLAIN)


def split(content: bytes) -> PlainText | None:
    """Find the cells of a text; None if it is not plain."""
    if is_special(content):
        return None
    header = [name.strip() for name in content[: content.find(b"\n")].decode().split(",")]
    characters = np.frombuffer(content, np.uint8)
    ends = np.flatnonzero((characters == CELL_END) | (characters == LINE_END))
    if len(header) < 2 or len(ends) % len(header):
        return None
    is_line_end = characters[ends] == LINE_END
    lines = len(ends) // len(header)
    is_whole = is_line_end[len(header) - 1 :: len(header)].all() and np.count_nonzero(is_line_end) == lines
    if not is_whole or np.diff(ends).max() > LONGEST_CELL:
        return None
    return PlainText(header, padded(content), np.ascontiguousarray(ends.reshape(lines, -1).T))


def first_words(cells: Cells, count: int) -> Words:
    """Give the first words of every cell, a row each: what stands behind its end is 0."""
    size = WORD * count
    # As one element of that many bytes: several times as fast as one word after the other.
    at_every_place = np.ndarray((len(cells.text) - size + 1,), f"V{size}", cells.text, strides=(1,))
    words = _words(at_every_place[cells.start], count)
    least, most = int(cells.length.min(initial=size)), int(cells.length.max(initial=0))
    if least < size and least < most:
        words &= _words(_masks(count).take(np.minimum(cells.length, size)), count)  # in half the time of indexing
    elif least < size:
        mask = _words(_masks(count)[[least]], count)[0]
        for place in range(least // WORD, count):  # the words before are all within the cell
            words[:, place] &= mask[place]
    return words


def runs(words: Words, is_head: Flags) -> tuple[Integers, Integers]:
    """Give the first row of each run of equal rows, and the runs' lengths: neighbours are often equal.

    is_head: rows that are the first of a run even so.
    """
    is_new = is_head.copy()
    is_new[:1] = True
    is_new[1:] |= _differ(words[1:], words[:-1])
    heads = np.flatnonzero(is_new)
    return heads, np.diff(heads, append=len(words))


def expanded(values: NDArray[Any], lengths: Integers) -> NDArray[Any]:
    """Give for every row what its run has."""
    return values if len(values) == int(lengths.sum()) else np.repeat(values, lengths)


def distinct(columns: Sequence[Cells]) -> list[tuple[Integers, Integers]] | None:
    """Tell equal cells of each column: for every row the number of its text, for every number the first row with it.

    Texts are numbered in the order in which they first appear. None if too many of them have the same hash.
    """
    found: dict[int, tuple[Integers, Integers]] = {}
    counts = [_word_count(cells) for cells in columns]
    short = [place for place, count in enumerate(counts) if count <= _SHORT]
    for places in (short, *([place] for place, count in enumerate(counts) if count > _SHORT)):
        together = [columns[place] for place in places]
        told = _distinct(together, max(counts[place] for place in places)) if together else []
        if told is None:
            return None
        found.update(zip(places, told, strict=True))
    return [found[place] for place in range(len(columns))]


def distinct_recurring(cells: Cells, distance: int) -> tuple[Integers, Integers] | None:
    """Tell equal cells of a column as `distinct` does: faster, if most are equal to the one `distance` rows before.

    None of them may hold a NUL.
    """
    words = first_words(cells, _word_count(cells))
    is_head = np.ones(len(words), np.bool_)
    is_head[distance:] = _differ(words[distance:], words[:-distance])
    heads = np.flatnonzero(is_head)
    told = _numbered(words.take(heads, axis=0), np.zeros(len(heads), np.uint64))
    if told is None:
        return None
    # The place of every row's head: the last one in its column, as rows so far apart stand one below the other.
    place = np.zeros((-(-len(words) // distance), distance), np.int64)
    place.ravel()[heads] = np.arange(len(heads))
    place = np.maximum.accumulate(place, axis=0).ravel()[: len(words)]
    return told[0][place], heads[told[1]]


def _word_count(cells: Cells) -> int:
    """Give the least power of two of words that hold each cell."""
    needed = -(-int(cells.length.max(initial=1)) // WORD)
    return 1 << (max(1, needed) - 1).bit_length()


def _distinct(columns: Sequence[Cells], count: int) -> list[tuple[Integers, Integers]] | None:
    words = first_words(joined(columns), count)
    ends = np.cumsum([len(cells) for cells in columns])
    starts = ends - [len(cells) for cells in columns]
    is_start = np.zeros(len(words), np.bool_)
    is_start[starts[starts < len(words)]] = True
    heads, lengths = runs(words, is_start)
    if len(heads) < len(words):
        words = words.take(heads, axis=0)
    column = np.searchsorted(ends, heads, "right") if len(columns) > 1 else np.zeros(len(heads), np.int64)
    told = _numbered(words, column.astype(np.uint64))
    if told is None:
        return None
    codes, rows = expanded(told[0], lengths), heads[told[1]]
    lowest = np.searchsorted(rows, np.append(starts, ends[-1])).tolist()
    return [
        (codes[start:end] - low, rows[low:high] - start)
        for start, end, low, high in zip(starts.tolist(), ends.tolist(), lowest[:-1], lowest[1:], strict=True)
    ]


def _numbered(words: Words, column: NDArray[np.uint64]) -> tuple[Integers, Integers] | None:
    """Number the texts of each column: for every row the number of its own, for every number the first row with it."""
    first_alike = _first_alike(words, column)
    if first_alike is None:
        return None
    firsts = np.flatnonzero(first_alike == np.arange(len(words)))
    numbers = np.empty(len(words), np.int64)
    numbers[firsts] = np.arange(len(firsts))
    return numbers[first_alike], firsts


def _words(elements: NDArray[np.void], count: int) -> Words:
    return elements.view("<u8").reshape(-1, count)


@functools.cache
def _masks(count: int) -> NDArray[np.void]:
    """Give for every length of a text the words that have all bits set within it."""
    masks = np.zeros((WORD * count + 1, WORD * count), np.uint8)
    masks[np.tri(WORD * count + 1, WORD * count, -1, np.bool_)] = 0xFF
    return masks.view(f"V{WORD * count}")[:, 0]


def _differ(words: Words, others: Words) -> Flags:
    """Tell which rows of two tables, of one, two, four words and so on, differ."""
    flags: Flags = words != others
    if flags.shape[1] > WORD:
        differing: Flags = np.logical_or.reduce(flags, axis=1)
    else:
        differing = flags.view(f"u{flags.shape[1]}")[:, 0] != 0  # several times as fast
    return differing


def _first_alike(words: Words, column: NDArray[np.uint64]) -> Integers | None:
    """Give for every row the first of the same column with the same words; None if that takes too many tries.

    A table has the first row of each short hash; the few rows that differ from it try again, with another hash.
    """
    texts = words.view(f"V{WORD * words.shape[1]}")[:, 0]
    bits = min(_TABLE_BITS, (len(words) << 2).bit_length())
    table = np.empty(1 << bits, np.int64)
    left = np.arange(len(words))
    found = left.copy()
    own, own_column = words, column
    for multipliers in _MULTIPLIERS:
        if not len(left):
            return found
        hashes = own @ multipliers[: words.shape[1]] + own_column * multipliers[-1]
        short = (hashes >> np.uint64(64 - bits)).astype(np.intp)
        table[short[::-1]] = left[::-1]  # the first row of a hash is put in last, and stays
        first = table[short]
        found[left] = first
        left = left[_differ(own, _words(texts[first], words.shape[1])) | (own_column != column[first])]
        own, own_column = words.take(left, axis=0), column[left]
    return None if len(left) else found
