"""Polls due, done and missing of the days that are shown; which are due is coverage's to say."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_files.columnar import from_rows
from data_files.market.polls import FILE, PollRow
from report.gather.polls import POLL_COLUMNS, PollHistory
from tests.time_zone import in_zone

START = datetime.fromisoformat("2026-03-01T08:00:00+00:00")


def history_of(rows: Iterable[PollRow], since: date, until: date, now: datetime) -> PollHistory:
    return PollHistory.of(from_rows(FILE, list(rows), POLL_COLUMNS), since, until, now)


def poll(time: datetime) -> PollRow:
    return PollRow(time, 30, 1, 300, 3.5)


def history(minutes: list[int], now: int) -> PollHistory:
    """Give what polls so many minutes after the start come to, seen so many minutes after it."""
    with in_zone("UTC"):
        rows = [poll(START + timedelta(minutes=minute)) for minute in minutes]
        return history_of(rows, START.date(), START.date() + timedelta(days=9), START + timedelta(minutes=now))


def test_polls_every_ten_minutes_have_no_gap() -> None:
    polls = history([0, 10, 20], now=31)
    assert (polls.due, polls.missing, polls.gaps) == (3, 0, [])
    assert (polls.queries, polls.failed) == (90, 3)


def test_a_missing_poll_is_a_gap_of_one() -> None:
    polls = history([0, 10, 30], now=35)
    assert (polls.missing, len(polls.gaps)) == (1, 1)
    assert polls.gaps[0].first == polls.gaps[0].last == START + timedelta(minutes=20)


def test_a_poll_more_in_the_same_ten_minutes_does_not_make_up_for_one_that_is_missing() -> None:
    polls = history([0, 10, 12, 30], now=45)
    assert (polls.due, polls.missing) == (4, 1)
    assert polls.listed() == [[20513, 3, 4, 120, 4]]


def test_collecting_that_stopped_goes_on_to_miss_polls() -> None:
    polls = history([0, 10], now=24 * 60)
    assert (polls.due, polls.missing) == (144, 142)
    assert len(polls.gaps) == 1, "a gap over midnight is one"
    assert [row[1:3] for row in polls.listed()] == [[2, 96], [0, 48]]


def test_a_day_gone_by_expects_144_polls_the_first_day_fewer() -> None:
    polls = history([0, 24 * 60, 48 * 60], now=48 * 60 + 5)
    assert [row[1:3] for row in polls.listed()] == [[1, 96], [1, 144], [1, 49]]


@pytest.mark.parametrize(("day", "due"), [("2026-03-29", 138), ("2026-10-25", 150), ("2026-10-26", 144)])
def test_a_day_on_which_clocks_change_expects_the_polls_of_its_own_hours(day: str, due: int) -> None:
    with in_zone("Europe/Vienna"):
        noons = [datetime.fromisoformat(f"{day}T12:00:00").astimezone() + timedelta(days=days) for days in (-1, 0, 1)]
        polls = history_of(map(poll, noons), noons[0].date(), noons[-1].date(), noons[-1])
        assert polls.days[noons[1].date()].coverage.due == due


def test_a_collector_of_another_time_zone_has_missed_nothing() -> None:
    rows = [
        poll(datetime.fromisoformat("2026-03-01T00:00+09:00") + timedelta(minutes=10 * slot)) for slot in range(144)
    ]
    with in_zone("UTC"):
        polls = history_of(rows, rows[0].time.date(), rows[0].time.date(), rows[-1].time + timedelta(minutes=10))
    assert (polls.due, polls.missing) == (144, 0)


def test_polls_of_days_not_shown_count_for_when_the_collection_began_only() -> None:
    rows = [poll(START + timedelta(days=days)) for days in (-1, 0, 1)]
    with in_zone("UTC"):
        polls = history_of(rows, START.date(), START.date(), START)
    assert polls.listed() == [[20513, 1, 49, 30, 1]], "since midnight: there were polls the day before"


def test_polls_of_a_day_that_clocks_come_back_to_are_all_counted() -> None:
    """In St. John's clocks went back at one minute past midnight, so that the day before went on."""
    start = datetime.fromisoformat("2010-11-06T23:50:00-02:30")
    with in_zone("America/St_Johns"):
        rows = [poll(start + timedelta(minutes=10 * slot)) for slot in range(8)]
        polls = history_of(rows, start.date(), rows[-1].time.date(), rows[-1].time + timedelta(minutes=10))
    assert polls.queries == 8 * 30


def test_a_poll_rehearsed_in_the_future_is_a_poll() -> None:
    polls = history([0, 10], now=-1000)
    assert (polls.gaps, polls.due, polls.missing) == ([], 2, 0)


def test_a_poll_that_says_nothing_but_its_time_is_a_poll() -> None:
    with in_zone("UTC"):
        polls = history_of([PollRow(START, None, None, None, None)], START.date(), START.date(), START)
    assert polls.listed() == [[20513, 1, 1, 0, 0]]


def test_no_poll_is_no_gap() -> None:
    polls = history_of([], START.date(), START.date(), START)
    assert (polls.gaps, polls.listed()) == ((), [])


@given(st.sets(st.integers(0, 200), min_size=1))
def test_polls_and_missed_ones_make_up_the_whole_time(slots: set[int]) -> None:
    minutes = sorted(10 * slot for slot in slots)
    polls = history(minutes, now=minutes[-1])
    assert len(slots) + polls.missing == polls.due == (minutes[-1] - minutes[0]) // 10 + 1
    assert sum(gap.polls for gap in polls.gaps) == polls.missing
