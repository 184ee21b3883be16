"""Spending: what was spent was spent, whatever else a row says."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from data_files.launches.spending import FILES, SpendingRow, spent
from tests.data_files.odd_cells import DAY, SENSELESS, what_becomes_of, write

GOOD = {
    "time": "2026-03-01T12:01:03.500+09:00",
    "region": "us-east-1",
    "instance": "m5.large",
    "instances": "3",
    "seconds": "180.5",
    "usd": "0.25",
}
ROW = SpendingRow(datetime.fromisoformat(GOOD["time"]), "us-east-1", "m5.large", 3, 180.5, 0.25)


def test_what_is_written_is_read_back_also_of_an_unknown_type(tmp_path: Path) -> None:
    unknown = ROW._replace(instance=None)
    FILES.append(FILES.path(tmp_path, DAY), [ROW, unknown])
    assert FILES.path(tmp_path, DAY).read_text().splitlines()[1] == ",".join([*GOOD.values(), "", ""])
    assert list(FILES.rows(tmp_path, DAY)) == [ROW, unknown]
    assert spent(tmp_path, DAY) == 0.5


def test_volumes_and_addresses_are_spent_money_too(tmp_path: Path) -> None:
    FILES.append(FILES.path(tmp_path, DAY), [ROW._replace(volumes_usd=0.0625, addresses_usd=0.125), ROW])
    assert spent(tmp_path, DAY) == 0.6875


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("time", [None] * 8),
        ("region", ["3.0", "3", "99", "0", "-1", "nan", "much", SENSELESS]),
        ("instance", ["3.0", "3", "99", "0", "-1", "nan", "much", None]),
        ("instances", [3, 3, 99, 0, None, None, None, None]),
        ("seconds", [3.0, 3.0, 99.0, 0.0, None, None, None, None]),
        ("usd", [3.0, 3.0, 99.0, 0.0, SENSELESS, SENSELESS, SENSELESS, SENSELESS]),
    ],
)
def test_an_odd_cell_is_a_value_unknown_or_makes_its_row_senseless(
    tmp_path: Path, name: str, expected: list[Any]
) -> None:
    assert what_becomes_of(FILES, tmp_path, GOOD, name) == expected


def test_spending_adds_up_and_a_row_without_an_amount_is_passed_over(tmp_path: Path) -> None:
    amounts = ["0.25", "", "much", "inf", "-1", "1.5"]
    write(FILES, tmp_path, [{**GOOD, "usd": amount} for amount in amounts])
    assert spent(tmp_path, DAY) == 1.75


def test_a_day_without_a_file_has_cost_nothing(tmp_path: Path) -> None:
    assert spent(tmp_path, DAY) == 0


def test_a_column_missing_is_unknown_and_a_column_more_changes_nothing(tmp_path: Path) -> None:
    names = [name for name in GOOD if name != "seconds"]
    write(FILES, tmp_path, [{**GOOD, "note": "mine"}], ["note", *names])
    assert list(FILES.rows(tmp_path, DAY)) == [ROW._replace(seconds=None)]


def test_a_compressed_day_is_read_as_the_plain_one(tmp_path: Path) -> None:
    write(FILES, tmp_path, [GOOD], gz=True)
    assert list(FILES.rows(tmp_path, DAY)) == [ROW]
