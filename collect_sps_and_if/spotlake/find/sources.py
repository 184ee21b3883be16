"""Finds the snapshots of an archive: in files, folders, zips and on S3, in any mixture."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from collect_sps_and_if.spotlake.find import s3
from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.find.ignored_files import is_ignored
from collect_sps_and_if.spotlake.find.times import Span, span_in_path

_SUFFIXES = (".csv", ".csv.gz", ".parquet")
_ZIP = ".zip"


@dataclass(frozen=True, slots=True)
class Source:
    """One file with rows of snapshots: on disk or S3, or a member of a zip there."""

    location: str
    """Path or s3:// address of the file."""
    member: str | None
    """The member's name, if the file is a zip."""
    span: Span | None
    """When its rows were taken, by its path (None if that does not say), or once it was read, by its rows."""
    rank: int = 0
    """Its position among all sources found: where two have rows of one time and pool, the later source's count."""

    @property
    def name(self) -> str:
        """Name it for people."""
        return printable(f"{self.location}!{self.member}" if self.member else self.location)

    @property
    def suffix(self) -> str:
        """Give the suffix that says how to read it, one of _SUFFIXES."""
        name = (self.member or self.location).lower()
        return next(suffix for suffix in _SUFFIXES if name.endswith(suffix))


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not counted, and why."""

    name: str
    why: str


def printable(name: str) -> str:
    """Escape the bytes of a file's name that are not text."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


@dataclass
class Found:
    """What the datasets contain."""

    sources: list[Source] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def find(datasets: Iterable[str]) -> Found:
    """List the sources in all datasets, in the order given; a file given twice counts once.

    What operating systems and editors leave about is passed over; whatever else cannot be used is among the skipped.
    Raises Refusal for an s3:// address that cannot be listed.
    """
    found = Found()
    seen: set[tuple[str, str | None]] = set()
    for dataset in datasets:
        for item in _in_dataset(dataset):
            if isinstance(item, Skipped):
                found.skipped.append(Skipped(printable(item.name), item.why))
            elif (key := (_identity(item.location), item.member)) not in seen:
                seen.add(key)
                found.sources.append(Source(item.location, item.member, item.span, len(found.sources)))
    return found


def _identity(location: str) -> str:
    return location if s3.is_address(location) else os.path.realpath(location)


def _in_dataset(dataset: str) -> Iterator[Source | Skipped]:
    files = _objects(dataset) if s3.is_address(dataset) else _files(Path(dataset).absolute(), set())
    for file in files:
        if isinstance(file, Skipped):
            yield file
        elif file.lower().endswith(_ZIP):
            yield from _in_zip(file)
        elif file.lower().endswith(_SUFFIXES):
            yield Source(file, None, span_in_path(file))
        else:
            yield Skipped(file, "not a snapshot (.csv, .csv.gz, .parquet or .zip)")


def _objects(address: str) -> Iterator[str]:
    yield from (name for name in s3.objects(address) if not is_ignored(name.removeprefix(address)))


def _files(path: Path, listed: set[str]) -> Iterator[str | Skipped]:
    try:
        if not path.is_dir():
            regular = stat.S_ISREG(path.stat().st_mode)
            yield str(path) if regular else Skipped(str(path), "not a regular file")
            return
        if os.path.realpath(path) in listed:  # symbolic links may form a loop
            return
        listed.add(os.path.realpath(path))
        entries = sorted(entry for entry in path.iterdir() if not is_ignored(entry.name))
    except OSError as error:
        yield Skipped(str(path), _reason(error))
        return
    for entry in entries:
        if entry.name.lower().endswith((*_SUFFIXES, _ZIP)) and entry.is_dir():
            yield Skipped(str(entry), "a folder with the name of a file")
        else:
            yield from _files(entry, listed)


def _in_zip(location: str) -> Iterator[Source | Skipped]:
    try:
        with zipfile.ZipFile(s3.SeekableObject(location) if s3.is_address(location) else location) as archive:
            members = [member for member in archive.infolist() if not _is_no_file(member.filename)]
    except (zipfile.BadZipFile, OSError, Damaged, EOFError, ValueError, NotImplementedError) as error:
        yield Skipped(location, _reason(error))
        return
    for member in sorted(members, key=lambda info: info.filename):
        name = f"{location}!{member.filename}"
        if _is_unsafe(member.filename):
            yield Skipped(name, "its path leads outside the zip")
        elif member.flag_bits & 1:
            yield Skipped(name, "encrypted")
        elif not member.filename.lower().endswith(_SUFFIXES):
            yield Skipped(name, "not a snapshot (.csv, .csv.gz or .parquet)")
        else:
            yield Source(location, member.filename, _span_in_zip(location, member.filename))


def _is_no_file(member: str) -> bool:
    return member.endswith("/") or is_ignored(member)


def _span_in_zip(location: str, member: str) -> Span | None:
    return span_in_path(f"{location[: -len(_ZIP)]}/{member}")  # aws-2025-01.zip holds what the folder of that name does


def _is_unsafe(member: str) -> bool:
    path = PurePosixPath(member.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1])


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return str(error) or type(error).__name__
