"""The days that have a file, as they are listed and as they are asked for."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from data_files.market import polled

TODAY = date(2026, 3, 1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in (
        *("2026-03-02.csv", "2026-02-28.csv", "2026-02-23.csv.gz", "2026-02-22.csv", "2025-01-01.csv.gz"),
        *("2026-02-30.csv", "2026-W09-7.csv", "20260227.csv", "2026-02-27.set-aside-1.csv", "2026-02-26.csv.part"),
    ):
        path = tmp_path / polled.FILES.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def test_plain_and_compressed_days_are_listed_oldest_first_and_nothing_else(home: Path) -> None:
    back = [date(2025, 1, 1), date(2026, 2, 22), date(2026, 2, 23), date(2026, 2, 28), date(2026, 3, 2)]
    assert polled.FILES.days(home) == back


def test_the_days_until_one_come_newest_first_whatever_lies_between(home: Path) -> None:
    for until in (TODAY + timedelta(days=back) for back in range(-900, 10)):
        expected = [day for day in reversed(polled.FILES.days(home)) if day <= until]
        assert list(polled.FILES.days_until(home, until)) == expected


def test_without_a_folder_there_are_no_days(tmp_path: Path) -> None:
    assert polled.FILES.days(tmp_path) == list(polled.FILES.days_until(tmp_path, TODAY)) == []
