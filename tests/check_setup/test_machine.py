"""A HOME where nothing can be written, or no lock be held, is told before a collector stumbles over it."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from check_setup.finding import State
from check_setup.machine import check_folders


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
