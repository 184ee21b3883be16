"""Finds the lines of a text, and which of them another text has too: all lines at once, by numpy.

Of a line, what counts is all but its time, which every line of a snapshot has in the same place. Numpy compares pieces
of a fixed width: its first, its last and, of a long line, those in its middle; they overlap, and cover a line of 32 to
96 bytes. SpotLake's have 34 to 80, few more than 64; lines shorter or longer are taken to be in no other text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Text = npt.NDArray[np.uint8]
"""The bytes of a text."""
LineNumbers = npt.NDArray[np.int64]
_Words = npt.NDArray[np.uint64]
_Mask = npt.NDArray[np.bool_]

_PIECE = 32
_MAX_COVERED = 3 * _PIECE
_WORDS = _PIECE // 8
_NEWLINE = 10
SLOT_BITS = 20
"""Of a table with room for 30 snapshots: few lines have to share a slot."""
_FACTORS = np.array([0xD187F5E7ECE1412F, 0xA2885EFC416CEB91, 0x853E9ED4A766F45D, 0x821D93DB09A1780F], np.uint64)
"""Odd, and otherwise at random."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text, without their times; an element, or a row, for each line."""

    text: Text
    begins: LineNumbers
    """Where in the text they begin."""
    lengths: LineNumbers
    """In bytes."""
    firsts: _Words
    lasts: _Words
    """Each line's first and last bytes, as numbers; of a line shorter than a piece, others with them."""

    def __len__(self) -> int:
        """Count the lines."""
        return len(self.begins)

    def at(self, rows: LineNumbers) -> Lines:
        """Give some of them."""
        firsts, lasts = (pieces.take(rows, axis=0) for pieces in (self.firsts, self.lasts))
        return Lines(self.text, self.begins[rows], self.lengths[rows], firsts, lasts)

    def middles(self, rows: LineNumbers) -> _Words:
        """Give the bytes in the middle of some that are not shorter than a piece."""
        offsets = (self.lengths[rows] - _PIECE) // 2
        return bytes_at(self.text, self.begins[rows] + offsets, _PIECE).view(np.uint64)


def lines_of(text: Text, begin: int, time: bytes, *, time_is_last: bool) -> Lines | None:
    """Find the lines from `begin` on; None if there is none, or if one does not have this time.

    The time must be the first, or else the last, cell of each line; an empty one means that lines have none.
    """
    ends = _newlines(text[begin:]) + begin
    if text[-1] != _NEWLINE:
        ends = np.append(ends, len(text))
    begins = np.concatenate([[begin], ends[:-1] + 1])
    cell = b"" if not time else b"," + time if time_is_last else time + b","
    lengths = ends - begins - len(cell)
    if not len(ends) or len(text) < _PIECE or lengths.min() < 0:
        return None
    if cell:
        cells = bytes_at(text, ends - len(cell) if time_is_last else begins, len(cell))
        if cells.tobytes() != cell * len(ends):
            return None
        if not time_is_last:
            begins += len(cell)
    return Lines(text, begins, lengths, _words_at(text, begins), _words_at(text, begins + (lengths - _PIECE)))


def bytes_at(text: Text, positions: LineNumbers, count: int) -> Text:
    """Copy so many bytes from each position, each into a row. Raises IndexError if the text does not have them."""
    everywhere = np.ndarray((len(text) - count + 1,), f"V{count}", text, strides=(1,))
    return everywhere[positions].view(np.uint8).reshape(-1, count)


class LineTable:
    """The lines of one text, to be found again in another."""

    def __init__(self) -> None:
        """Begin with no lines."""
        self._slots = np.zeros(1 << SLOT_BITS, np.int32)  # where a line may be: it is compared before it is believed
        self._lines: Lines | None = None

    def replace(self, lines: Lines) -> tuple[LineNumbers, _Mask]:
        """Take other lines: give for each of these which of the former ones it equals, and whether there is one.

        Of one that equals none, give which of the former ones stood in its place, as far as can be told.
        """
        slots, former = _slots_of(lines), self._lines
        if former is None:
            rows, is_known = np.zeros(len(lines), np.int64), np.zeros(len(lines), np.bool_)
        else:
            rows, is_known = self._found(lines, slots, former)
        self._slots[slots] = np.arange(len(lines), dtype=np.int32)
        self._lines = lines
        return rows, is_known

    def clear(self) -> None:
        """Forget the lines."""
        self._lines = None

    def _found(self, lines: Lines, slots: LineNumbers, former: Lines) -> tuple[LineNumbers, _Mask]:
        last = len(former) - 1
        rows = np.minimum(self._slots[slots], last).astype(np.int64)
        is_known = _are_equal(lines, former, rows)
        # One whose slot another line has taken is probably where it was: behind the one the line before it equals.
        others = np.flatnonzero(~is_known)
        rows[others] = np.minimum(_rows_in_place(rows, others), last)
        is_known[others] = _are_equal(lines.at(others), former, rows[others])
        return rows, is_known


def _rows_in_place(rows: LineNumbers, others: LineNumbers) -> LineNumbers:
    """Count on from the row of the last line before each that is not among the others, or else from the first row."""
    before = np.maximum.accumulate(np.where(np.diff(others, prepend=others[:1]) == 1, -1, others - 1))
    return np.where(before < 0, -1, rows[before]) + (others - before)


def _slots_of(lines: Lines) -> LineNumbers:
    """Choose the slot of each line by some of its contents, which are others for every pool."""
    words = lines.firsts[:, 0], lines.firsts[:, 2], lines.lasts[:, 0], lines.lasts[:, 2]
    mixed = sum(word * factor for word, factor in zip(words, _FACTORS, strict=True))
    return np.asarray(mixed >> np.uint64(64 - SLOT_BITS)).view(np.int64)


def _are_equal(lines: Lines, others: Lines, rows: LineNumbers) -> _Mask:
    """Tell for each line whether it equals the other one at its row."""
    is_other = (lines.firsts != others.firsts.take(rows, axis=0)) | (lines.lasts != others.lasts.take(rows, axis=0))
    is_same = is_other.view(f"u{_WORDS}")[:, 0] == 0
    is_same &= (lines.lengths >= _PIECE) & (lines.lengths <= _MAX_COVERED) & (lines.lengths == others.lengths[rows])
    long = np.flatnonzero(is_same & (lines.lengths > 2 * _PIECE))
    is_same[long] = (lines.middles(long) == others.middles(rows[long])).all(axis=1)
    return np.asarray(is_same)


def _newlines(text: Text) -> LineNumbers:
    """Give the positions of all newlines: eight bytes at once, of which mostly none or one is a newline."""
    whole = len(text) // 8 * 8
    is_newline = text == _NEWLINE
    words = is_newline[:whole].view("<u8")
    found = np.flatnonzero(words != 0)
    words = words[found]
    zeros_before = np.bitwise_count(words - np.uint64(1))  # of a word with a single bit
    if (words >> zeros_before != 1).any():  # lines of less than eight bytes
        return np.flatnonzero(is_newline)
    return np.concatenate([8 * found + zeros_before // 8, whole + np.flatnonzero(is_newline[whole:])])


def _words_at(text: Text, positions: LineNumbers) -> _Words:
    last = len(text) - _PIECE
    if positions[0] < 0 or positions[-1] > last:  # of lines shorter than a piece
        positions = np.clip(positions, 0, last)
    return bytes_at(text, positions, _PIECE).view(np.uint64)
