"""Rows of dated files by the UTC day of their moment, whatever their order in the files; a few days are in memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import ColumnarRows, read_columns
from data_files.csv_table import Column, DatedFiles, PassedOver

MOMENT_FIELD = "moment"
"""The field by which rows are handed out: milliseconds since 1970, as exact as the times in the files."""

Rows = NDArray[Any]
"""A structured array with the field MOMENT_FIELD, an element a row."""

DayProgress = Callable[[Sequence[date]], Iterable[date]]
"""Passes days on, to show how far it is."""

# A file's date is local, and the machine may change its time zone, but no row's UTC time is further from it than this.
_SPREAD_DAYS = 2


class DayStream:
    """The rows of a table's files, handed out in the order of UTC days, each once."""

    def __init__(
        self, days: Iterable[date], read: Callable[[date], Rows], passed_over: PassedOver, nothing: Rows
    ) -> None:
        """Take the dates of the files, what reads one, and what it gives for an empty one.

        A row whose moment lies days away from its file's date is dropped, and passed_over called: to wait for such rows
        would mean to hold everything in memory.
        """
        self.days = sorted(days)
        self._unread = deque(self.days)
        self._read = read
        self._passed_over = passed_over
        self._waiting = [nothing]

    def through(self, day: date) -> Rows:
        """Give the rows up to the end of a UTC day that were not handed out yet; the days asked for must be ordered."""
        while self._unread and self._unread[0] <= _shifted(day, _SPREAD_DAYS):
            self._waiting.append(self._near(self._unread.popleft()))
        waiting = np.concatenate(self._waiting)
        is_due = waiting[MOMENT_FIELD] < midnight(day, 1)
        self._waiting = [waiting[~is_due]]
        return waiting[is_due]

    def _near(self, day: date) -> Rows:
        rows = self._read(day)
        is_near = (rows[MOMENT_FIELD] >= midnight(day, -_SPREAD_DAYS)) & (
            rows[MOMENT_FIELD] < midnight(day, 1 + _SPREAD_DAYS)
        )
        if not is_near.all():
            self._passed_over(int((~is_near).sum()))
        return rows[is_near]


def columns_stream(
    home: Path,
    files: DatedFiles[Any],
    columns: Sequence[Column],
    read: Callable[[ColumnarRows], Rows],
    passed_over: PassedOver,
) -> DayStream:
    """Give the stream of a table's files under a HOME, given what makes rows of a file's columns."""

    def read_file(path: Path) -> Rows:
        return read(read_columns(files, path, columns, passed_over))

    nothing = read_file(Path(os.devnull))
    return DayStream(files.days(home), lambda day: read_file(files.path(home, day)), passed_over, nothing)


def rows_of(**columns: NDArray[Any]) -> Rows:
    """Put columns of the same length together, each a field."""
    rows = np.empty(len(next(iter(columns.values()))), [(name, column.dtype) for name, column in columns.items()])
    for name, column in columns.items():
        rows[name] = column
    return rows


def days_to_walk(*streams: DayStream) -> list[date]:
    """List the UTC days on which any of the streams may have rows, oldest first."""
    around = range(-_SPREAD_DAYS, _SPREAD_DAYS + 1)
    return sorted({_shifted(day, step) for stream in streams for day in stream.days for step in around})


def milliseconds(utc: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give seconds since 1970 in whole milliseconds."""
    return np.rint(utc * 1000).astype(np.int64)


def midnight(day: date, days_later: int = 0) -> int:
    """Give the beginning of a UTC day, or of one some days later, in milliseconds since 1970."""
    seconds = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    return int(seconds + 86_400 * days_later) * 1000


def _shifted(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:  # at the ends of the calendar
        return day
