"""Texts whose lines are few but for their first cells, a time: what polls find recurs at the next, and is read once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_files.cell_arrays import (
    CELL_END,
    LINE_END,
    LONGEST_CELL,
    WORD,
    Cells,
    Integers,
    PlainText,
    distinct_recurring,
    first_words,
    is_special,
    padded,
    runs,
    spans,
    split,
)

_FEWEST_LINES = 1000  # of fewer all are read as fast
_TIMES_ALIKE = 4
_FIRST_WORDS = 4  # hold any time as we write it


@dataclass(frozen=True)
class AlikeLines:
    """The cells of such a text."""

    first: Cells
    """Of neighbours that are equal one."""
    run: Integers
    """For every row the place of its own among these."""
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
    if len(ends) < _FEWEST_LINES or b"\0" in content:  # a cell that ends with it would be taken for one that does not
        return None
    start = ends[:-1] + 1
    rest = ends[1:] - start - size - 1
    if not 0 <= size <= WORD * _FIRST_WORDS or rest.min() < 0 or rest.max() > LONGEST_CELL:
        return None
    text = padded(content)
    if (np.frombuffer(text, np.uint8)[start + size] != CELL_END).any():
        return None
    every_first = Cells(text, start, np.full(len(start), size))
    heads, lengths = runs(first_words(every_first, _FIRST_WORDS), np.zeros(len(start), np.bool_))
    # What a poll finds mostly stands at the same place of the next.
    told = distinct_recurring(Cells(text, start + size + 1, rest), int(lengths[0]))
    if told is None or len(told[1]) > len(start) // _TIMES_ALIKE:
        return None
    line, firsts = told
    # Whatever else makes the text other than plain is in one of these.
    header = content[: int(ends[0]) + 1]
    lines = split(header + b"".join([content[one:end] for one, end in spans(start[firsts], ends[1:][firsts] + 1)]))
    first = every_first.at(heads)
    if lines is None or is_special(b"".join(content[one:end] for one, end in spans(first.start, first.start + size))):
        return None
    return AlikeLines(first, np.repeat(np.arange(len(heads)), lengths), lines, line)
