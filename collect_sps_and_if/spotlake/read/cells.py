"""Cuts lines into cells: all lines at once, by numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from collect_sps_and_if.spotlake.read.lines import LineNumbers, Text, bytes_at

_COMMA, _QUOTE, _FIRST_PRINTABLE, _LAST_PRINTABLE = b'," ~'
MAX_CELL = 32
"""Bytes of the longest cell that can be asked for."""
_MAX_LINE = 1024


@dataclass(frozen=True, slots=True)
class CutLines:
    """Lines cut into cells."""

    text: Text
    """The lines one behind the other, all in the same width, with MAX_CELL zeros at least behind each."""
    borders: LineNumbers
    """Where in the text each line's cells end: a row for each line, which begins with the border before its first."""

    def column(self, place: int, width: int) -> Text | None:
        """Give the cells of a column, each in a row, filled up with zeros; None if one is longer than `width`."""
        begins = self.borders[:, place] + 1
        lengths = self.borders[:, place + 1] - begins
        if lengths.max() > width:
            return None
        return np.asarray(bytes_at(self.text, begins, width) * _are_within(lengths, width))


def lines_cut(text: Text, begins: LineNumbers, lengths: LineNumbers, columns: int) -> CutLines | None:
    """Cut lines (one at least) into so many cells each.

    None if one has another number of cells, quotes, what is not printable ASCII, or more than some thousand bytes.
    """
    width = int(lengths.max()) + MAX_CELL
    if width > min(_MAX_LINE, len(text)):
        return None
    lines = _rows_at(text, begins, width) * _are_within(lengths, width)
    printable = np.count_nonzero((lines >= _FIRST_PRINTABLE) & (lines <= _LAST_PRINTABLE) & (lines != _QUOTE))
    commas = np.flatnonzero(lines == _COMMA)
    if printable != lengths.sum() or len(commas) != (columns - 1) * len(lines):
        return None
    starts = np.arange(len(lines))[:, None] * width
    borders = np.hstack([starts - 1, commas.reshape(len(lines), columns - 1), starts + lengths[:, None]])
    if (borders[:, 1] < starts[:, 0]).any() or (borders[:, -2] > borders[:, -1]).any():
        return None  # one line has more cells, another one less
    return CutLines(lines.reshape(-1), borders)


def _are_within(lengths: LineNumbers, width: int) -> npt.NDArray[np.bool_]:
    """Tell for each of so many places, a row for each length, whether it is within that; lengths up to _MAX_LINE."""
    return np.asarray(np.arange(width, dtype=np.uint16) < lengths.astype(np.uint16)[:, None])


def _rows_at(text: Text, begins: LineNumbers, width: int) -> Text:
    """Copy so many bytes from each position; behind the end of the text, any."""
    possible = np.minimum(begins, len(text) - width)
    rows = bytes_at(text, possible, width)
    for row in np.flatnonzero(possible != begins):
        rows[row] = np.roll(rows[row], possible[row] - begins[row])
    return rows
