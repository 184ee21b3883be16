"""Rows of files whose first column is a time, at a fraction of the cost where most of a file need not be read.

`timed_rows` and `counted_rows` read once what recurs at every poll. `RowsByDay` reads of a file that grows for years
the days that are asked for. They give the very rows that the table's own reader gives, and load no NumPy.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Generic

from common.files import csv_file
from data_files.csv_table import CsvTable, PassedOver, Row

log = logging.getLogger(__name__)

_DAY = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T")
# The same moment has another date in another time zone; no two are more than 26 hours apart.
_ZONES_APART = timedelta(days=2)
_BEGIN_BYTES, _END_BYTES = 1 << 16, 1 << 18
"""Of polls.csv, a week and a month."""
_TELLING = 300  # lines


def timed_rows(table: CsvTable[Row], path: Path) -> Iterable[tuple[datetime, Row]]:
    """Give each row's time with a row that is as it, but for its time: that of the last of its kind.

    A file with a row that makes no sense is read by the table's reader. Raises OSError.
    """
    alike = _Alike.of(table, path)
    if alike is None:
        return ((row[0], row) for row in table.read(path))
    return zip(map(alike.moments.__getitem__, alike.times), map(alike.rows.__getitem__, alike.rests), strict=True)


def counted_rows(table: CsvTable[Row], path: Path, after: datetime) -> Iterable[tuple[Row, int]]:
    """Give the rows whose time is after a moment, those that differ in it alone as one, with their number.

    A file with a row that makes no sense is read by the table's reader. Raises OSError.
    """
    alike = _Alike.of(table, path)
    if alike is None:
        return ((row, 1) for row in table.read(path) if row[0] > after)
    wanted = {time for time, moment in alike.moments.items() if moment > after}
    counts = Counter(rest for time, rest in zip(alike.times, alike.rests, strict=True) if time in wanted)
    return ((alike.rows[rest], count) for rest, count in counts.items())


class RowsByDay(Generic[Row]):
    """A file's rows by the local date of their time, each as its own UTC offset has it.

    Rows are added at the end as time passes: of a file of years the end is read, and the whole for older days only.
    """

    def __init__(self, table: CsvTable[Row], path: Path) -> None:
        """Find the lines of each day. Raises OSError."""
        self._table, self._path = table, path
        self._begin, self._end, self._since = _ends(table, path) or (self._whole, self._whole, date.min)

    @functools.cached_property
    def _whole(self) -> _Days[Row]:
        return _Days(self._table, self._path, csv_file.content(self._path, is_appended=self._table.is_appended))

    def of(self, day: date) -> list[Row]:
        """Give a day's rows that make sense."""
        return (self._end if day >= self._since else self._whole).of(day)

    def oldest(self) -> Row | None:
        """Give the row with the least time; None without any row."""
        return self._begin.oldest() or self._whole.oldest()

    def newest(self, until: datetime) -> Row | None:
        """Give the row with the greatest time up to a moment; None without any."""
        found = self._end.newest(until)
        return found if found and found[0].date() >= self._since else self._whole.newest(until)

    def passed_over(self) -> int:
        """Count the rows that make no sense: of a file of years those of its end, some month."""
        return self._end.passed_over()


def _ends(table: CsvTable[Row], path: Path) -> tuple[_Days[Row], _Days[Row], date] | None:
    """Give the first and the last lines of a long file, and since when the last have all; None: read all of it."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size < _BEGIN_BYTES + _END_BYTES:
                return None
            header, begin = file.readline(_BEGIN_BYTES), file.read(_BEGIN_BYTES)
            file.seek(-_END_BYTES, os.SEEK_END)
            end = file.read()
    except OSError:  # compressed, or for whoever reads the whole to tell
        return None
    _, _, end = end.partition(b"\n")
    # Of several, in case a clock was wrong just then; what is older than the latest is looked for everywhere.
    days = [line[:10].decode() for line in end.split(b"\n", _TELLING)[:_TELLING] if _DAY.match(line)]
    try:
        since = date.fromisoformat(max(days, default="")) + _ZONES_APART
    except (ValueError, OverflowError):
        return None
    first, last = (_Days(table, path, header + lines[: lines.rfind(b"\n") + 1]) for lines in (begin, end))
    return first, last, since


class _Days(Generic[Row]):
    """Lines of a file by day, each read when it is asked for."""

    def __init__(self, table: CsvTable[Row], path: Path, content: bytes | None) -> None:
        self._unread: dict[date, list[bytes]] = {}
        self._rows: defaultdict[date, list[Row]] = defaultdict(list)
        self._passed_over: list[int] = []
        lines = _Lines.of(table, path, content)
        if lines is None:
            self._add(table.read(path, self._passed_over.append))
            return
        self._lines = lines
        by_text: defaultdict[bytes, list[bytes]] = defaultdict(list)
        # The lines of a day mostly stand together, and one by one the lines of years would take three times as long.
        for start, together in groupby(lines.lines, itemgetter(slice(11))):
            by_text[start[:10] if _DAY.match(start) else b""] += together
        others = by_text.pop(b"", [])
        for text, of_day in by_text.items():
            try:
                self._unread[date.fromisoformat(text.decode())] = of_day
            except ValueError:
                others += of_day
        self._add(lines.sensible(others, self._passed_over.append))

    @property
    def days(self) -> list[date]:
        """List the days that have a line, oldest first; whether one makes sense shows when it is read."""
        return sorted({*self._unread, *self._rows})

    def of(self, day: date) -> list[Row]:
        """Give a day's rows that make sense."""
        if lines := self._unread.pop(day, None):
            self._add(self._lines.sensible(lines, self._passed_over.append))
        return self._rows.get(day, [])

    def passed_over(self) -> int:
        """Count the rows that make no sense, of all days."""
        for day in list(self._unread):
            self.of(day)
        return sum(self._passed_over)

    def oldest(self) -> Row | None:
        """Give the row with the least time; None without any row."""
        return min(self._nearest(self.days), key=_moment, default=None)

    def newest(self, until: datetime) -> Row | None:
        """Give the row with the greatest time up to a moment; None without any."""
        return max(self._nearest(reversed(self.days), until), key=_moment, default=None)

    def _nearest(self, days: Iterable[date], until: datetime | None = None) -> Iterator[Row]:
        """Give the rows, up to a moment, of the first day that has any, and of those beside it."""
        first: date | None = None
        for day in days:
            if first and abs(day - first) > _ZONES_APART:
                return
            rows = [row for row in self.of(day) if until is None or row[0] <= until]
            first = first or (day if rows else None)
            yield from rows

    def _add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._rows[row[0].date()].append(row)


class _Lines(Generic[Row]):
    """A file's lines behind its header, and how rows are made of them."""

    def __init__(self, table: CsvTable[Row], path: Path, header: list[str], lines: list[bytes]) -> None:
        self._path, self._width, self.lines = path, len(header), lines
        self._read = table.lines_reader(header)

    @classmethod
    def of(cls, table: CsvTable[Row], path: Path, content: bytes | None) -> _Lines[Row] | None:
        """Give the lines of a file's content; None if only the table's reader can tell what is in it."""
        first, *lines = (content or b"").split(b"\n")
        header = csv_file.names_of(first)
        if content is None or header[:1] not in ([table.columns[0].name], []):
            return None
        return cls(table, path, header, [line for line in lines if line and line != b"\r"])

    def rows(self, lines: Iterable[bytes]) -> list[Row]:
        """Read lines. Raises ValueError if one makes no sense."""
        cells = [csv_file.cells_of(line, self._width) for line in lines]
        return self._read(cells) if cells else []

    def sensible(self, lines: Iterable[bytes], passed_over: PassedOver) -> Iterator[Row]:
        """Give the rows that make sense; others are logged, and their number is passed on."""
        lines = list(lines)
        with contextlib.suppress(ValueError):
            yield from self.rows(lines)
            return
        senseless = 0
        for line in lines:
            try:
                yield from self.rows([line])
            except ValueError:
                senseless += 1
        log.warning("%s: %d rows that make no sense were passed over", self._path, senseless)
        passed_over(senseless)


def _moment(row: tuple[Any, ...]) -> datetime:
    moment: datetime = row[0]
    return moment


@dataclass(frozen=True)
class _Alike(Generic[Row]):
    """A file's lines in two parts, the time's text and the rest, and what each text of a part stands for."""

    times: list[bytes]
    rests: list[bytes]
    moments: dict[bytes, datetime]
    rows: dict[bytes, Row]

    @classmethod
    def of(cls, table: CsvTable[Row], path: Path) -> _Alike[Row] | None:
        """Read a file; None if only the table's reader can tell what is in it. Raises OSError."""
        lines = _Lines.of(table, path, csv_file.content(path, is_appended=table.is_appended))
        if lines is None:
            return None
        parts = [line.partition(b",") for line in lines.lines]
        times, rests = [time for time, _, _ in parts], [rest for _, _, rest in parts]
        by_time, by_rest = dict(zip(times, lines.lines, strict=True)), dict(zip(rests, lines.lines, strict=True))
        try:
            moments = dict(zip(by_time, map(_moment, lines.rows(by_time.values())), strict=True))
            rows = dict(zip(by_rest, lines.rows(by_rest.values()), strict=True))
        except ValueError:  # a row that makes no sense
            return None
        return cls(times, rests, moments, rows)
