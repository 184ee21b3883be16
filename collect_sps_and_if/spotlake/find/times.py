"""Times as SpotLake writes them, in rows and in paths, as seconds since 1970 (its clock is UTC)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

DAY_SECONDS = 86_400

_SNAPSHOT = re.compile(r"(\d{4})[-/](\d\d)/(\d\d)/(\d\d)-(\d\d)-(\d\d)\.csv(?:\.gz)?$")
_YEARS = range(2, 9999)  # the first and the last have moments that are in no year of another time zone
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)\.parquet$")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The first and the last time a source may hold, both included."""

    first: int
    last: int


ALWAYS = Span(-(2**62), 2**62)


def seconds_of(text: str) -> int | None:
    """Read a time of a row; without an offset it is UTC. None for what is no time."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(aware.timestamp()) if moment.year in _YEARS else None


def span_in_path(path: str) -> Span | None:
    """Read from a path when its snapshots were taken: one moment, or a day's; None where it does not say."""
    try:
        if found := _SNAPSHOT.search(path):
            moment = int(datetime(*map(int, found.groups()), tzinfo=UTC).timestamp())  # type: ignore[misc, arg-type]
            return Span(moment, moment)
        if found := _DAY.search(path):
            return days(date(*map(int, found.groups())), None)
    except (ValueError, OverflowError):  # the 31st of February, the day after the last of all
        return None
    return None


def days(first: date, last: date | None) -> Span:
    """Give the span of whole days, `last` included; without it, of the one day."""
    end = (last or first) + timedelta(days=1)
    return Span(_midnight(first), _midnight(end) - 1)


def between(first: date | None, last: date | None) -> Span:
    """Give the span from one day's beginning to another's end; None leaves that side open."""
    return Span(
        _midnight(first) if first else ALWAYS.first,
        days(last, None).last if last and last < date.max else ALWAYS.last,
    )


def date_of(seconds: int) -> date:
    """Give the (UTC) date of a time."""
    return datetime.fromtimestamp(seconds, UTC).date()


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
