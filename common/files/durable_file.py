"""Replace a file whole, or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from common.errors import Unwritable


def replace(path: Path, content: bytes | str) -> None:
    """Put content in place of the file: written beside it, synced, renamed, and the folder synced.

    Raises Unwritable; the old file is then untouched and nothing is left beside it.
    """
    with replacing(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give an empty file that takes the path's place when the block ends well; for what is too large to hold.

    Raises Unwritable; the old file is then untouched and nothing is left beside it, whatever ended the block.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(path)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, _mode_for(path))
            yield file
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise Unwritable(f"cannot write {path}: {error.strerror or error}; it is as it was before") from error
    except BaseException:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise


def set_aside(path: Path) -> Path:
    """Keep a file under another name of its folder, and give that. Raises OSError."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.set-aside-{number}{path.suffix}")).exists():
        number += 1
    path.rename(aside)
    return aside


def sync_folder(folder: Path) -> None:
    """Make a rename or a new name in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mode_for(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _clear_leftovers(path: Path) -> None:
    # A run that was killed between writing and renaming leaves its part. Writers of one file hold one run lock,
    # so whatever stands here belongs to nobody.
    for leftover in path.parent.glob(f".{path.name}.????????.part"):
        with contextlib.suppress(OSError):
            leftover.unlink()
