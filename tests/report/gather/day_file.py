"""Write a day's file the way tests think of it, and read it as the report does."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from common.files import csv_file
from data_files import columnar
from data_files.columnar import ColumnarRows
from data_files.csv_table import DatedFiles

DAY = date(2026, 3, 1)


def read_rows(home: Path, files: DatedFiles[Any], rows: Sequence[Sequence[csv_file.Cell]]) -> ColumnarRows:
    """Write rows of cells as a day's file, and read all its columns."""
    path = files.path(home, DAY)
    path.unlink(missing_ok=True)
    # Columns that a row does not reach were added later, and are unknown.
    whole = [[*row, *[None] * (len(files.header) - len(row))] for row in rows]
    csv_file.append(path, files.header, whole)
    return columnar.read_columns(files, path, files.columns)
