"""Where polls are missing, and how many should have been."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import iso
from report.polls import Polls
from tests.time_zone import in_zone

START = datetime.fromisoformat("2026-03-01T08:00:00+09:00")


def polls_of(minutes: list[int], now: int) -> Polls:
    times = [START + timedelta(minutes=minute) for minute in minutes]
    rows = [{"time": iso(time), "queries": "30", "failed": "1", "rows": "300", "seconds": "3.5"} for time in times]
    return Polls.of(rows, START.date(), START.date() + timedelta(days=9), START + timedelta(minutes=now))


def test_polls_every_ten_minutes_have_no_gap() -> None:
    polls = polls_of([0, 10, 20], now=25)
    assert (polls.gap_count, polls.missed) == (0, 0)
    assert polls.days[START.date()].expected == 3


def test_a_missing_poll_is_a_gap_of_one() -> None:
    polls = polls_of([0, 10, 30], now=35)
    assert (polls.gap_count, polls.missed) == (1, 1)
    assert (polls.gaps[0].since, polls.gaps[0].until) == (START + timedelta(minutes=10), START + timedelta(minutes=30))


def test_collecting_that_stopped_is_a_gap_without_an_end() -> None:
    polls = polls_of([0, 10], now=75)
    assert (polls.gaps[-1].until, polls.gaps[-1].missed) == (None, 6)


def test_a_day_gone_by_expects_144_polls_the_first_day_fewer() -> None:
    polls = polls_of([0, 24 * 60, 48 * 60], now=48 * 60 + 5)
    assert [day.expected for day in polls.days.values()] == [96, 144, 49]


def test_days_without_any_poll_are_listed_with_those_due() -> None:
    assert [row[1:3] for row in polls_of([0, 48 * 60], now=48 * 60).listed()] == [[1, 96], [0, 144], [1, 49]]


@pytest.mark.parametrize(("day", "due"), [("2026-03-29", 138), ("2026-10-25", 150), ("2026-10-26", 144)])
def test_a_day_on_which_clocks_change_expects_the_polls_of_its_own_hours(day: str, due: int) -> None:
    with in_zone("Europe/Vienna"):
        noons = [datetime.fromisoformat(f"{day}T12:00:00").astimezone() + timedelta(days=days) for days in (-1, 0, 1)]
        polls = Polls.of(({"time": iso(noon)} for noon in noons), noons[0].date(), noons[-1].date(), noons[-1])
        assert polls.days[noons[1].date()].expected == due


def test_rows_without_a_time_or_of_days_not_looked_at_are_left_out() -> None:
    rows = [{"time": time} for time in ("yesterday", *(iso(START + timedelta(days=days)) for days in (-1, 0, 1)))]
    polls = Polls.of(rows, START.date(), START.date(), START)
    assert polls.last
    assert (polls.last.time, polls.last.queries) == (START, 0)


def test_a_poll_rehearsed_in_the_future_is_a_poll() -> None:
    polls = polls_of([0, 10], now=-1000)
    assert (polls.gap_count, polls.days[START.date()].polls) == (0, 2)


def test_no_poll_is_no_gap() -> None:
    polls = Polls.of([], START.date(), START.date(), START)
    assert (polls.last, polls.gap_count, polls.listed()) == (None, 0, [])


@given(st.sets(st.integers(0, 200), min_size=1))
def test_polls_and_missed_ones_make_up_the_whole_time(slots: set[int]) -> None:
    minutes = sorted(10 * slot for slot in slots)
    polls = polls_of(minutes, now=minutes[-1])
    assert len(slots) + polls.missed == (minutes[-1] - minutes[0]) // 10 + 1
