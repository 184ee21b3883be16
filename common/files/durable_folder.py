"""Replace a folder whole, or not at all."""

import contextlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from common.errors import Unwritable
from common.files.durable_file import sync_folder

_PARTIAL = ".partial-"
_REPLACED = ".replaced-"
_RANDOM_BYTES = 8
_RANDOM = re.compile(r"[0-9a-f]{16}")  # what no person names a folder: those that end so are ours to clear away


@contextlib.contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder beside the path that takes its place, synced, when the block ends well.

    What stands there before is deleted: whoever calls has made sure that it may be. So are the parts that runs which
    were killed left beside it; writers of one folder hold one run lock. Killed between the two renames, a run leaves
    nothing at the path and the old folder beside it. Raises Unwritable; the old folder is then as it was.
    """
    partial = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear(path, _PARTIAL)
        partial = _beside(path, _PARTIAL)
        partial.mkdir()
        yield partial
        for folder, _, files in os.walk(partial):
            for name in files:
                _sync_file(Path(folder) / name)
            sync_folder(Path(folder))
        _put_in_place(partial, path)
        sync_folder(path.parent)
        _clear(path, _REPLACED)
    except OSError as error:
        _remove(partial)
        raise Unwritable(f"cannot write {path}: {error.strerror or error}; it is as it was before") from error
    except BaseException:
        _remove(partial)
        raise


def _put_in_place(partial: Path, path: Path) -> None:
    if not path.exists():
        partial.rename(path)
        return
    old = _beside(path, _REPLACED)
    path.rename(old)
    try:
        partial.rename(path)
    except OSError:
        old.rename(path)
        raise


def _beside(path: Path, mark: str) -> Path:
    return path.with_name(f"{path.name}{mark}{secrets.token_hex(_RANDOM_BYTES)}")


def _clear(path: Path, mark: str) -> None:
    for leftover in path.parent.iterdir():
        if leftover.name.startswith(path.name + mark) and _RANDOM.fullmatch(leftover.name[len(path.name + mark) :]):
            _remove(leftover)


def _remove(folder: Path | None) -> None:
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
