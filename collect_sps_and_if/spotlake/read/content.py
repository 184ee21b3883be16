"""Fetches the content of a source from a file, a zip or S3, and unpacks it."""

from __future__ import annotations

import functools
import io
import os
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

from collect_sps_and_if.spotlake.find import s3
from collect_sps_and_if.spotlake.find.damage import MAX_BYTES, Damaged, too_large
from collect_sps_and_if.spotlake.find.sources import Source
from collect_sps_and_if.spotlake.read.gunzip import gunzip


def fetch(source: Source) -> bytes:
    """Read a source's bytes, still packed if it is a .gz; of a zip, the unpacked member. Raises Damaged."""
    try:
        if source.member is not None:
            return _member(source.location, source.member)
        if s3.is_address(source.location):
            return s3.read_object(source.location)
        with Path(source.location).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise too_large("has")
            return file.read(size)
    except OSError as error:
        raise Damaged((error.strerror or str(error)).lower()) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        raise Damaged(f"cannot be read from the zip ({error})") from error


def csv_text(source: Source, data: bytes) -> bytes | bytearray:
    """Unpack the fetched bytes of a CSV, if they are packed. Raises Damaged."""
    text = gunzip(data) if source.suffix == ".csv.gz" else data
    if not text:
        raise Damaged("empty")
    return text


def parquet_file(source: Source) -> IO[bytes] | str:
    """Open a Parquet file; for one on disk give its path, which Arrow reads with less memory. Raises Damaged."""
    if source.member is not None:
        return io.BytesIO(fetch(source))
    return s3.SeekableObject(source.location) if s3.is_address(source.location) else source.location


def _member(location: str, member: str) -> bytes:
    with _zip(location, _version(location)).open(member) as file:
        content = bytes(file.read(MAX_BYTES + 1))
    if len(content) > MAX_BYTES:
        raise too_large("unpacks to")
    return content


@functools.lru_cache(maxsize=1)  # snapshots of a month are in one zip, whose table of contents takes long to read
def _zip(location: str, _version: object) -> Any:
    return zipfile.ZipFile(s3.SeekableObject(location) if s3.is_address(location) else location)


def _version(location: str) -> object:
    """Give what changes with a zip on disk: a worker of a cluster may have read an earlier file of that name."""
    if s3.is_address(location):
        return None
    stat = os.stat(location)
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
