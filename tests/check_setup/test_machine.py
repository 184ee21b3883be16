"""A HOME where nothing can be written, or no lock be held, is told before a collector stumbles over it."""

import errno
import fcntl
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from check_setup.finding import State
from check_setup.machine import check_disk, check_folders


def test_a_file_system_without_locks_is_something_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("configs.HOME", tmp_path)
    assert [finding.state for finding in check_folders()] == [State.FINE]

    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", flock)
    (finding,) = check_folders()
    assert finding.state is State.TO_DO
    assert f"{tmp_path} is on a file system without locks" in finding.text
    assert "SPOT_HOME" in finding.text


def test_the_disk_is_told_in_megabytes_a_day_and_years(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("configs.HOME", tmp_path)
    monkeypatch.setattr("configs.KEEP_PLAIN_DAYS", 30)
    monkeypatch.setattr(
        os, "statvfs", lambda _: os.statvfs_result((4096, 4096, 2**21, 2**21, 1_300_000, 0, 0, 0, 0, 255))
    )
    (before,) = check_disk()
    assert "room for about 5,054 days of collecting (14 years)" in before.text
    assert "with the default settings a day takes 10.0 MB, and 1.0 MB after 30 days" in before.text
    yesterday = (
        tmp_path / "collect_sps_and_if" / "data" / f"{datetime.now().astimezone().date() - timedelta(days=1)}.csv"
    )
    yesterday.parent.mkdir(parents=True)
    yesterday.write_bytes(bytes(20_000_000))
    (measured,) = check_disk()
    assert "a day takes 20.0 MB" in measured.text
    monkeypatch.setattr("configs.KEEP_PLAIN_DAYS", 0)
    (plain,) = check_disk()
    assert plain.text.endswith("room for about 266 days of collecting: a day takes 20.0 MB")
