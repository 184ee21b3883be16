"""Append rows so that a crash never leaves half a one; read them back."""

import contextlib
import csv
import fcntl
import io
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from common.durable_file import sync_folder
from common.errors import Unwritable

log = logging.getLogger(__name__)

Cell = str | int | float | None
_TAIL_BYTES = 1 << 16


def append(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Add whole rows at the end, all of them or none, and sync them to the disk; None is an empty cell.

    A torn last line, left by a crash or a full disk, is cut off first and logged: it was never acknowledged. A file
    whose first line is another header (somebody's edit) is set aside under another name, and logged: rows added to it
    could not be read. Raises Unwritable if the rows could not be written; the file is then as it was.
    """
    body = _lines(rows)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _set_aside_foreign(path, header)
        is_new = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise Unwritable(f"cannot write {path}: {error.strerror or error}; nothing was added") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = _cut_torn_line(descriptor, path)
        _write_whole(descriptor, size, body if size else _lines([header]) + body)
        if is_new:
            sync_folder(path.parent)
    except OSError as error:
        raise Unwritable(f"cannot write {path}: {error.strerror or error}; nothing was added") from error
    finally:
        os.close(descriptor)


def render(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Give a whole CSV file as text, for files that are replaced rather than added to."""
    return (_lines([header]) + _lines(rows)).decode()


def read(path: Path, passed_over: Callable[[int], None] | None = None) -> Iterator[dict[str, str]]:
    """Give the file's rows by column name, one after the other; a missing file has none.

    A torn last line is passed over. A row of another length than the header, or bytes that are no text, are passed
    over, counted and logged: they cost themselves only. passed_over is told how many, if there were any.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        yield from _rows(path, _whole_lines(file), passed_over)


def _rows(path: Path, lines: Iterator[str], passed_over: Callable[[int], None] | None) -> Iterator[dict[str, str]]:
    header = [name.strip() for name in _cells(next(lines, "").removeprefix("\ufeff")) or []]
    broken = 0
    for line in lines:
        cells = _cells(line)
        if cells is not None and len(cells) == len(header):
            yield dict(zip(header, cells, strict=True))
        elif cells != []:
            broken += 1
    if broken:
        log.warning("%s: %d rows that make no sense were passed over", path, broken)
        if passed_over:
            passed_over(broken)


def _cells(line: str) -> list[str] | None:
    # Line by line, as no cell of ours holds a line break: a stray quote must not swallow the rest of the file.
    line = line.rstrip("\r\n")
    if "\ufffd" in line:
        return None
    if '"' not in line:
        return line.split(",") if line else []
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error:
        return None


def _whole_lines(file: io.BufferedReader) -> Iterator[str]:
    for line in file:
        if line.endswith(b"\n"):
            yield line.decode(errors="replace").replace("\0", "\ufffd")


def _lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _set_aside_foreign(path: Path, header: Sequence[str]) -> None:
    if not path.is_file():
        return
    with path.open("rb") as file:
        first = file.readline(_TAIL_BYTES)
    if not first.endswith(b"\n") and len(first) < _TAIL_BYTES:
        return  # nothing yet, or a torn header, which is cut off
    if _cells(first.decode("utf-8-sig", errors="replace")) == list(header):
        return
    number = 1
    while (aside := path.with_name(f"{path.stem}.set-aside-{number}{path.suffix}")).exists():
        number += 1
    path.rename(aside)
    log.warning("%s began with another header; it is kept as %s, and the file begun anew", path, aside.name)


def _write_whole(descriptor: int, size: int, data: bytes) -> None:
    # One write is what a reader or a crash may see in part; short ones (a full disk) are cut back to where we were.
    try:
        written = os.write(descriptor, data)
        while written < len(data):
            written += os.write(descriptor, data[written:])
        os.fsync(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, size)
            os.fsync(descriptor)
        raise


def _cut_torn_line(descriptor: int, path: Path) -> int:
    size = os.fstat(descriptor).st_size
    end = size
    while end:
        start = max(0, end - _TAIL_BYTES)
        tail = os.pread(descriptor, end - start, start)
        newline = tail.rfind(b"\n")
        end = start + newline + 1
        if newline >= 0:
            break
    if end < size:
        log.warning("%s: a torn last line of %d bytes was cut off", path, size - end)
        os.ftruncate(descriptor, end)
    return end
