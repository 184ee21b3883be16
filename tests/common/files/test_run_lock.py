import os
import signal
import time
from pathlib import Path

import pytest

from common.errors import Locked, Refusal
from common.files.run_lock import run_lock


def _hold_in_a_child(path: Path) -> int:
    ready, say_ready = os.pipe()
    child = os.fork()
    if child == 0:
        with run_lock(path):
            os.write(say_ready, b"x")
            signal.pause()
    os.read(ready, 1)
    return child


def test_a_second_run_is_turned_away_at_once(tmp_path: Path) -> None:
    child = _hold_in_a_child(tmp_path / "lock")
    try:
        with pytest.raises(Locked, match="another run is under way"), run_lock(tmp_path / "lock"):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_a_killed_run_frees_the_lock_for_one_that_waits(tmp_path: Path) -> None:
    child = _hold_in_a_child(tmp_path / "lock")
    os.kill(child, signal.SIGKILL)
    with run_lock(tmp_path / "lock", wait_seconds=10):
        pass
    os.waitpid(child, 0)


def test_waits_no_longer_than_asked(tmp_path: Path) -> None:
    began = time.monotonic()
    with run_lock(tmp_path / "lock"), pytest.raises(Locked), run_lock(tmp_path / "lock", wait_seconds=0.3):
        pass
    assert 0.3 <= time.monotonic() - began < 5


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match="cannot make the lock"), run_lock(tmp_path / "file" / "lock"):
        pass
