"""How much of a day the polls covered, on days of 23, 24 and 25 hours."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from data_files.market.coverage import coverage, slots
from tests.time_zone import in_zone

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "polls"), [(date(2026, 3, 1), 144), (SPRING, 138), (AUTUMN, 150)], ids=["plain", "spring", "autumn"]
)
def test_a_day_has_a_slot_every_ten_minutes_of_its_hours(day: date, polls: int) -> None:
    with in_zone("Europe/Berlin"):
        starts = slots(day)
        assert len(starts) == polls
        assert {start.date() for start in starts} == {day}
        assert {later.timestamp() - earlier.timestamp() for earlier, later in pairwise(starts)} == {600.0}


def test_a_day_without_its_midnight_begins_with_its_first_minute() -> None:
    with in_zone("America/Santiago"):  # clocks go from 24:00 to 01:00
        day = date(2026, 9, 6)
        starts = slots(day)
        assert (len(starts), f"{starts[0]:%H:%M}") == (138, "01:00")
        assert {start.date() for start in starts} == {day}


def test_all_polls_of_a_25_hour_day_leave_no_gap() -> None:
    with in_zone("Europe/Berlin"):
        whole = coverage(AUTUMN, slots(AUTUMN), datetime(2026, 10, 26, 12).astimezone())
        assert (whole.whole_day, whole.done, whole.missing, list(whole.gaps)) == (150, 150, 0, [])
        assert [hour.due for hour in whole.hours] == [6] * 25


def test_gaps_are_told_from_first_to_last_missing_poll() -> None:
    day = date(2026, 3, 1)
    starts = slots(day)
    done = [start + timedelta(seconds=2) for number, start in enumerate(starts) if number not in (3, 4, 5, 70)]
    told = coverage(day, done, starts[-1] + timedelta(days=1))
    assert [(gap.first, gap.last, gap.polls) for gap in told.gaps] == [
        (starts[3], starts[5], 3),
        (starts[70], starts[70], 1),
    ]
    assert (told.done, told.missing) == (140, 4)
    assert [hour.done for hour in told.hours][:2] == [3, 6]


def test_two_polls_in_one_slot_count_once() -> None:
    day = date(2026, 3, 1)
    starts = slots(day)
    assert coverage(day, [starts[7], starts[7] + timedelta(minutes=9)], starts[9]).done == 1


def test_a_poll_that_is_not_over_yet_is_not_missing() -> None:
    day = date(2026, 3, 1)
    starts = slots(day)
    told = coverage(day, starts[:-1], starts[-1] + timedelta(minutes=5))
    assert (told.whole_day, told.due, told.missing) == (144, 143, 0)
