import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from common.errors import Unwritable
from common.files.durable_folder import replacing_folder


def put(path: Path, content: str) -> None:
    with replacing_folder(path) as folder:
        (folder / "inner").mkdir()
        (folder / "inner" / "file").write_text(content)


def test_the_new_folder_stands_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "package"
    put(path, "old")
    (path / "gone").write_text("only in the old one")
    put(path, "new")
    assert [str(entry.relative_to(path)) for entry in sorted(path.rglob("*"))] == ["inner", "inner/file"]
    assert (path / "inner" / "file").read_text() == "new"
    assert [entry.name for entry in path.parent.iterdir()] == ["package"]


@pytest.mark.parametrize(
    ("step", "number"), [("mkdir", 2), ("fsync", 1), ("fsync", 2), ("fsync", 3), ("rename", 1), ("rename", 2)]
)
def test_a_failure_at_any_step_leaves_the_old_folder_and_no_debris(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    path = tmp_path / "package"
    put(path, "old")
    does: Callable[..., Any] = getattr(os, step)
    left = [number]

    def fail(*arguments: Any, **options: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return does(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        with pytest.raises(Unwritable, match="No space left on device; it is as it was before"):
            put(path, "new")
    assert (path / "inner" / "file").read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["package"]


def test_what_ends_the_block_leaves_the_old_folder_and_no_debris(tmp_path: Path) -> None:
    path = tmp_path / "package"
    put(path, "old")

    def interrupted() -> None:
        with replacing_folder(path) as folder:
            (folder / "half").write_text("a pack")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (path / "inner" / "file").read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["package"]


def test_what_killed_runs_left_is_cleared_away_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "package"
    others = ("package.partial-20260301", "package.partial-of-mine", "other.partial-0123456789abcdef")
    for name in (*others, "package.partial-0123456789abcdef", "package.replaced-0123456789abcdef"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("left")
    put(path, "new")
    assert {entry.name for entry in tmp_path.iterdir()} == {"package", *others}
