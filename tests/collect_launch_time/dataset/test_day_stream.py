"""Rows come by UTC day, each once, with only a few days in memory."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from collect_launch_time.dataset.day_stream import MOMENT_FIELD, DayStream, Rows, days_to_walk, midnight, rows_of

FIRST = date(2026, 3, 1)


def rows(*hours: float, day: date = FIRST) -> Rows:
    """Rows so many hours after a UTC day began."""
    return rows_of(**{MOMENT_FIELD: np.array([midnight(day) + round(3_600_000 * hour) for hour in hours], np.int64)})


def hours_of(found: Rows) -> list[float]:
    return [(moment - midnight(FIRST)) / 3_600_000 for moment in found[MOMENT_FIELD].tolist()]


@given(st.lists(st.lists(st.integers(-40, 64), max_size=8), max_size=6))
def test_every_row_comes_once_on_its_own_day_whatever_the_time_zone(days: list[list[int]]) -> None:
    contents = {FIRST + timedelta(days=number): hours for number, hours in enumerate(days)}
    stream = DayStream(contents, lambda day: rows(*contents[day], day=day), print, rows())
    found = []
    for day in days_to_walk(stream):
        of_day = hours_of(stream.through(day))
        assert {datetime.fromtimestamp(midnight(FIRST) / 1000 + 3600 * hour, UTC).date() for hour in of_day} <= {day}
        found += of_day
    assert sorted(found) == sorted(24 * number + hour for number, hours in enumerate(days) for hour in hours)


def test_a_row_in_the_file_of_a_day_far_from_its_own_is_dropped_and_counted() -> None:
    told: list[int] = []
    stream = DayStream([FIRST], lambda _: rows(9 * 24, 5), told.append, rows())
    found = [hour for day in days_to_walk(stream) for hour in hours_of(stream.through(day))]
    assert (found, told) == ([5], [1])


def test_only_a_few_days_are_read_ahead() -> None:
    read: list[date] = []

    def reading(day: date) -> Rows:
        read.append(day)
        return rows(12, day=day)

    stream = DayStream([FIRST + timedelta(days=day) for day in range(100)], reading, print, rows())
    for number in range(50):
        assert hours_of(stream.through(FIRST + timedelta(days=number))) == [24 * number + 12]
        assert len(read) <= number + 5


def test_a_gap_of_a_year_between_files_is_not_walked_day_by_day() -> None:
    stream = DayStream([FIRST, FIRST + timedelta(days=365)], lambda day: rows(12, day=day), print, rows())
    assert len(days_to_walk(stream)) == 10
