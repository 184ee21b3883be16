"""Which days the page shows, what it makes of files that cannot be read, and when it warns."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from analysis.health.figures import HealthSettings
from data_files.launches import looks, spending
from data_files.market import polled, polls, scores
from data_files.market.polled import FAILED, OK, REFUSED, PolledRow
from data_files.market.polls import PollRow
from data_files.market.scores import Score
from report.gather.everything import Gathered, gather_collected
from report.head import cards
from tests.time_zone import in_zone

NOW = datetime.fromisoformat("2026-03-01T12:00:00+09:00")


def gathered(home: Path, *days: str, outcome: str = OK) -> Gathered:
    for day in days:
        time = datetime.fromisoformat(f"{day}T08:00:00+09:00")
        row = PolledRow(time, "us-east-1", "m5.large", 3 if outcome == OK else None, 0, outcome)
        polled.FILES.append(polled.FILES.path(home, time.date()), [row])
        polls.acknowledge(home, PollRow(time, 1, 0, 1, 0.5))
    with in_zone("Asia/Tokyo"):
        return gather_collected(home, NOW, HealthSettings(50, "us-east-1", 5.0, 600))


def test_days_of_a_clock_that_once_ran_ahead_are_named_and_push_nothing_out(tmp_path: Path) -> None:
    page = gathered(tmp_path, "2026-02-27", "2026-03-01", "2038-01-19")
    assert (page.first, page.last) == (date(2026, 2, 27), date(2026, 3, 1))
    assert list(page.polls.days) == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
    assert page.troubles.lines == ["days in the future, up to 2038-01-19, were left out: 1; did the clock run ahead?"]


def test_a_rehearsal_that_is_all_in_the_future_is_shown(tmp_path: Path) -> None:
    page = gathered(tmp_path, "2038-01-18", "2038-01-19")
    assert (page.first, page.last, page.troubles.lines) == (date(2038, 1, 18), date(2038, 1, 19), [])


def test_what_lies_more_than_a_year_back_is_counted_only(tmp_path: Path) -> None:
    page = gathered(tmp_path, "2024-03-01", "2026-03-01")
    assert (page.first, page.older) == (date(2026, 3, 1), 1)


def test_files_of_years_ago_are_not_followed_by_years_of_missing_polls(tmp_path: Path) -> None:
    page = gathered(tmp_path, "2016-03-01")
    assert (page.first, page.last) == (date(2016, 3, 1), date(2016, 3, 1))
    assert 366 <= len(page.polls.days) <= 368


def test_a_row_that_makes_no_sense_and_a_file_that_cannot_be_read_are_named_and_cost_only_themselves(
    tmp_path: Path,
) -> None:
    gathered(tmp_path, "2026-02-28", "2026-03-01")
    with polled.FILES.path(tmp_path, date(2026, 3, 1)).open("a") as file:
        file.write("2026-03-01T08:10:00+09:00,us-east-1,m5.large,11,0,ok\n")
    looks.FILES.path(tmp_path, date(2026, 3, 1)).mkdir(parents=True)
    page = gathered(tmp_path)
    assert page.troubles.lines == [
        "sps_and_if/2026-03-01.csv: rows that make no sense were passed over: 1",
        "data/2026-03-01.csv was passed over: Is a directory",
    ]
    assert len(page.scores) == 4, "two days, and the hours of both"


def test_what_was_spent_on_a_day_whose_file_cannot_be_read_is_not_known(tmp_path: Path) -> None:
    spending.FILES.append(spending.FILES.path(tmp_path, date(2026, 2, 28)), [])
    spending.FILES.path(tmp_path, date(2026, 3, 1)).symlink_to("/proc/self/mem")  # a file whose reading fails
    page = gathered(tmp_path, "2026-02-28", "2026-03-01")
    assert page.spending == {date(2026, 2, 28): 0}
    assert page.troubles.lines == ["spending/2026-03-01.csv was passed over: Input/output error"]


def test_one_odd_row_among_the_files_of_many_days_is_named_and_costs_only_itself(tmp_path: Path) -> None:
    days = [f"2026-02-{day}" for day in range(10, 28)]
    gathered(tmp_path, *days)
    for day in map(date.fromisoformat, days):
        scores.FILES.replace(scores.FILES.path(tmp_path, day), [Score("us-east-1", "m5.large", day.day, 0.0, 1 / 3)])
    with scores.FILES.path(tmp_path, date(2026, 2, 20)).open("a") as file:
        file.write("us-east-1,m5.large,many,0,1\n")
    page = gathered(tmp_path)
    assert page.troubles.lines == ["score/2026-02-20.csv: rows that make no sense were passed over: 1"]
    assert page.ranking.sps_changes == [float(day) for day in range(27, 9, -1)]


def test_the_bootstraps_scores_are_shown_until_a_day_has_been_scored(tmp_path: Path) -> None:
    scores.INITIAL.replace(scores.INITIAL.path(tmp_path), [Score("us-east-1", "m5.large", 1.0, 0.0, 1 / 3)])
    assert gathered(tmp_path, "2026-03-01").ranking.times == [-1, 1]
    path = scores.FILES.path(tmp_path, date(2026, 3, 1))
    scores.FILES.replace(path, [Score("us-east-1", "c5.large", 1.0, 0.0, 1 / 3)])
    assert gathered(tmp_path).ranking.times == [20513, 1]


@pytest.mark.parametrize("outcome", [REFUSED, FAILED])
def test_a_day_on_which_nothing_was_answered_is_not_good(outcome: str, tmp_path: Path) -> None:
    page = gathered(tmp_path, "2026-03-01", outcome=outcome)
    states = {card.title: card.state for card in cards(page)}
    assert (states["Last poll"], states["Placement scores of 24 hours"]) == ("warn", "warn")


def test_a_poll_that_was_answered_is_good_for_25_minutes(tmp_path: Path) -> None:
    page = gathered(tmp_path, "2026-03-01")
    poll = datetime.fromisoformat("2026-03-01T08:00:00+09:00")
    states = []
    for minutes in (25, 26):
        page.health = replace(page.health, now=poll + timedelta(minutes=minutes))
        states.append({card.title: card.state for card in cards(page)}["Last poll"])
    assert states == ["good", "warn"]
