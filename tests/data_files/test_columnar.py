"""Reading by column gives the rows of the table's own reader, and passes over as many, whatever is in the file."""

import gzip
import math
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.files.compressed_file import compress
from data_files import alike_lines, columnar
from data_files.cell_arrays import Cells, distinct, distinct_recurring, padded
from data_files.cells import TIME
from data_files.columnar import ColumnarRows
from data_files.csv_table import Column, CsvTable
from data_files.launches import instances, looks, spending
from data_files.market import advisor, polled, scores
from tests.program import ROOT

TABLES: tuple[CsvTable[Any], ...] = (
    polled.FILES,
    advisor.FILES,
    scores.FILES,
    looks.FILES,
    instances.FILES,
    spending.FILES,
)
ODD_ZONES = ("Z", "", "+23:59", "-24:00", "+09:60", "+0900", "+09:00:30", "*09:00", "-00:00")
ODD_TIMES = (
    *("2026-02-30T00:00:00", "0000-01-01T00:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59.999"),
    *("2026-03-01 00:00:00", "2026-03-01T24:00:00", "20260301T000000", "2026-03-01T00:00:00.12", "2026-03-01"),
    *("2026-03-01T00:00:00.123456", "2026-W09-7T00:00:00", "2026-03-01T00:00:00,123", "2026-03-01T00:00:00"),
)
ODD_CELLS = (
    *("", " ", "3.0", " 3", "3 ", "99", "0", "-1", "nan", "inf", "1e3", "1e999", "-0", "é", "\ufeff", "\ufffd", "null"),
    *('"3"', '"us-east-1"', '"a,b"', '"a""b"', '"', "ok", "OK", "a b", "\0", "\r", "\x1f3", "x" * 64, "y" * 300),
    *("u-24tb1.112xlarge", "abcdefgh", "abcdefghi", "abcdefgh1", "ready"),
)


def time_of(random: Random) -> str:
    seconds = random.choice([0, 0.5, 86399.999]) + random.randrange(-(10**6), 10**9)
    moment = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return moment.isoformat(timespec=random.choice(["seconds", "milliseconds"]))[:-6] + random.choice(
        ["+09:00", "-03:30", "+00:00"]
    )


def sensible_cell(column: Column, random: Random) -> str:
    if column.kind.parse is TIME.parse:
        return time_of(random)
    if column == polled.OUTCOME:
        return random.choice(polled.OUTCOMES)
    if "text" in column.kind.words or "name" in column.kind.words:
        return random.choice(["us-east-1", "us-west-2", "m5.large", "m5.xlarge", "u-24tb1.112xlarge"])
    return random.choice(["1", "2", "3", "4"])


def odd_cell(random: Random) -> str:
    if random.random() < 0.3:
        return random.choice(ODD_TIMES) + random.choice(("+09:00", *ODD_ZONES))
    return random.choice(ODD_CELLS)


def file_of(table: CsvTable[Any], random: Random, oddness: float) -> bytes:
    """Make up a file of a table: as it should be, or with some or many of its cells, lines and ends odd."""
    columns = list(table.columns)
    if random.random() < 0.3:  # begun by an older version, or put in another order
        columns = random.sample(columns, random.randint(0, len(columns)))
    header = [column.name for column in columns]
    if oddness and random.random() < 0.3:
        header = [random.choice([name, f" {name}"]) for name in header]
    if random.random() < 0.3:
        header.append(random.choice(["later", *header, *[""] * bool(oddness)]))
    recurring = [[sensible_cell(column, random) for _ in range(random.randint(1, 4))] for column in columns]

    def cell(place: int) -> str:
        if random.random() < oddness:
            return odd_cell(random)
        return random.choice(recurring[place]) if place < len(columns) else "7"

    rows = [",".join(cell(place) for place in range(len(header))) for _ in range(random.randint(0, 20))]
    if oddness and random.random() < 0.3:
        line = random.choice(["", "\r", '""', ",".join(odd_cell(random) for _ in range(random.randint(0, 8)))])
        rows.insert(random.randint(0, len(rows)), line)
    end = random.choice(["\n", "\n", "\r\n"]) if oddness else "\n"
    start = random.choice(["", "", "\ufeff"]) if oddness else ""
    last = random.choice([end, "", '\n"a,b'])
    content = (start + end.join([",".join(header), *rows]) + last).encode()
    return content.replace(b"\xc3", b"") if random.random() < 0.5 else content


def damaged(compressed: bytes, random: Random) -> bytes:
    place = random.randrange(len(compressed))
    cut = compressed[:place]
    return random.choice([cut, cut + b"x" + compressed[place + 1 :], compressed + b"x", compressed + compressed])


def by_row(table: CsvTable[Any], path: Path, asked: Sequence[Column]) -> tuple[list[list[Any]], list[int]]:
    senseless: list[int] = []
    rows = list(table.read(path, senseless.append))
    return [[in_seconds(row[table.columns.index(column)]) for column in asked] for row in rows], senseless


def in_seconds(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    offset = value.utcoffset()
    assert offset is not None
    return value.timestamp(), value.timestamp() + offset.total_seconds()


def by_column(table: CsvTable[Any], path: Path, asked: Sequence[Column]) -> tuple[list[list[Any]], list[int]]:
    senseless: list[int] = []
    found = columnar.read_columns(table, path, asked, senseless.append)
    for column in asked:
        if column.kind.parse is not TIME.parse:
            coded = found.coded(column)
            values = [coded.values[code] for code in coded.codes.tolist()]
            assert list(dict.fromkeys(values)) == list(coded.values), "every distinct value once, as it first appears"
    return rows_of(found, asked), senseless


def rows_of(found: ColumnarRows, asked: Sequence[Column]) -> list[list[Any]]:
    columns = [values_of(found, column) for column in asked]
    return [[column[row] for column in columns] for row in range(len(found))]


def values_of(rows: ColumnarRows, column: Column) -> list[Any]:
    if column.kind.parse is TIME.parse:
        times = rows.times(column)
        pairs = zip(times.utc.tolist(), times.wall.tolist(), strict=True)
        return [None if math.isnan(utc) else (utc, wall) for utc, wall in pairs]
    coded = rows.coded(column)
    values = [coded.values[code] for code in coded.codes.tolist()]
    if not any(isinstance(value, str) for value in values):
        assert [None if math.isnan(number) else number for number in rows.numbers(column).tolist()] == values
    return values


@pytest.mark.parametrize("oddness", [0.0, 0.01, 0.3], ids=["sensible", "slightly odd", "odd"])
@pytest.mark.parametrize("packing", ["plain", "compressed", "damaged"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.sampled_from(TABLES), seed=st.integers(0, 2**32))
def test_gives_the_rows_and_the_count_of_the_tables_own_reader(
    table: CsvTable[Any], seed: int, oddness: float, packing: str, tmp_path: Path
) -> None:
    random = Random(seed)
    content = file_of(table, random, oddness)
    path = tmp_path / "2026-03-01.csv"
    if packing == "plain":
        path.write_bytes(content)
    else:
        compressed = gzip.compress(content, mtime=0)
        (tmp_path / "2026-03-01.csv.gz").write_bytes(
            damaged(compressed, random) if packing == "damaged" else compressed
        )
    asked = random.sample(table.columns, random.randint(0, len(table.columns)))
    assert by_column(table, path, asked) == by_row(table, path, asked)


@pytest.mark.parametrize("oddness", [0.0, 0.02], ids=["sensible", "slightly odd"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), least=st.sampled_from([2, 1000]))
def test_so_it_does_where_most_lines_recur_at_other_times(
    seed: int, least: int, oddness: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike_lines, "_FEWEST_LINES", least)
    random, path = Random(seed), tmp_path / "2026-03-01.csv"
    ends = [[sensible_cell(column, random) for column in polled.FILES.columns[1:]] for _ in range(4)]
    lines = [
        [random.choice(cells) if random.random() < 0.5 else cells[0] for cells in zip(*ends, strict=True)]
        for _ in range(random.randint(1, 3))
    ]
    rows = [
        [f"2026-03-01T0{poll}:00:00+0{9 - random.randrange(2) * poll // 9}:00", *line]
        for poll in range(9)
        for line in lines
    ]
    for row in rows:
        for place in range(len(row)):
            if random.random() < oddness:
                row[place] = random.choice([odd_cell(random), "2026-03-01,08:00:00+09:00"])
    content = "\n".join([",".join(polled.FILES.header), *map(",".join, rows)])
    path.write_text(content + random.choice(["", "\n"]), encoding="utf-8", newline="")
    asked = random.sample(polled.FILES.columns, random.randint(0, len(polled.FILES.columns)))
    assert by_column(polled.FILES, path, asked) == by_row(polled.FILES, path, asked)


@pytest.mark.parametrize("oddness", [0.0, 0.01], ids=["sensible", "slightly odd"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.sampled_from(TABLES), seed=st.integers(0, 2**32))
def test_files_read_together_have_the_rows_that_each_has_alone(
    table: CsvTable[Any], seed: int, oddness: float, tmp_path: Path
) -> None:
    random = Random(seed)
    header, *lines = file_of(table, random, oddness).split(b"\n")
    contents = [b"\n".join([header, *lines[: random.randint(0, len(lines))]]) for _ in range(3)]
    contents.insert(random.randint(0, 3), file_of(table, random, oddness))
    paths = [tmp_path / f"2026-03-0{number}.csv" for number in range(1, 6)]  # the last one is missing
    for path, content in zip(paths, contents, strict=False):
        path.write_bytes(content)
    asked = random.sample(table.columns, random.randint(0, len(table.columns)))
    for path, rows in columnar.read_together(table, paths, asked).items():
        assert ([] if not rows else rows_of(rows, asked), []) == by_row(table, path, asked)


@pytest.mark.parametrize("odd", ["\0", "\r", '"', "é"], ids=["NUL", "carriage return", "quote", "no ASCII"])
@pytest.mark.parametrize("place", [0, 25, 26, -1], ids=["first", "end of the time", "after it", "last"])
def test_a_character_more_in_a_line_that_recurs_is_seen(
    odd: str, place: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike_lines, "_FEWEST_LINES", 2)
    path = tmp_path / "2026-03-01.csv"
    lines = [f"2026-03-01T0{poll}:00:00+09:00,us-east-1,m{pair}.large,3,1,ok,10" for poll in range(9) for pair in "67"]
    cut = len(lines[7]) if place < 0 else place
    lines[7] = lines[7][:cut] + odd + lines[7][cut:]
    path.write_text("\n".join([",".join(polled.FILES.header), *lines, ""]), encoding="utf-8", newline="")
    assert by_column(polled.FILES, path, polled.FILES.columns) == by_row(polled.FILES, path, polled.FILES.columns)


@given(
    cells=st.lists(st.sampled_from(["", "a", "b", "aaaaaaaaa", "aaaaaaaab", "b" * 40]), min_size=1, max_size=60),
    distance=st.integers(1, 20),
)
def test_cells_that_recur_are_told_as_others(cells: list[str], distance: int) -> None:
    ends = list(accumulate(len(cell) + 1 for cell in cells))
    lengths = np.array(list(map(len, cells)))
    column = Cells(padded("\n".join(cells).encode()), np.array([0, *ends[:-1]]), lengths)
    [(codes, firsts)] = distinct([column]) or []
    told = distinct_recurring(column, min(distance, len(cells)))
    assert told is not None
    assert (told[0].tolist(), told[1].tolist()) == (codes.tolist(), firsts.tolist())
    assert [cells[place] for place in firsts[codes]] == cells


def test_large_and_compressed_files_are_read_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / f"2026-03-0{number}.csv" for number in (1, 2, 3)]
    for path in paths:
        path.write_text(f"{LATEST}\n{LOOK.format(1)}\n", encoding="utf-8")
    paths[1].write_text("\n".join([LATEST, *[LOOK.format(1)] * 9, ""]), encoding="utf-8")
    compress(paths[2])
    monkeypatch.setattr(columnar, "_SMALL", paths[0].stat().st_size)
    assert list(columnar.read_together(looks.FILES, paths, looks.FILES.columns)) == paths[:1]


def test_files_as_the_programs_write_them_are_read_together(tmp_path: Path) -> None:
    paths = [tmp_path / f"2026-03-0{number}.csv" for number in range(1, 5)]  # the last one is missing
    for number, path in enumerate(paths[:3]):
        path.write_text("\n".join([LATEST, *[LOOK.format(1)] * number, ""]), encoding="utf-8")
    paths[2].write_text(f"region\n{LOOK}\n", encoding="utf-8")  # somebody's edit
    found = columnar.read_together(looks.FILES, paths, looks.FILES.columns)
    assert {path: len(rows) for path, rows in found.items()} == {paths[0]: 0, paths[1]: 1, paths[3]: 0}


LATEST = (
    "region,instance,instance_count,request_time,current_time,ready_instances,fulfilled_instances,running_instances"
)
LOOK = "us-east-1,m5.large,2,2026-03-01T00:00:02.500+09:00,2026-03-01T00:00:05+09:00,{},2,2"


@pytest.mark.parametrize(
    "content",
    [
        f"{LATEST}\n{LOOK.format(1)}\n{LOOK.format('')}\n",
        f"{LATEST}\n{LOOK.format(1.0)}\n{LOOK.format(' ')}\n",
        f"\ufeff{LATEST}\r\n{LOOK.format('1')}\r\n{LOOK.format('')}\r\n",
        f"{LATEST}\n{LOOK.format('1')}\n{LOOK.format('99999999999')}\n{LOOK.format('')}\n{LOOK}"[: -len(LOOK) + 40],
        f'{LATEST},later\n{LOOK.format(1)},"a ""b"", c"\n{LOOK.format("")},\n',
    ],
    ids=["as written", "saved by pandas", "saved by a spreadsheet", "senseless and torn rows", "a column of later"],
)
def test_numbers_and_times_are_what_the_cells_say(content: str, tmp_path: Path) -> None:
    path = tmp_path / "2026-03-01.csv"
    path.write_text(content, encoding="utf-8", newline="")
    rows = columnar.read_columns(looks.FILES, path, (looks.READY_INSTANCES, looks.REQUEST_TIME, looks.INSTANCE))
    assert [None if math.isnan(number) else number for number in rows.numbers(looks.READY_INSTANCES)] == [1, None]
    assert rows.times(looks.REQUEST_TIME).utc.tolist() == [1772290802.5] * 2
    assert rows.times(looks.REQUEST_TIME).wall.tolist() == [1772290802.5 + 9 * 3600] * 2
    assert (rows.coded(looks.INSTANCE).values, rows.coded(looks.INSTANCE).codes.tolist()) == (["m5.large"], [0, 0])


def test_a_missing_file_has_no_rows(tmp_path: Path) -> None:
    assert len(columnar.read_columns(looks.FILES, tmp_path / "2026-03-01.csv", looks.FILES.columns)) == 0


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        columnar.read_columns(looks.FILES, tmp_path, looks.FILES.columns)


def test_a_file_as_the_programs_write_it_is_not_read_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "2026-03-01.csv"
    path.write_text(f"{LATEST}\n{LOOK.format(1)}\n{LOOK.format('')}\n", encoding="utf-8")
    monkeypatch.setattr(CsvTable, "read", lambda *_: pytest.fail("read row by row, which takes five times as long"))
    assert len(columnar.read_columns(looks.FILES, path, looks.FILES.columns)) == 2


def test_no_other_module_of_the_files_loads_anything_heavy() -> None:
    modules = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "data_files").rglob("*.py")]
    names = {".".join(path.parts).removesuffix(".__init__") for path in modules}
    light = sorted(
        names - {"data_files.columnar", "data_files.cell_arrays", "data_files.cell_times", "data_files.alike_lines"}
    )
    code = f"import sys, {', '.join(light)}; print({{'numpy', 'pandas', 'pyarrow', 'duckdb'}} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"
