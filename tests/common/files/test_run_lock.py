import errno
import fcntl
import os
import signal
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from common.errors import Locked, Refusal
from common.files.run_lock import holder, run_lock


def _hold_in_a_child(path: Path, longest_seconds: float | None = None) -> int:
    ready, say_ready = os.pipe()
    child = os.fork()
    if child == 0:
        with run_lock(path, longest_seconds=longest_seconds):
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


@pytest.mark.parametrize(("longest_seconds", "is_overdue"), [(None, False), (600.0, False), (-60.0, True)])
def test_who_is_turned_away_is_told_who_runs_since_when_and_whether_that_is_too_long(
    tmp_path: Path, longest_seconds: float | None, is_overdue: bool
) -> None:
    child = _hold_in_a_child(tmp_path / "lock", longest_seconds)
    try:
        with pytest.raises(Locked, match=f"process {child} has held .* since 2") as locked, run_lock(tmp_path / "lock"):
            pass
        assert locked.value.is_overdue == is_overdue
        assert ("somebody must look" in str(locked.value)) == is_overdue
        by = holder(tmp_path / "lock")
        now = datetime.now().astimezone()
        assert by
        assert by.process == child
        assert timedelta(0) <= now - by.since < timedelta(minutes=5)
        assert by.is_overdue(now) == is_overdue
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_nobody_holds_a_lock_that_was_given_back_or_whose_holder_died(tmp_path: Path) -> None:
    assert holder(tmp_path / "lock") is None
    with run_lock(tmp_path / "lock"):
        assert holder(tmp_path / "lock")
    assert holder(tmp_path / "lock") is None
    child = _hold_in_a_child(tmp_path / "lock")
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert holder(tmp_path / "lock") is None


def test_a_lock_file_that_says_nothing_or_nonsense_is_a_lock_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with run_lock(path):
        for text in ("", "\xff 1 2", "12 yesterday -", "12 2026-03-01T12:00:00+00:00 soon", "1 2 3 4"):
            path.write_text(text)
            assert holder(path) is None
            with pytest.raises(Locked, match="another run is under way"), run_lock(path):
                pass


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


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL])
def test_a_file_system_without_locks_is_refused_with_the_folder_and_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def flock(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(Refusal) as refused, run_lock(tmp_path / "lock"):
        pass
    assert str(tmp_path) in str(refused.value)
    assert "SPOT_HOME" in str(refused.value)
    assert holder(tmp_path / "lock") is None
