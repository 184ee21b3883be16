"""Rows that a full disk refuses: written later, or reported if it stays full."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collect_launch_time.problems import Problems
from collect_launch_time.records import Records
from common.errors import Unwritable
from common.files import csv_file
from data_files.launches import looks, spending
from data_files.launches.looks import LookRow
from data_files.launches.spending import SpendingRow

DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12).astimezone()


def row(number: int) -> SpendingRow:
    return SpendingRow(NOON + timedelta(minutes=number), "us-east-1", "m5.large", 1, 60.0, 0.1)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    state = {"full": False}
    real = csv_file.append

    def append(path: Path, *rows: Any, **more: Any) -> None:
        if state["full"]:
            raise Unwritable(f"cannot write {path}")
        real(path, *rows, **more)

    monkeypatch.setattr(csv_file, "append", append)
    return state


def test_rows_that_a_full_disk_refused_are_written_before_the_next_ones(tmp_path: Path, disk: dict[str, bool]) -> None:
    problems = Problems()
    records = Records(tmp_path, problems)
    assert records.spending(DAY, [row(1)])
    disk["full"] = True
    assert not records.spending(DAY, [row(2)])
    disk["full"] = False
    assert records.spending(DAY, [row(3)])
    records.save_rest()
    assert list(spending.FILES.rows(tmp_path, DAY)) == [row(1), row(2), row(3)]
    assert not problems


def test_each_days_rows_of_each_kind_go_to_their_own_file(tmp_path: Path, disk: dict[str, bool]) -> None:
    records = Records(tmp_path, Problems())
    look = LookRow("us-east-1", "m5.large", 1, NOON, NOON, 0, 0, 0)
    tomorrow = DAY + timedelta(days=1)
    disk["full"] = True
    records.looks(DAY, [look])
    records.spending(DAY, [row(1)])
    records.spending(tomorrow, [row(2)])
    disk["full"] = False
    records.save_rest()
    assert list(looks.FILES.rows(tmp_path, DAY)) == [look]
    assert list(spending.FILES.rows(tmp_path, DAY)) == [row(1)]
    assert list(spending.FILES.rows(tmp_path, tomorrow)) == [row(2)]


def test_rows_that_could_not_be_written_at_all_are_counted_in_a_problem(tmp_path: Path, disk: dict[str, bool]) -> None:
    problems = Problems()
    records = Records(tmp_path, problems)
    disk["full"] = True
    for number in range(3):
        records.spending(DAY, [row(number)])
    records.save_rest()
    [line] = problems.lines()
    assert line.startswith("3 rows")
    assert str(spending.FILES.path(tmp_path, DAY)) in line
