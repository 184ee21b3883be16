"""The fast reader sees in any file what csv_file's own reader sees, and says what it passed over."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from common.files import csv_file
from report import values
from report.reading import Column, Troubles, read_sheet

NAMES = ("time", "region", "sps")

cells = st.one_of(
    st.sampled_from(["", "3", "us-east-1", "2026-03-01T00:00:00+09:00", "1e3", " x", "é", "\ufeff", "null", "NaN"]),
    st.text(alphabet='ab",\r\0 é\ufffd', max_size=4),
)
lines = st.lists(cells, min_size=0, max_size=5).map(",".join)
files = st.tuples(
    st.sampled_from(
        ["time,region,sps", "time,region,instance,sps", "sps,time,region", " time,region ,sps", "time,sps", ""]
    ),
    st.lists(lines, max_size=8),
    st.sampled_from(["\n", "\r\n", ""]),
).map(lambda file: (("\n".join([file[0], *file[1]])) + file[2]).encode())


def by_the_slow_reader(path: Path) -> list[tuple[str, ...]]:
    rows = list(csv_file.read(path))
    if rows and any(name not in rows[0] for name in NAMES):
        return []
    return [tuple(row[name] for name in NAMES) for row in rows]


def by_the_fast_reader(path: Path) -> list[tuple[str, ...]]:
    sheet = read_sheet(path, NAMES, Troubles())
    if sheet is None:
        return []
    columns = [[sheet[name].values[code] for code in sheet[name].codes] for name in NAMES]
    return list(zip(*columns, strict=True))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=files)
@example(content=b'time,region,sps\n1,2,3\n"1,2,3\n4,5,6\n')
@example(content=b"time,region,sps\n1,2,3\n\xff,2,3\n1,2,")
@example(content=b"time,region,sps\n1,2,3,4\n\n1,2,3\n")
@example(content=b"time,region,sps\n1,2,3\r4,5,6\n")
@example(content=b"time,region,sps")
@example(content=b"\n1,2,3\n")
@example(content=b"time,time,sps,region\n1,2,3,4\n")
def test_reads_what_the_slow_reader_reads(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    assert by_the_fast_reader(path) == by_the_slow_reader(path)


def test_a_missing_file_is_nothing_and_no_trouble(tmp_path: Path) -> None:
    troubles = Troubles()
    assert read_sheet(tmp_path / "none.csv", NAMES, troubles) is None
    assert troubles.lines == []


def test_names_the_file_and_counts_the_rows_that_were_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "score" / "2026-03-01.csv"
    path.parent.mkdir()
    path.write_bytes(b"time,region,sps\n1,2,3\n1,2\n1,2,3,4\n")
    troubles = Troubles()
    read_sheet(path, NAMES, troubles)
    assert troubles.lines == ["score/2026-03-01.csv: rows that make no sense were passed over: 2"]


def test_a_file_without_a_column_is_passed_over_by_name(tmp_path: Path) -> None:
    path = tmp_path / "2026-03-01.csv"
    path.write_bytes(b"time,region\n1,2\n")
    troubles = Troubles()
    assert read_sheet(path, NAMES, troubles) is None
    assert troubles.lines == [f"{tmp_path.name}/2026-03-01.csv was passed over: it has no column 'sps'"]


times = st.datetimes().map(lambda time: time.isoformat(timespec="milliseconds"))
offsets = st.sampled_from(["+09:00", "-03:30", "+00:00", "Z", ""])


@settings(deadline=None)
@given(texts=st.lists(st.one_of(st.tuples(times, offsets).map("".join), st.text(max_size=5)), min_size=1, max_size=5))
def test_reads_many_times_at_once_as_it_reads_them_one_by_one(texts: list[str]) -> None:
    column = Column(np.arange(len(texts)), pa.array(texts, pa.string()))
    one_by_one = [values.instant(text) for text in texts]
    assert column.instants().tolist() == pytest.approx(one_by_one, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "score"),
    [("1", 1), ("10", 10), ("3.0", 3), ("0", None), ("11", None), ("2.5", None), ("", None), ("inf", None)],
)
def test_a_placement_score_is_a_whole_number_from_1_to_10_or_unknown(text: str, score: int | None) -> None:
    value = values.placement_score(text)
    assert (None if np.isnan(value) else value) == score
