"""Every reader of a file agrees, on every cell: its value, unknown, or a row that makes no sense; and on the count.

The tables are found, not listed, and so are their columns: a column that is added is tested from then on.
"""

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data_files import columnar
from data_files.cells import TIME
from data_files.csv_table import Column, CsvTable, DatedFiles, SingleFile
from tests.data_files.every_table import all_tables

SANE = {
    "time": "2026-03-01T00:10:00+00:00",
    "date": "2026-03-01",
    "region": "us-east-1",
    "regions": "eu-west-1 us-east-1",
    "endpoint_region": "us-east-1",
    "az": "use1-az1",
    "instance": "m5.large",
    "origin": "top",
    "outcome": "ok",
    "event": "closed",
    "until": "ready",
    "ended": "timeout",
    "cause": "market",
    "scope": "zone",
}
ODD = (
    "3.0",
    " 3",
    "3 ",
    "99",
    "0",
    "-1",
    "nan",
    "inf",
    "1e1",
    "0x3",
    "1_0",
    "³",
    "some text",
    "",
    " ",
    "4;5",
    "'3'",
    "TRUE",
)

Cell = tuple[CsvTable[Any], Column]


def sane(column: Column) -> str:
    if column.name in SANE:
        return SANE[column.name]
    return SANE["time"] if column.kind.words == TIME.words else "1"


def content(table: CsvTable[Any], rows: Sequence[Sequence[str]], header: Sequence[str] | None = None) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header or table.header, *rows])
    return text.getvalue()


def row(table: CsvTable[Any], **odd: str) -> list[str]:
    return [odd.get(column.name, sane(column)) for column in table.columns]


def plain(column: Column, value: Any) -> Any:
    """Give a value as its column writes it; a time as seconds since 1970."""
    if isinstance(value, datetime):
        return value.timestamp()
    return None if value is None else column.kind.write(value)


def by_rows(table: CsvTable[Any], path: Path) -> tuple[list[list[Any]], int]:
    """Read a file row by row: what each row says, and how many made no sense."""
    senseless: list[int] = []
    rows = [
        [plain(column, value) for column, value in zip(table.columns, found, strict=True)]
        for found in table.read(path, senseless.append)
    ]
    return rows, sum(senseless)


def by_columns(table: CsvTable[Any], path: Path) -> tuple[list[list[Any]], int]:
    """Read a file column by column, and put its rows together again."""
    senseless: list[int] = []
    found = columnar.read_columns(table, path, table.columns, senseless.append)
    columns = [_values(found, column) for column in table.columns]
    return [list(values) for values in zip(*columns, strict=True)], sum(senseless)


def _values(found: columnar.ColumnarRows, column: Column) -> list[Any]:
    if column.kind is TIME or column.kind.words == TIME.words:
        return [None if np.isnan(seconds) else seconds for seconds in found.times(column).utc.tolist()]
    coded = found.coded(column)
    return [plain(column, coded.values[code]) for code in coded.codes.tolist()]


def read_alike(table: CsvTable[Any], path: Path) -> tuple[list[list[Any]], int]:
    """Read a file with every reader there is, and give what all of them say."""
    rows, senseless = by_rows(table, path)
    told, count = by_columns(table, path)
    assert (told, count) == (rows, senseless)
    return rows, senseless


@pytest.fixture(params=all_tables(), ids=lambda table: getattr(table, "folder", "") or table.place)
def table(request: pytest.FixtureRequest) -> DatedFiles[Any] | SingleFile[Any]:
    table: DatedFiles[Any] | SingleFile[Any] = request.param
    return table


def cases(table: CsvTable[Any]) -> Iterator[tuple[Column, str]]:
    return ((column, odd) for column in table.columns for odd in ODD)


def test_all_readers_agree_on_every_odd_cell_of_every_column(table: CsvTable[Any], tmp_path: Path) -> None:
    for number, (column, odd) in enumerate(cases(table)):
        path = tmp_path / f"{number}.csv"
        path.write_text(content(table, [row(table), row(table, **{column.name: odd}), row(table)]))
        rows, senseless = read_alike(table, path)
        assert len(rows) + senseless == 3, (column.name, odd)


def test_a_whole_number_re_saved_as_a_decimal_or_with_blanks_is_that_number(
    table: CsvTable[Any], tmp_path: Path
) -> None:
    for column in table.columns:
        if column.kind.words.startswith("whole number"):
            path = tmp_path / f"{column.name}.csv"
            path.write_text(content(table, [row(table, **{column.name: text}) for text in ("1", "1.0", " 1", "1 ")]))
            rows, senseless = read_alike(table, path)
            assert [found[table.columns.index(column)] for found in rows] == [1, 1, 1, 1], column.name
            assert senseless == 0


def test_a_column_that_a_file_does_not_have_is_unknown_in_all_its_rows(table: CsvTable[Any], tmp_path: Path) -> None:
    for place, column in enumerate(table.columns):
        cells = row(table)
        without = [*cells[:place], *cells[place + 1 :]]
        header = [name for name in table.header if name != column.name]
        path = tmp_path / f"{column.name}.csv"
        path.write_text(content(table, [without, without], header))
        rows, senseless = read_alike(table, path)
        if column.is_needed:
            assert (rows, senseless) == ([], 2), column.name
        else:
            assert [found[place] for found in rows] == [None, None], column.name


def test_columns_that_are_not_known_do_no_harm_wherever_they_stand(table: CsvTable[Any], tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(content(table, [["0", *row(table), "new"]], ["", *table.header, "added_later"]))
    rows, senseless = read_alike(table, path)
    assert (len(rows), senseless) == (1, 0)


def test_a_compressed_file_a_byte_order_mark_and_a_spreadsheets_line_ends_change_nothing(
    table: CsvTable[Any], tmp_path: Path
) -> None:
    text = content(table, [row(table), row(table)])
    (tmp_path / "plain.csv").write_text(text)
    (tmp_path / "dos.csv").write_bytes(("\ufeff" + text.replace("\n", "\r\n")).encode())
    (tmp_path / "packed.csv.gz").write_bytes(gzip.compress(text.encode()))
    plain = read_alike(table, tmp_path / "plain.csv")
    assert read_alike(table, tmp_path / "dos.csv") == plain
    assert read_alike(table, tmp_path / "packed.csv") == plain


def test_what_is_written_is_read_back(table: CsvTable[Any], tmp_path: Path) -> None:
    (tmp_path / "first.csv").write_text(content(table, [row(table)]))
    (found,) = table.read(tmp_path / "first.csv")
    if table.is_appended:
        table.append(tmp_path / "again.csv", [found])
    else:
        table.replace(tmp_path / "again.csv", [found])
    assert list(table.read(tmp_path / "again.csv")) == [found]
