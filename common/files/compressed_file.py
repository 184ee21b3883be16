"""Finished CSV files kept as FILE.csv.gz, a tenth of the size; and made plain again where a late row is for them.

At each moment the rows are in FILE.csv, in FILE.csv.gz, or in both; FILE.csv, unless it is empty, is then what counts.
"""

import contextlib
import fcntl
import gzip
import logging
import os
import shutil
import zlib
from pathlib import Path
from typing import IO, BinaryIO

from common.errors import Unwritable
from common.files import durable_file
from common.files.durable_file import set_aside

log = logging.getLogger(__name__)


def compressed(path: Path) -> Path:
    """Give where a file lies when it is compressed."""
    return path.with_name(f"{path.name}.gz")


def compress(path: Path) -> None:
    """Put the file's compressed form in its place, byte for byte. Raises Unwritable; the file is then as it was."""
    try:
        with path.open("rb") as plain:
            # Whoever appends takes the same lock, and then looks whether the file is still in its place.
            fcntl.flock(plain, fcntl.LOCK_EX)
            if not is_in_place(plain.fileno()) or is_empty(plain.fileno()):
                return
            with durable_file.replacing(compressed(path)) as packed:
                os.fchmod(packed.fileno(), os.fstat(plain.fileno()).st_mode & 0o777)
                with gzip.GzipFile("", "wb", 6, packed, mtime=0) as out:
                    shutil.copyfileobj(plain, out, 1 << 20)
            path.unlink()
            durable_file.sync_folder(path.parent)
    except FileNotFoundError:
        return  # somebody else was quicker
    except OSError as error:
        raise Unwritable(f"cannot compress {path}: {error.strerror or error}; it is as it was before") from error


def make_plain(path: Path) -> None:
    """Put the plain form in the place of the compressed one, if there is no other. Raises OSError or Unwritable.

    Of one that is damaged what can be read is made plain; it is itself kept under another name, and logged.
    """
    try:
        with compressed(path).open("rb") as packed:
            fcntl.flock(packed, fcntl.LOCK_EX)
            if is_in_place(packed.fileno()) and _is_out_of_the_way(path):  # else another program was quicker
                _make_plain(path, packed)
    except FileNotFoundError:
        return


def is_in_place(descriptor: int) -> bool:
    """Tell whether an open file still has a name: neither removed nor replaced since it was opened."""
    return os.fstat(descriptor).st_nlink > 0


def is_empty(descriptor: int) -> bool:
    """Tell whether an open file holds nothing: begun by a program that was killed, it hides no compressed one."""
    return os.fstat(descriptor).st_size == 0


def _is_out_of_the_way(path: Path) -> bool:
    """Remove a plain file that is empty; tell whether there is none now."""
    try:
        with path.open("rb") as plain:
            fcntl.flock(plain, fcntl.LOCK_EX)
            if is_in_place(plain.fileno()) and is_empty(plain.fileno()):
                path.unlink()
                return True
            return False
    except FileNotFoundError:
        return True


def _make_plain(path: Path, packed: BinaryIO) -> None:
    with contextlib.ExitStack() as locked:
        with durable_file.replacing(path) as plain:
            # The lock outlives the file object: nobody may compress it again before its compressed form is gone.
            locked.callback(os.close, descriptor := os.dup(plain.fileno()))
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            damage = _unpack(packed, plain)
        if damage:
            log.warning("%s is damaged and kept as %s: %s", path, set_aside(compressed(path)).name, damage)
        else:
            compressed(path).unlink()


def _unpack(packed: BinaryIO, plain: IO[bytes]) -> Exception | None:
    """Copy what can be read; give what is wrong with the rest, if anything."""
    try:
        with gzip.open(packed) as content:
            plain.writelines(content)  # by lines, so that those before the damage are there
    except (EOFError, zlib.error, gzip.BadGzipFile) as damage:
        return damage
    return None
