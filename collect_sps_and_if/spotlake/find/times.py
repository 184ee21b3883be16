"""Times in SpotLake's rows and paths, in whole seconds since 1970; without an offset they are UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

DAY_SECONDS = 86_400

_SNAPSHOT_PATH = re.compile(r"(\d{4})[-/](\d\d)/(\d\d)/(\d\d)-(\d\d)-(\d\d)\.csv(?:\.gz)?$")
_DAY_PATH = re.compile(r"(\d{4})-(\d\d)-(\d\d)\.parquet$")
_YEARS = range(2, 9999)  # some times in the years 1 and 9999 are in none that Python knows, once they are in UTC


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The earliest and the latest time that rows may have, both included."""

    first: int
    last: int


ALWAYS = Span(-(2**62), 2**62)
"""All of time."""


def seconds_of(text: str) -> int | None:
    """Read a row's time; None if it is not one."""
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return int(aware.timestamp()) if time.year in _YEARS else None


def span_in_path(path: str) -> Span | None:
    """Read from a path when its rows were taken: at one time, or on one day. None if it does not say."""
    try:
        if found := _SNAPSHOT_PATH.search(path):
            time = int(datetime(*map(int, found.groups()), tzinfo=UTC).timestamp())  # type: ignore[misc, arg-type]
            return Span(time, time)
        if found := _DAY_PATH.search(path):
            return _span_of_day(date(*map(int, found.groups())))
    except ValueError:  # such as the 31st of February
        return None
    return None


def _span_of_day(day: date) -> Span:
    """Give the span of a (UTC) day."""
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    return Span(midnight, midnight + DAY_SECONDS - 1)


def span_of_days(first: date | None, last: date | None) -> Span:
    """Give the span from the beginning of one day to the end of another; None leaves that side open."""
    return Span(_span_of_day(first).first if first else ALWAYS.first, _span_of_day(last).last if last else ALWAYS.last)


def date_of(seconds: int) -> date:
    """Give the (UTC) date of a time."""
    return datetime.fromtimestamp(seconds, UTC).date()
