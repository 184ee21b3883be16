"""Which days the page shows."""

from datetime import date, datetime
from pathlib import Path

from collect_sps_and_if.tables import POLLS, SPS_AND_IF, Tables

from common.files import csv_file
from report.gathering import Gathered, gather
from report.health import Limits

NOW = datetime.fromisoformat("2026-03-01T12:00:00+09:00")


def gathered(home: Path, *days: str) -> Gathered:
    for day in days:
        time = f"{day}T08:00:00+09:00"
        csv_file.append(
            Tables(home).sps_and_if(date.fromisoformat(day)), SPS_AND_IF, [(time, "us-east-1", "m5.large", 3, 0, "ok")]
        )
        csv_file.append(Tables(home).polls, POLLS, [(time, 1, 0, 1, 0.5)])
    return gather(home, NOW, Limits(configurations=50, daily_budget_usd=5.0, timeout_seconds=600))


def test_days_of_a_clock_that_once_ran_ahead_are_named_and_push_nothing_out(tmp_path: Path) -> None:
    page = gathered(tmp_path, "2026-02-27", "2026-03-01", "2038-01-19")
    assert (page.first, page.last) == (date(2026, 2, 27), date(2026, 3, 1))
    assert sorted(page.health.polls.days) == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]
    assert page.troubles.lines == ["days in the future, up to 2038-01-19, were left out: 1; did the clock run ahead?"]


def test_a_rehearsal_that_is_all_in_the_future_is_shown(tmp_path: Path) -> None:
    page = gathered(tmp_path, "2038-01-18", "2038-01-19")
    assert (page.first, page.last, page.troubles.lines) == (date(2038, 1, 18), date(2038, 1, 19), [])


def test_what_lies_more_than_a_year_back_is_counted_only(tmp_path: Path) -> None:
    page = gathered(tmp_path, "2024-03-01", "2026-03-01")
    assert (page.first, page.older) == (date(2026, 3, 1), 1)
