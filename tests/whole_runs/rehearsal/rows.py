"""The collected files read the plain way: those of days long over are compressed."""

import csv
import gzip
from collections.abc import Mapping
from pathlib import Path

Row = Mapping[str, str]


def rows_of(path: Path) -> list[Row]:
    """Read a file by its plain name; a missing one has no rows."""
    lines = content(path).decode().splitlines()
    header, *rows = list(csv.reader(lines, strict=True)) or [[]]
    assert all(len(row) == len(header) for row in rows), f"{path} has rows of another length than its header"
    return [dict(zip(header, row, strict=True)) for row in rows]


def all_rows(folder: Path) -> list[Row]:
    """Read all files of a folder, by their names."""
    return [row for path in csv_files(folder) for row in rows_of(path)]


def csv_files(folder: Path, below: str = "") -> list[Path]:
    """List the CSV files of a folder by their names when plain."""
    return sorted({path.with_name(path.name.removesuffix(".gz")) for path in folder.glob(f"{below}*.csv*")})


def content(path: Path) -> bytes:
    """Give what a file holds, compressed or not."""
    packed = path.with_name(f"{path.name}.gz")
    if path.exists():
        assert not packed.exists(), f"{path} is there twice"
        return path.read_bytes()
    return gzip.decompress(packed.read_bytes()) if packed.exists() else b""
