"""What the polls said last of each pair: newest known placement score, newest known interruption frequency.

Files are read newest first. The last 24 hours take two or three of them. Further back a file is opened only if the
day's score, a small file that names all pairs of its day, names a pair that is still looked for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.reading import NotingReader
from common.files import csv_file
from data_files.columnar import ColumnarRows
from data_files.csv_table import DatedFiles
from data_files.market import polled, scores
from data_files.market.polled import Pair

RECENT = timedelta(hours=24)
"""What was polled longer ago is old."""

_LOOKED_AT = 14
"""A pair without a score on so many of its days, the newest ones, counts as one that never had any."""

_COLUMNS = (polled.POLL_TIME, polled.REGION, polled.INSTANCE, polled.SPS, polled.IF, polled.TARGET_CAPACITY)


@dataclass(frozen=True)
class NewestScore:
    """A placement score, for how many instances it is (None: unknown), and the time of its poll."""

    score: int
    target_capacity: int | None
    time: datetime


@dataclass(frozen=True)
class NewestFrequency:
    """The advisor's index of the interruption frequency, and the time of the poll that knew it."""

    index: int
    time: datetime


@dataclass
class NewestPolled:
    """What the polls up to a moment said last."""

    recent: set[Pair] = field(default_factory=set)
    """The pairs polled in the last 24 hours, whatever came of it."""
    named: set[Pair] = field(default_factory=set)
    """All pairs that were found; of wanted types as far back as there are files."""
    scores: dict[Pair, NewestScore] = field(default_factory=dict)
    frequencies: dict[Pair, NewestFrequency] = field(default_factory=dict)
    regions: set[str] = field(default_factory=set)
    """The Regions polled of late, of any type."""


def newest_polled(reader: NotingReader, now: datetime, types: Collection[str] = ()) -> NewestPolled:
    """Read what was polled in the 24 hours before a moment, and the older scores of pairs that have none of then.

    types: those to look for as far back as there are files; without any, all of the last 24 hours are looked for.
    """
    found = NewestPolled()
    days = [day for day in reversed(polled.FILES.days(reader.home)) if day <= now.date() + timedelta(days=1)]
    older = list(days)
    for day in days:
        if day < (now - RECENT).date() - timedelta(days=1):  # a file's date may be another time zone's
            break
        older.remove(day)
        first = _take_day(found, reader, day, now, types)
        if first is not None and first <= (now - RECENT).timestamp():
            break
    _look_back(found, reader, older, now, types)
    return found


def _take_day(
    found: NewestPolled, reader: NotingReader, day: date, now: datetime, types: Collection[str]
) -> float | None:
    """Take in a day's file, and give the time of its first poll, in seconds since 1970."""
    rows = reader.columns(polled.FILES, day, *_COLUMNS)
    if rows is None:
        return None
    found.regions.update(rows.coded(polled.REGION).values)
    ordered = _Ordered.of(rows, now, types)
    found.recent.update(ordered.pairs_since(now - RECENT))
    found.named.update(ordered.names)
    # What stands there is of a later day.
    found.scores = {**ordered.scores(), **found.scores}
    found.frequencies = {**ordered.frequencies(), **found.frequencies}
    return float(rows.times(polled.POLL_TIME).utc.min())


def _look_back(
    found: NewestPolled, reader: NotingReader, days: Sequence[date], now: datetime, types: Collection[str]
) -> None:
    tries: Counter[Pair] = Counter()
    scored = set(scores.FILES.days(reader.home))
    for day in days:
        asked_for = found.named if types else found.recent
        lacking = {pair for pair in asked_for - set(found.scores) if tries[pair] < _LOOKED_AT}
        if not lacking and not types:
            return
        sought = set(types) or {instance for _, instance in lacking}
        named = _named_on(reader, scores.FILES if day in scored else polled.FILES, day, sought)
        if types:
            lacking |= named - set(found.scores)
        due = {pair for pair in named & lacking if tries[pair] < _LOOKED_AT}
        if due:
            tries.update(due)
            _take_older_day(found, reader, day, now, due)


def _take_older_day(found: NewestPolled, reader: NotingReader, day: date, now: datetime, due: set[Pair]) -> None:
    rows = reader.columns(polled.FILES, day, *_COLUMNS)
    if rows is None:
        return
    ordered = _Ordered.of(rows, now, {instance for _, instance in due})
    found.named.update(due.intersection(ordered.names))
    found.scores |= {pair: score for pair, score in ordered.scores().items() if pair in due}
    found.frequencies = {
        **{pair: seen for pair, seen in ordered.frequencies().items() if pair in due},
        **found.frequencies,
    }


def _named_on(reader: NotingReader, files: DatedFiles[Any], day: date, types: Collection[str]) -> set[Pair]:
    """Give the pairs of some types that a day's polls asked about, by the day's score or, without one, its rows."""
    text = _text(reader, files, day)
    present = [name for name in types if f",{name},".encode() in text]
    if not present:
        return set()
    if files is polled.FILES:
        rows = reader.columns(polled.FILES, day, *_COLUMNS)
        return set(_Ordered.of(rows, None, present).names) if rows else set()
    shape = re.compile(rf"^([^,\n]+),({'|'.join(map(re.escape, present))}),".encode(), re.MULTILINE)
    return {(region.decode(), name.decode()) for region, name in shape.findall(text)}


def _text(reader: NotingReader, files: DatedFiles[Any], day: date) -> bytes:
    path = files.path(reader.home, day)
    text: bytes | None = None
    with reader.noting_errors(path):
        text = csv_file.content(path, is_appended=files.is_appended)
    return text or b""


@dataclass(frozen=True)
class _Ordered:
    """A day's rows up to now, by pair and time; of rows with the same pair and time the last one, whole."""

    names: Sequence[Pair]
    """Of the pairs, by number."""
    pair: NDArray[np.int64]
    utc: NDArray[np.float64]
    offset: NDArray[np.float64]
    score: NDArray[np.float64]
    frequency: NDArray[np.float64]
    capacity: NDArray[np.float64]

    @classmethod
    def of(cls, rows: ColumnarRows, now: datetime | None, types: Collection[str]) -> _Ordered:
        region, instance, times = rows.coded(polled.REGION), rows.coded(polled.INSTANCE), rows.times(polled.POLL_TIME)
        is_wanted = np.array([not types or name in types for name in instance.values], np.bool_)[instance.codes]
        kept = np.flatnonzero(is_wanted & (times.utc <= (now.timestamp() if now else np.inf)))
        code = region.codes[kept] * len(instance.values) + instance.codes[kept]
        order = np.lexsort((times.utc[kept], code))
        utc, code = times.utc[kept][order], code[order]
        is_last = np.append((code[1:] != code[:-1]) | (utc[1:] != utc[:-1]), True)[: len(code)]
        chosen = kept[order][is_last]
        numbers, pair = np.unique(code[is_last], return_inverse=True)
        places = (divmod(number, len(instance.values)) for number in numbers.tolist())
        return cls(
            [(region.values[one], instance.values[other]) for one, other in places],
            pair,
            times.utc[chosen],
            (times.wall - times.utc)[chosen],
            rows.numbers(polled.SPS)[chosen],
            rows.numbers(polled.IF)[chosen],
            rows.numbers(polled.TARGET_CAPACITY)[chosen],
        )

    def pairs_since(self, moment: datetime) -> list[Pair]:
        return [self.names[number] for number in np.unique(self.pair[self.utc > moment.timestamp()]).tolist()]

    def scores(self) -> dict[Pair, NewestScore]:
        return {
            self.names[self.pair[row]]: NewestScore(
                int(self.score[row]), _known(float(self.capacity[row])), self._time(row)
            )
            for row in self._newest(self.score)
        }

    def frequencies(self) -> dict[Pair, NewestFrequency]:
        return {
            self.names[self.pair[row]]: NewestFrequency(int(self.frequency[row]), self._time(row))
            for row in self._newest(self.frequency)
        }

    def _newest(self, values: NDArray[np.float64]) -> list[int]:
        known = np.flatnonzero(~np.isnan(values))
        pair = self.pair[known]
        return list(known[np.append(pair[1:] != pair[:-1], True)[: len(pair)]].tolist())

    def _time(self, row: int) -> datetime:
        offset = timezone(timedelta(seconds=float(self.offset[row])))
        return datetime.fromtimestamp(float(self.utc[row]), offset)


def _known(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
