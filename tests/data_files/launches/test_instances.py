"""Instances: what each cell may hold."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from data_files.launches.instances import FILES, MARKET, READY, InstanceRow
from tests.data_files.odd_cells import DAY, SENSELESS, what_becomes_of, write

GOOD = {
    "request_id": "sir-1",
    "instance_id": "i-1",
    "region": "us-east-1",
    "az": "use1-az1",
    "instance": "m5.large",
    "request_time": "2026-03-01T12:00:00+09:00",
    "fulfilled_time": "2026-03-01T12:00:03+09:00",
    "running_time": "2026-03-01T12:00:06+09:00",
    "not_ready_time": "2026-03-01T12:01:00+09:00",
    "ready_time": "2026-03-01T12:01:03.500+09:00",
    "outcome": "ready",
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-01T{text}+09:00")


ROW = InstanceRow(
    request_id="sir-1",
    instance_id="i-1",
    region="us-east-1",
    az="use1-az1",
    instance="m5.large",
    request_time=at("12:00:00"),
    fulfilled_time=at("12:00:03"),
    running_time=at("12:00:06"),
    not_ready_time=at("12:01:00"),
    ready_time=at("12:01:03.500"),
    outcome=READY,
)
TEXT = ["3.0", "3", "99", "0", "-1", "nan", "much", None]
NAME = [*TEXT[:-1], SENSELESS]
TIME = [SENSELESS] * 7 + [None]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    unknown = InstanceRow("sir-2", None, "us-east-1", None, "m5.large", at("12:00:00"), None, None, None, None, None)
    FILES.append(FILES.path(tmp_path, DAY), [ROW, unknown])
    assert FILES.path(tmp_path, DAY).read_text().splitlines()[1] == ",".join([*GOOD.values(), *[""] * 7])
    assert list(FILES.rows(tmp_path, DAY)) == [ROW, unknown]


def test_what_kept_an_instance_from_being_ready_is_written_and_read_back(tmp_path: Path) -> None:
    dead = ROW._replace(
        ready_time=None,
        outcome="instance-terminated-no-capacity",
        not_fulfilled_time=at("12:00:00"),
        not_running_time=at("12:00:03"),
        aws_request_time=at("12:00:00"),
        aws_fulfilled_time=at("12:00:02"),
        aws_launch_time=at("12:00:02"),
        cause=MARKET,
        reason="Spot instance interrupted, no capacity",
    )
    FILES.append(FILES.path(tmp_path, DAY), [dead])
    assert list(FILES.rows(tmp_path, DAY)) == [dead]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("request_id", TEXT),
        ("instance_id", TEXT),
        ("region", NAME),
        ("az", TEXT),
        ("instance", NAME),
        ("request_time", [SENSELESS] * 8),
        ("fulfilled_time", TIME),
        ("running_time", TIME),
        ("not_ready_time", TIME),
        ("ready_time", TIME),
        ("outcome", TEXT),
    ],
)
def test_an_odd_cell_is_a_value_unknown_or_makes_its_row_senseless(
    tmp_path: Path, name: str, expected: list[Any]
) -> None:
    assert what_becomes_of(FILES, tmp_path, GOOD, name) == expected


def test_a_column_missing_is_unknown_and_a_column_more_changes_nothing(tmp_path: Path) -> None:
    names = [name for name in GOOD if name != "az"]
    write(FILES, tmp_path, [{**GOOD, "note": "mine"}], ["note", *names])
    assert list(FILES.rows(tmp_path, DAY)) == [ROW._replace(az=None)]


def test_a_compressed_day_is_read_as_the_plain_one(tmp_path: Path) -> None:
    write(FILES, tmp_path, [GOOD], gz=True)
    assert list(FILES.rows(tmp_path, DAY)) == [ROW]
