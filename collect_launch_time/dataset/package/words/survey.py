"""What the description tells of the rows, kept while they are read: polls missing, outcomes, settings in force.

Only what the files say: a setting is told for the days whose rows show it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from collect_launch_time.dataset.package.rows.collected_batches import Days, See
from data_files.columnar import ColumnarRows, read_columns
from data_files.csv_table import Column, DatedFiles, SingleFile
from data_files.launches import instances, looks, probes
from data_files.market import configurations, plans, polled, polls
from data_files.market.coverage import SLOT

_EPOCH = date(1970, 1, 1)
_SLOT_SECONDS = int(SLOT.total_seconds())
_SLOTS_A_DAY = 86_400 // _SLOT_SECONDS

_Files = DatedFiles[Any] | SingleFile[Any]
_Counted = tuple[_Files, Column]
"""A column of a table whose values are counted."""

# Counted by month and value.
COUNTED_OUTCOMES: tuple[_Counted, ...] = (
    (polled.FILES, polled.OUTCOME),
    (probes.FILES, probes.ORIGIN),
    (probes.FILES, probes.ENDED),
    (instances.FILES, instances.CAUSE),
)
# Settings: the values seen on each day.
SEEN_SETTINGS: tuple[_Counted, ...] = (
    (looks.FILES, looks.INSTANCE_COUNT),
    (probes.FILES, probes.UNTIL),
    (probes.FILES, probes.TIMEOUT_SECONDS),
    (probes.FILES, probes.STATUS_INTERVAL),
)
# Rows of each value on each day.
_PLANNED: _Counted = (plans.FILES, plans.ORIGIN)


@dataclass(frozen=True)
class Period:
    """Days that follow each other among those with data, and what held on all of them."""

    first: date
    last: date
    what: str


@dataclass(frozen=True)
class Missing:
    """Polls that were not done, one after the other: the times (UTC) at which the first and the last were due."""

    first: datetime
    last: datetime
    polls: int


@dataclass(frozen=True)
class Polls:
    """The polls from the collection's first to its last: one was due each ten minutes."""

    done: Mapping[str, int]
    """By month, YYYY-MM, in UTC."""
    due: Mapping[str, int]
    missing: list[Missing]
    days_without: int
    """Days (UTC) between the first poll and the last without a single one."""


@dataclass
class Survey:
    """Is shown the rows of the collected tables, and then says what there was."""

    _counted: dict[_Counted, defaultdict[str, Counter[Any]]] = field(default_factory=dict)
    _by_day: dict[_Counted, defaultdict[date, Counter[Any]]] = field(default_factory=dict)
    _slots: list[Any] = field(default_factory=list)
    _days: set[int] = field(default_factory=set)

    def seeing(self, table: _Files) -> See:
        """Give what a table's rows are to be shown to."""
        return partial(self._see, table)

    @property
    def days(self) -> tuple[date, date] | None:
        """Give the first local day and the last that has any row; None if there is none."""
        return (_day(min(self._days)), _day(max(self._days))) if self._days else None

    def counts(self, counted: _Counted) -> Mapping[str, Counter[Any]]:
        """Give how many rows of each month have each value of a column, None where it is unknown."""
        return self._counted.get(counted, {})

    def settings(self, setting: _Counted) -> list[Period]:
        """Give the values of a setting, and when they were seen."""
        by_day = self._of_each_day(setting)
        return _periods({day: ", ".join(_plain(value) for value in _sorted(found)) for day, found in by_day.items()})

    def planned(self) -> list[Period]:
        """Give the numbers of queries in the days' plans."""
        by_day = self._of_each_day(_PLANNED)
        return _periods(
            {
                day: f"{found.total()}: "
                + ", ".join(f"{found[value]} {value}" for value in _PLANNED[1].kind.values if found[value])
                for day, found in by_day.items()
            }
        )

    def _of_each_day(self, counted: _Counted) -> Mapping[date, Counter[Any]]:
        return self._by_day.get(counted, defaultdict(Counter))

    def polls(self) -> Polls | None:
        """Give which polls were done and which were missing; None without any."""
        if not self._slots:
            return None
        done = np.unique(np.concatenate(self._slots))
        steps = np.diff(done)
        missing = [
            Missing(_moment(done[place] + 1), _moment(done[place + 1] - 1), int(steps[place]) - 1)
            for place in np.flatnonzero(steps > 1)
        ]
        days = done // _SLOTS_A_DAY
        days_without = int(days[-1] - days[0]) + 1 - len(np.unique(days))
        return Polls(_by_month(done), _due_by_month(int(done[0]), int(done[-1])), missing, days_without)

    def _see(self, table: _Files, days: Days, rows: ColumnarRows) -> None:
        self._days.update(np.unique(days).tolist())
        if table == polls.FILE:
            self._slots.append(np.floor(rows.times(polls.START).utc / _SLOT_SECONDS).astype(np.int64))
        for counted in (*COUNTED_OUTCOMES, *SEEN_SETTINGS, _PLANNED):
            if counted[0] == table:
                self._count(counted, days, rows)

    def _count(self, counted: _Counted, days: Days, rows: ColumnarRows) -> None:
        coded = rows.coded(counted[1])
        for day in np.unique(days).tolist():
            numbers = np.bincount(coded.codes[days == day], minlength=len(coded.values)).tolist()
            found = Counter({value: number for value, number in zip(coded.values, numbers, strict=True) if number})
            if counted in COUNTED_OUTCOMES:
                self._counted.setdefault(counted, defaultdict(Counter))[f"{_day(day):%Y-%m}"].update(found)
            else:
                self._by_day.setdefault(counted, defaultdict(Counter))[_day(day)].update(found)


def target_capacities(home: Path, progress: Callable[[list[date]], Iterable[date]]) -> list[Period]:
    """Give for how many instances placement scores were asked, and when; the ledger itself is not published."""
    column, found = configurations.TARGET_CAPACITY, {}
    for day in progress(configurations.FILES.days(home)):
        rows = read_columns(configurations.FILES, configurations.FILES.path(home, day), (column,))
        if len(rows):
            found[day] = ", ".join(_plain(value) for value in sorted(rows.coded(column).values))
    return _periods(found)


def _periods(by_day: Mapping[date, str]) -> list[Period]:
    periods: list[Period] = []
    for day, what in sorted(by_day.items()):
        if periods and periods[-1].what == what:
            periods[-1] = Period(periods[-1].first, day, what)
        else:
            periods.append(Period(day, day, what))
    return periods


def _sorted(values: Iterable[Any]) -> list[Any]:
    return sorted((value for value in values if value is not None), key=lambda value: (isinstance(value, str), value))


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _by_month(slots: Any) -> dict[str, int]:
    months, counts = np.unique((slots * _SLOT_SECONDS).astype("M8[s]").astype("M8[M]"), return_counts=True)
    return {str(month): int(count) for month, count in zip(months, counts, strict=True)}


def _due_by_month(first: int, last: int) -> dict[str, int]:
    # By the bounds of the months: one time that a wrong clock put thousands of years ahead must not fill the memory.
    bounds = np.array([first, last + 1]) * _SLOT_SECONDS
    months = np.arange(*(bounds.astype("M8[s]").astype("M8[M]") + np.array([0, 2])))
    starts = np.clip(months.astype("M8[s]").astype(np.int64) // _SLOT_SECONDS, first, last + 1)
    return {str(month): int(count) for month, count in zip(months[:-1], np.diff(starts), strict=True) if count}


def _moment(slot: int) -> datetime:
    return datetime.fromtimestamp(int(slot) * _SLOT_SECONDS, UTC)


def _day(number: int) -> date:
    return _EPOCH + timedelta(days=number)
