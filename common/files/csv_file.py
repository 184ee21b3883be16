"""Append rows so that a crash never leaves half a one; read them back, plain or compressed."""

import contextlib
import csv
import fcntl
import gzip
import io
import logging
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from common.errors import Unwritable
from common.files import durable_file
from common.files.compressed_file import compressed, is_empty, is_in_place, make_plain
from common.files.durable_file import set_aside, sync_folder

log = logging.getLogger(__name__)

Cell = str | int | float | None
Select = Callable[[bytes], Iterable[bytes]]
"""Gives of a text of whole lines those to read, with or without their ends."""
_TAIL_BYTES = 1 << 16
_ATTEMPTS = 100
_DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile)


def append(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, base: int | None = None, widens: bool = False
) -> None:
    """Add whole rows at the end, all of them or none, and sync them to the disk; None is an empty cell.

    base is the number of columns that every version of the file has had (default: all of them). A file begun with fewer
    columns than the header's, by an older version, keeps its own: the rows are cut to fit; or, if it widens, it is
    rewritten with the new header first. One begun with more, by a newer version, gets empty cells for those.

    A torn last line, left by a crash or a full disk, is cut off first and logged: it was never acknowledged. A file
    whose first line is any other header (somebody's edit) is set aside under another name, and logged: rows added to it
    could not be read. A file that was compressed is made plain again. Raises Unwritable if the rows could not be
    written; the file is then as it was.
    """
    to_add = list(rows)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unwritable(f"cannot write {path}: {error.strerror or error}; nothing was added") from error
    for _ in range(_ATTEMPTS):
        if _append(path, header, to_add, base=base, widens=widens):
            return
        log.info("%s was compressed or rewritten by another program meanwhile; once more", path)
    raise Unwritable(f"cannot write {path}: it does not stay in its place; nothing was added")


def _append(path: Path, header: Sequence[str], rows: list[Sequence[Cell]], *, base: int | None, widens: bool) -> bool:
    """Append once; tell whether the file stayed in its place until it could be locked."""
    try:
        make_plain(path)
        width = _width(path, header, len(header) if base is None else base)
        if width < len(header) and widens:
            _widen(path, header, len(header) - width)
            width = len(header)
        body = _lines(_fitted(rows, len(header), width))
        is_new = not path.exists()
        if is_new and compressed(path).exists():
            return False
        flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | (os.O_CREAT | os.O_EXCL if is_new else 0)
        descriptor = os.open(path, flags, 0o644)
    except (FileNotFoundError, FileExistsError):
        return False
    except OSError as error:
        raise Unwritable(f"cannot write {path}: {error.strerror or error}; nothing was added") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if not is_in_place(descriptor) or (is_empty(descriptor) and compressed(path).exists()):
            return False
        size = _cut_torn_line(descriptor, path)
        _write_whole(descriptor, size, body if size else _lines([header]) + body)
        if is_new:
            sync_folder(path.parent)
        return True
    except OSError as error:
        raise Unwritable(f"cannot write {path}: {error.strerror or error}; nothing was added") from error
    finally:
        os.close(descriptor)


def render(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Give a whole CSV file as text, for files that are replaced rather than added to."""
    return (_lines([header]) + _lines(rows)).decode()


def read(
    path: Path, *, is_appended: bool = True, select: Callable[[Sequence[str]], Select | None] | None = None
) -> Iterator[list[str] | None]:
    """Give the header's cells, then each row's; None for a row of another length than the header, or that is no text.

    select is told the header's cells, and gives what picks the lines to read from all behind it; None: all are read. Of
    a damaged file it picks none.

    A missing file has nothing; FILE.csv.gz stands for a missing FILE.csv. In a file that rows are appended to, a last
    line without its end is torn, and passed over; a file that is replaced whole has none such. Raises OSError for a
    file that cannot be read; one that is compressed and damaged ends with a None.
    """
    try:
        file = _open(path)
    except FileNotFoundError:
        return
    header: list[str] | None = None
    with file:
        try:
            header = _names(next(_whole_lines(islice(file, 1), is_appended=is_appended), ""))
            width = len(header)
            yield header
            pick = select(header) if select else None
            there, damage = _all_there_is(file) if pick else (b"", None)
            lines = pick(_without_torn_line(there, is_appended=is_appended)) if pick else file
            for line in _whole_lines(lines, is_appended=is_appended and not pick):
                cells = line_cells(line)
                if cells is not None and len(cells) == width:
                    yield cells
                elif cells != []:
                    yield None
            if damage:
                raise damage
        except _DAMAGE as error:
            log.warning("%s.gz is damaged, what follows is lost: %s", path, error)
            if header is None:
                yield []
            yield None


def content(path: Path, *, is_appended: bool = True) -> bytes | None:
    """Give the lines that `read` goes through, as they stand, the last one with an end; a missing file has none.

    None if only `read` can tell what is left of the file: it is compressed and damaged. Raises OSError.
    """
    try:
        with _open(path) as file:
            lines = file.read()
    except FileNotFoundError:
        return b""
    except _DAMAGE:
        return None
    lines = _without_torn_line(lines, is_appended=is_appended)
    return lines if is_appended or lines.endswith(b"\n") else lines + b"\n"


def names_of(line: bytes) -> list[str]:
    """Give the names in the first line of `content`, as `read` does."""
    return _names(_text(line))


def cells_of(line: bytes, width: int) -> list[str] | None:
    """Give the cells of a line of `content`, as `read` does: None for another number than the header's, or no text."""
    cells = line_cells(_text(line))
    return cells if cells is not None and len(cells) == width else None


def _open(path: Path) -> BinaryIO:
    try:
        plain = path.open("rb")
        if not is_empty(plain.fileno()) or not compressed(path).exists():
            return plain
        plain.close()
    except FileNotFoundError:
        pass
    try:
        # Buffered once more, its lines come in half the time.
        return io.BufferedReader(_Unpacked(gzip.open(compressed(path))), _TAIL_BYTES)
    except FileNotFoundError:
        return path.open("rb")  # made plain between the two


class _Unpacked(io.RawIOBase):
    """A .gz as far as it can be read: each read gives what is there, so damage costs nothing of what comes before."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file  # open already: of one that cannot be opened nothing is left to be closed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with memoryview(buffer) as view:
            data = self._file.read1(len(view))
            view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _all_there_is(file: BinaryIO) -> tuple[bytes, Exception | None]:
    """Read to the end, or to where it is damaged; give what is wrong there."""
    parts: list[bytes] = []
    try:
        while part := cast(io.BufferedReader, file).read1(1 << 20):
            parts.append(part)
    except _DAMAGE as error:
        return b"".join(parts), error
    return b"".join(parts), None


def _text(line: bytes) -> str:
    return line.decode(errors="replace").replace("\0", "\ufffd")


def _names(line: str) -> list[str]:
    return [name.strip() for name in line_cells(line.removeprefix("\ufeff")) or []]


def line_cells(line: str) -> list[str] | None:
    """Give the cells of one line, with or without its end; an empty one has none, None if it is no text or no CSV.

    Line by line, as no cell of ours holds a line break: a stray quote must not swallow the rest of the file.
    """
    line = line.rstrip("\r\n")
    if "\ufffd" in line:
        return None
    if '"' not in line:
        return line.split(",") if line else []
    try:
        return next(csv.reader([line], strict=True))
    except csv.Error:
        return None


def _without_torn_line(text: bytes, *, is_appended: bool) -> bytes:
    return text[: text.rfind(b"\n") + 1] if is_appended else text


def _whole_lines(lines: Iterable[bytes], *, is_appended: bool) -> Iterator[str]:
    for line in lines:
        if line.endswith(b"\n") or not is_appended:
            yield _text(line)


def _lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _fitted(rows: Iterable[Sequence[Cell]], columns: int, width: int) -> Iterable[Sequence[Cell]]:
    if width == columns:
        return rows
    return ([*row, *[None] * (width - columns)][:width] for row in rows)


def _width(path: Path, header: Sequence[str], base: int) -> int:
    """Count the columns of the file to append to; one that begins with another header is set aside."""
    if not path.is_file():
        return len(header)
    with path.open("rb") as file:
        first = file.readline(_TAIL_BYTES)
    if not first.endswith(b"\n") and len(first) < _TAIL_BYTES:
        return len(header)  # nothing yet, or a torn header, which is cut off
    found = line_cells(first.decode("utf-8-sig", errors="replace")) or []
    shared = min(len(found), len(header))
    if len(found) >= base and found[:shared] == list(header[:shared]):
        return len(found)
    aside = set_aside(path)
    log.warning("%s began with another header; it is kept as %s, and the file begun anew", path, aside.name)
    return len(header)


def _widen(path: Path, header: Sequence[str], more: int) -> None:
    with path.open("rb") as old, durable_file.replacing(path) as new:
        old.readline()
        new.write(_lines([header]))
        for line in old:
            if line.endswith(b"\n"):
                new.write(line.rstrip(b"\r\n") + b"," * more + b"\n")


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
