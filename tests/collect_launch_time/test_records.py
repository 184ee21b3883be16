"""Rows on disk: a disk that is full for a while costs nothing, one that stays full is named."""

import csv
from datetime import date
from pathlib import Path

import pytest

from collect_launch_time.problems import Problems
from collect_launch_time.records import Records
from collect_launch_time.tables import SPENDING, Tables
from common import csv_file
from common.csv_file import Cell
from common.errors import Unwritable

DAY = date(2026, 3, 1)


def row(number: int) -> list[Cell]:
    return [f"t{number}", "us-east-1", "m5.large", 1, 60.0, 0.1]


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    state = {"full": False}
    real = csv_file.append

    def append(path, header, rows):  # type: ignore[no-untyped-def]
        if state["full"]:
            raise Unwritable(f"cannot write {path}")
        real(path, header, rows)

    monkeypatch.setattr(csv_file, "append", append)
    return state


def test_what_a_full_disk_refused_is_written_in_order_with_the_next_rows(tmp_path: Path, disk: dict[str, bool]) -> None:
    problems = Problems()
    records = Records(Tables(tmp_path), problems)
    assert records.spending(DAY, [row(1)])
    disk["full"] = True
    assert not records.spending(DAY, [row(2)])
    disk["full"] = False
    assert records.spending(DAY, [row(3)])
    records.save_rest()
    with Tables(tmp_path).spending(DAY).open() as file:
        written = list(csv.DictReader(file))
    assert [one["time"] for one in written] == ["t1", "t2", "t3"]
    assert tuple(written[0]) == SPENDING
    assert not problems


def test_what_is_lost_in_the_end_is_named_with_its_number(tmp_path: Path, disk: dict[str, bool]) -> None:
    problems = Problems()
    records = Records(Tables(tmp_path), problems)
    disk["full"] = True
    for number in range(3):
        records.spending(DAY, [row(number)])
    records.save_rest()
    [line] = problems.lines()
    assert line.startswith("3 rows")
    assert str(Tables(tmp_path).spending(DAY)) in line
