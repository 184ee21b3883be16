"""Finds the snapshots of an archive: in files, folders, monthly zips and on S3, mixed as they come."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from collect_sps_and_if.spotlake.find import s3
from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.find.times import Span, span_in_path

TABLES = (".csv", ".csv.gz", ".parquet")
ZIP = ".zip"


@dataclass(frozen=True, slots=True)
class Source:
    """One file of snapshots: on disk or S3, or a member of a zip there."""

    place: str
    """Path or s3:// address of the file."""
    member: str | None
    """The member's name, where the file is a zip."""
    span: Span | None
    """When its snapshots were taken, as far as its path tells."""
    rank: int = 0
    """Its place among all that were given: of two sources with the same time, the later one's rows win."""

    @property
    def name(self) -> str:
        """Name it for people."""
        return printable(f"{self.place}!{self.member}" if self.member else self.place)

    @property
    def kind(self) -> str:
        """Give the ending that says how to read it, one of TABLES."""
        name = (self.member or self.place).lower()
        return next(ending for ending in TABLES if name.endswith(ending))


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was passed over, and why."""

    name: str
    why: str


def printable(name: str) -> str:
    """Write out the bytes of a file's name that are no text."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


@dataclass
class Found:
    """What the datasets hold."""

    sources: list[Source] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def find(datasets: Iterable[str]) -> Found:
    """List the snapshots of all datasets in the order given; a file given twice counts once.

    Raises Refusal for an s3:// address that cannot be listed; whatever else cannot be used is among the skipped.
    """
    found = Found()
    seen: set[tuple[str, str | None]] = set()
    for dataset in datasets:
        for item in _in_dataset(dataset):
            if isinstance(item, Skipped):
                found.skipped.append(Skipped(printable(item.name), item.why))
            elif (key := (_identity(item.place), item.member)) not in seen:
                seen.add(key)
                found.sources.append(Source(item.place, item.member, item.span, len(found.sources)))
    return found


def _identity(place: str) -> str:
    return place if s3.is_address(place) else os.path.realpath(place)


def _in_dataset(dataset: str) -> Iterator[Source | Skipped]:
    files = s3.objects(dataset) if s3.is_address(dataset) else _files(Path(dataset).absolute(), set())
    for file in files:
        if isinstance(file, Skipped):
            yield file
        elif file.lower().endswith(ZIP):
            yield from _in_zip(file)
        elif file.lower().endswith(TABLES):
            yield Source(file, None, span_in_path(file))
        else:
            yield Skipped(file, "no snapshot (.csv, .csv.gz, .parquet or .zip)")


def _files(path: Path, listed: set[str]) -> Iterator[str | Skipped]:
    try:
        if not path.is_dir():
            regular = stat.S_ISREG(path.stat().st_mode)
            yield str(path) if regular else Skipped(str(path), "not a regular file")
            return
        if os.path.realpath(path) in listed:  # links may lead in a circle
            return
        listed.add(os.path.realpath(path))
        entries = sorted(path.iterdir())
    except OSError as error:
        yield Skipped(str(path), _reason(error))
        return
    for entry in entries:
        if entry.name.lower().endswith((*TABLES, ZIP)) and entry.is_dir():
            yield Skipped(str(entry), "a folder named like a file")
        else:
            yield from _files(entry, listed)


def _in_zip(place: str) -> Iterator[Source | Skipped]:
    try:
        with zipfile.ZipFile(s3.Ranged(place) if s3.is_address(place) else place) as archive:
            members = [member for member in archive.infolist() if not member.filename.endswith("/")]
    except (zipfile.BadZipFile, OSError, Damaged, EOFError, ValueError, NotImplementedError) as error:
        yield Skipped(place, _reason(error))
        return
    for member in sorted(members, key=lambda info: info.filename):
        name = f"{place}!{member.filename}"
        if _is_unsafe(member.filename):
            yield Skipped(name, "its path leads out of the zip")
        elif member.flag_bits & 1:
            yield Skipped(name, "encrypted")
        elif not member.filename.lower().endswith(TABLES):
            yield Skipped(name, "no snapshot (.csv, .csv.gz or .parquet)")
        else:
            yield Source(place, member.filename, _span_in_zip(place, member.filename))


def _span_in_zip(place: str, member: str) -> Span | None:
    return span_in_path(f"{place[: -len(ZIP)]}/{member}")


def _is_unsafe(member: str) -> bool:
    path = PurePosixPath(member.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1])


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return str(error) or type(error).__name__
