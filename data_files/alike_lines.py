"""Texts whose lines are few but for their first cells, a time: what polls find recurs at the next, and is read once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_files.cell_arrays import (
    CELL_END,
    LINE_END,
    LONGEST_CELL,
    Cells,
    Integers,
    PlainText,
    distinct,
    is_special,
    padded,
    spans,
    split,
)

_FEWEST_LINES = 1000  # of fewer all are read as fast
_TIMES_ALIKE = 4


@dataclass(frozen=True)
class AlikeLines:
    """The cells of such a text."""

    first: Cells
    lines: PlainText
    """The header, and of all lines that are alike one."""
    line: Integers
    """For every row the place of its own among these."""


def split_alike(content: bytes) -> AlikeLines | None:
    """Find the cells of a text whose first cells are of one length; None if it is not plain, or not of few lines.

    What is taken for a first cell may hold a comma, and be two; a time as we write it holds none.
    """
    one = content.find(b"\n") + 1
    other, size = content.find(b"\n", one) + 1, content.find(b",", one) - one
    if content[one : one + size] != content[other : other + size]:  # rows of another kind: each has a time of its own
        return None
    ends = np.flatnonzero(np.frombuffer(content, np.uint8) == LINE_END)
    if len(ends) < _FEWEST_LINES or is_special(content):
        return None
    start = ends[:-1] + 1
    rest = ends[1:] - start - size - 1
    if size < 0 or rest.min() < 0 or rest.max() > LONGEST_CELL or size > LONGEST_CELL:
        return None
    text = padded(content)
    if (np.frombuffer(text, np.uint8)[start + size] != CELL_END).any():
        return None
    told = distinct([Cells(text, start + size + 1, rest)])
    if told is None or len(told[0][1]) > len(start) // _TIMES_ALIKE:
        return None
    line, firsts = told[0]
    header = content[: int(ends[0]) + 1]
    lines = split(header + b"".join(content[one:end] for one, end in spans(start[firsts], ends[1:][firsts] + 1)))
    return AlikeLines(Cells(text, start, np.full(len(start), size)), lines, line) if lines else None
