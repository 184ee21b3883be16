"""Files of days long over are compressed, oldest first, and logs go; what is younger, or no day's, stays as it is."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from collect_sps_and_if.nightly.old_days import tidy
from common.files import csv_file

TODAY = date(2026, 3, 31)
FOLDERS = (
    "collect_sps_and_if/data/sps_and_if",
    "collect_sps_and_if/data/plan",
    "collect_spot_price/data",
    "collect_launch_time/data",
    "collect_launch_time/data/journal",
)
LOGS = ("collect_sps_and_if/log", "instance_arch_and_ami_id/log")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for age in range(100):
        day = TODAY - timedelta(days=age)
        for folder in FOLDERS:
            csv_file.append(tmp_path / folder / f"{day}.csv", ("time",), [(day.isoformat(),)])
        for folder in LOGS:
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
            (tmp_path / folder / f"{day}.log").touch()
    (tmp_path / "collect_sps_and_if/data/polls.csv").touch()
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/2020-01-01.csv").touch()
    return tmp_path


def names(folder: Path, suffix: str) -> set[str]:
    return {path.name.removesuffix(suffix) for path in folder.glob(f"*{suffix}")}


def days(*ages: int) -> set[str]:
    return {(TODAY - timedelta(days=age)).isoformat() for age in range(*ages)}


def test_days_older_than_the_setting_are_compressed_and_logs_three_times_as_old_go(home: Path) -> None:
    assert tidy(home, TODAY, 30) == []
    for folder in FOLDERS:
        assert names(home / folder, ".csv.gz") == days(31, 100)
        assert names(home / folder, ".csv") - {"polls"} == days(31)
    for folder in LOGS:
        assert names(home / folder, ".log") == days(91)
    assert (home / "notes/2020-01-01.csv").exists()
    assert (home / "collect_sps_and_if/data/polls.csv").exists()


def test_zero_keeps_everything(home: Path) -> None:
    before = sorted(home.rglob("*"))
    assert tidy(home, TODAY, 0) == []
    assert sorted(home.rglob("*")) == before


def test_where_the_time_is_up_the_rest_is_for_the_next_night(home: Path) -> None:
    assert tidy(home, TODAY, 30, seconds=0) == []
    assert names(home / FOLDERS[0], ".csv.gz") == set()
    assert tidy(home, TODAY, 30) == []
    assert names(home / FOLDERS[0], ".csv.gz") == days(31, 100)


def test_a_disk_that_takes_no_more_is_one_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    (line,) = tidy(home, TODAY, 30)
    assert "No space left on device" in line
    assert names(home / FOLDERS[0], ".csv") == days(100)
