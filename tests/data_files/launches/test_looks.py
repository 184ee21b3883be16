"""Looks: what each cell may hold, and what a row says that contradicts itself."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data_files.launches.looks import FILES, LookRow, is_contradictory
from tests.data_files.odd_cells import DAY, ODD, SENSELESS, read_with, what_becomes_of, write

REQUESTED = datetime.fromisoformat("2026-03-01T12:00:00+09:00")
GOOD = {
    "region": "us-east-1",
    "instance": "m5.large",
    "instance_count": "10",
    "request_time": "2026-03-01T12:00:00+09:00",
    "current_time": "2026-03-01T12:00:03.250+09:00",
    "ready_instances": "1",
    "fulfilled_instances": "3",
    "running_instances": "2",
}
LOOK = LookRow("us-east-1", "m5.large", 10, REQUESTED, REQUESTED + timedelta(seconds=3.25), 1, 3, 2)

COUNT = [3, 3, 99, 0, SENSELESS, SENSELESS, SENSELESS, None]
TIME = [SENSELESS] * len(ODD)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    FILES.append(FILES.path(tmp_path, DAY), [LOOK])
    assert FILES.path(tmp_path, DAY).read_text() == f"{','.join(GOOD)}\n{','.join(GOOD.values())}\n"
    assert list(FILES.rows(tmp_path, DAY)) == [LOOK]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("region", ["3.0", "3", "99", "0", "-1", "nan", "much", SENSELESS]),
        ("instance", ["3.0", "3", "99", "0", "-1", "nan", "much", SENSELESS]),
        ("instance_count", [3, 3, 99, SENSELESS, SENSELESS, SENSELESS, SENSELESS, SENSELESS]),
        ("request_time", TIME),
        ("current_time", TIME),
        ("ready_instances", COUNT),
        ("fulfilled_instances", COUNT),
        ("running_instances", COUNT),
    ],
)
def test_an_odd_cell_is_a_value_unknown_or_makes_its_row_senseless(
    tmp_path: Path, name: str, expected: list[Any]
) -> None:
    assert what_becomes_of(FILES, tmp_path, GOOD, name) == expected


@pytest.mark.parametrize("text", ["2026-03-01T12:00:00", "2026-02-30T12:00:00+09:00", "yesterday"])
def test_a_time_without_its_utc_offset_is_none(tmp_path: Path, text: str) -> None:
    assert read_with(FILES, tmp_path, GOOD, "request_time", text) == SENSELESS


def test_a_column_that_a_file_does_not_have_is_unknown_in_all_its_rows(tmp_path: Path) -> None:
    write(FILES, tmp_path, [GOOD], [name for name in GOOD if name != "running_instances"])
    assert list(FILES.rows(tmp_path, DAY)) == [LOOK._replace(running_instances=None)]


def test_without_a_column_that_is_needed_no_row_makes_sense(tmp_path: Path) -> None:
    write(FILES, tmp_path, [GOOD, GOOD], [name for name in GOOD if name != "request_time"])
    senseless: list[int] = []
    assert list(FILES.rows(tmp_path, DAY, senseless.append)) == []
    assert senseless == [2]


def test_a_column_more_and_another_order_change_nothing(tmp_path: Path) -> None:
    write(FILES, tmp_path, [{**GOOD, "note": "mine"}], ["note", *reversed(GOOD)])
    assert list(FILES.rows(tmp_path, DAY)) == [LOOK]


def test_a_compressed_day_is_read_as_the_plain_one(tmp_path: Path) -> None:
    write(FILES, tmp_path, [GOOD], gz=True)
    assert list(FILES.rows(tmp_path, DAY)) == [LOOK]
    assert FILES.days(tmp_path) == [DAY]
    assert FILES.has(tmp_path, DAY)


def test_a_thousand_rows_with_a_broken_one_among_them_lose_that_one(tmp_path: Path) -> None:
    rows = [{**GOOD, "ready_instances": str(number % 10)} for number in range(1000)]
    path = write(FILES, tmp_path, [*rows[:500], {**GOOD, "ready_instances": "many"}, *rows[500:]])
    path.write_text(path.read_text() + "us-east-1,m5.large\n")
    senseless: list[int] = []
    assert [row.ready_instances for row in FILES.rows(tmp_path, DAY, senseless.append)] == [*range(10)] * 100
    assert senseless == [2]


@pytest.mark.parametrize(
    ("most", "seconds", "is_wrong"), [(0, 3, False), (10, 0, False), (11, 3, True), (10, -0.001, True)]
)
def test_more_instances_than_asked_for_and_a_look_before_the_request_cannot_be(
    most: int, seconds: float, is_wrong: bool
) -> None:
    assert is_contradictory(10, most, seconds) == is_wrong
