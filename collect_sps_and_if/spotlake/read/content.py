"""Brings a source's content into memory, whatever it lies in: file, zip or S3; packed or not."""

from __future__ import annotations

import functools
import io
import os
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

from collect_sps_and_if.spotlake.find import s3
from collect_sps_and_if.spotlake.find.damage import Damaged
from collect_sps_and_if.spotlake.find.sources import Source
from collect_sps_and_if.spotlake.read.gunzip import MOST_BYTES, gunzip


def fetch(source: Source) -> bytes:
    """Read a source's bytes as they are stored; of a zip, the unpacked member. Raises Damaged."""
    try:
        if source.member is not None:
            return _member(source.place, source.member)
        if s3.is_address(source.place):
            return s3.read(source.place)
        return Path(source.place).read_bytes()
    except OSError as error:
        raise Damaged((error.strerror or str(error)).lower()) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        raise Damaged(f"cannot be read from the zip ({error})") from error


def csv_text(source: Source, data: bytes) -> bytes | bytearray:
    """Unpack what was fetched of a CSV. Raises Damaged."""
    text = gunzip(data) if source.kind == ".csv.gz" else data
    if not text:
        raise Damaged("empty")
    return text


def parquet_file(source: Source) -> IO[bytes] | str:
    """Open a Parquet file to seek in; one on disk is named only, as its reader opens that better itself."""
    if source.member is not None:
        return io.BytesIO(fetch(source))
    return s3.Ranged(source.place) if s3.is_address(source.place) else source.place


def _member(place: str, member: str) -> bytes:
    with _zip(place, _version(place)).open(member) as file:
        content = bytes(file.read(MOST_BYTES + 1))
    if len(content) > MOST_BYTES:
        raise Damaged(f"unpacks to more than {MOST_BYTES >> 20} MB")
    return content


@functools.lru_cache(maxsize=1)  # neighbouring snapshots lie in the same zip, whose table of contents is long
def _zip(place: str, _: object) -> Any:
    return zipfile.ZipFile(s3.Ranged(place) if s3.is_address(place) else place)


def _version(place: str) -> object:
    # A process may live longer than the file it has read.
    if s3.is_address(place):
        return None
    stat = os.stat(place)
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
