"""Write small files the way tests think of them, and read them as the report does."""

from collections.abc import Sequence
from pathlib import Path

from common.files import csv_file
from report.reading import Sheet, Troubles, read_sheet


def sheet_of(folder: Path, header: Sequence[str], rows: Sequence[Sequence[csv_file.Cell]]) -> Sheet:
    """Write the rows as a CSV file and read it back by column."""
    path = folder / "2026-03-01.csv"
    path.unlink(missing_ok=True)
    csv_file.append(path, header, rows)
    sheet = read_sheet(path, header, Troubles())
    assert sheet
    return sheet
