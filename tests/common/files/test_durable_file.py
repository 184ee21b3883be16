import errno
import os
from pathlib import Path
from typing import Any

import pytest

from common.errors import Unwritable
from common.files import durable_file


def test_the_new_content_stands_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "plan.csv"
    durable_file.replace(path, "old")
    durable_file.replace(path, b"new")
    assert path.read_text() == "new"
    assert [entry.name for entry in path.parent.iterdir()] == ["plan.csv"]


@pytest.mark.parametrize("step", ["fsync", "replace", "fdopen"])
def test_a_failure_at_any_step_leaves_the_old_file_and_no_debris(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "plan.csv"
    durable_file.replace(path, "old")

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(Unwritable, match="No space left on device; it is as it was before"):
            durable_file.replace(path, "new")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.csv"]


def test_what_a_killed_run_left_beside_the_file_is_cleared_away(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    (tmp_path / ".plan.csv.abcd_123.part").write_text("half a pl")
    (tmp_path / ".other.csv.abcd_123.part").write_text("somebody else's")
    durable_file.replace(path, "whole")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".other.csv.abcd_123.part", "plan.csv"]


def test_a_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o600)
    durable_file.replace(path, "new")
    assert path.stat().st_mode & 0o777 == 0o600
