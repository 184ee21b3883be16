"""What becomes of a row in which one cell is odd: its value, None where that is unknown, or SENSELESS."""

import gzip
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from data_files.csv_table import DatedFiles

DAY = date(2026, 3, 1)
ODD = ("3.0", " 3", "99", "0", "-1", "nan", "much", "")
SENSELESS = "the row makes no sense"


def write(
    table: DatedFiles[Any],
    home: Path,
    rows: Sequence[Mapping[str, str]],
    header: Sequence[str] = (),
    *,
    gz: bool = False,
) -> Path:
    """Write a day's file of rows by column, under its own header or another; what a row lacks is an empty cell."""
    names = header or table.header
    text = "".join(
        f"{line}\n" for line in (",".join(names), *(",".join(row.get(name, "") for name in names) for row in rows))
    )
    path = table.path(home, DAY)
    path.parent.mkdir(parents=True, exist_ok=True)
    if gz:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


def read_with(table: DatedFiles[Any], home: Path, good: Mapping[str, str], name: str, text: str) -> Any:
    """Read a good row with another text in one column, between two that are as they should be."""
    write(table, home, [good, {**good, name: text}, good])
    senseless: list[int] = []
    rows = list(table.rows(home, DAY, senseless.append))
    assert len(rows) + sum(senseless) == 3, "a row is read, or counted"
    assert rows[0] == rows[-1], "the others are read as ever"
    return SENSELESS if senseless else rows[1][table.header.index(name)]


def what_becomes_of(table: DatedFiles[Any], home: Path, good: Mapping[str, str], name: str) -> list[Any]:
    """Read a row with each of the odd texts in a column."""
    return [read_with(table, home, good, name, text) for text in ODD]
