import csv
import errno
import gzip
import os
import signal
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Unwritable
from common.files import csv_file

HEADER = ("time", "value")
CELLS = st.text(st.characters(exclude_characters="\n\r\0\ufffd", exclude_categories=["Cs"]), max_size=20)


def rows_of(path: Path, *, is_appended: bool = True) -> list[list[str]]:
    """Give a file's whole rows, without its header."""
    return [cells for cells in csv_file.read(path, is_appended=is_appended) if cells is not None][1:]


@given(st.lists(st.lists(st.tuples(CELLS, CELLS), max_size=5), max_size=5))
def test_reads_back_every_batch_that_was_appended(batches: list[list[tuple[str, str]]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deep" / "file.csv"
        for batch in batches:
            csv_file.append(path, HEADER, batch)
        expected = [list(row) for batch in batches for row in batch]
        assert rows_of(path) == expected
        if batches:
            with path.open(newline="", encoding="utf-8") as file:
                assert list(csv.reader(file)) == [list(HEADER), *expected]


def test_an_unknown_value_is_an_empty_cell(tmp_path: Path) -> None:
    csv_file.append(tmp_path / "a.csv", HEADER, [("t", None)])
    assert (tmp_path / "a.csv").read_bytes() == b"time,value\nt,\n"


@given(st.integers(min_value=0, max_value=40))
def test_a_torn_last_line_is_passed_over_and_then_cut_off(cut: int) -> None:
    import tempfile

    whole = b"time,value\n1,one\n2,two\n3,three\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        torn = whole[: len(whole) - cut] if cut < len(whole) else b""
        path.write_bytes(torn)
        kept = torn[: torn.rfind(b"\n") + 1]
        assert len(rows_of(path)) == max(0, kept.count(b"\n") - 1)
        csv_file.append(path, HEADER, [("4", "four")])
        assert path.read_bytes() == (kept or b"time,value\n") + b"4,four\n"


def test_a_torn_line_longer_than_a_page_is_cut_off_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"time,value\n1,one\n" + b"x" * 300_000)
    csv_file.append(path, HEADER, [("2", "two")])
    assert path.read_bytes() == b"time,value\n1,one\n2,two\n"


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    csv_file.append(path, HEADER, [("1", "one")])
    before = path.read_bytes()
    real_write = os.write

    def short_write(descriptor: int, data: bytes) -> int:
        if os.fstat(descriptor).st_size > len(before):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real_write(descriptor, data[:3])

    monkeypatch.setattr(os, "write", short_write)
    with pytest.raises(Unwritable, match=r"No space left on device; nothing was added"):
        csv_file.append(path, HEADER, [("2", "two")])
    assert path.read_bytes() == before


def test_a_full_device_is_one_line_for_people() -> None:
    with pytest.raises(Unwritable, match="/dev/full"):
        csv_file.append(Path("/dev/full"), HEADER, [("1", "one")])


def test_rows_that_make_no_sense_cost_only_themselves(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'time,value\n1,one\n2\n"3,three\n4,fo\xffur\n5,\0\n6,a,b\n\n7,seven\n')
    assert [row[0] for row in rows_of(path)] == ["1", "7"]
    assert list(csv_file.read(path)).count(None) == 5


@pytest.mark.parametrize(
    "first", [b"value,time\n", b"time\n", b"\x00\xff\n", b"1,one\n", b"time,worth\n", b"x" * 70_000]
)
def test_a_file_with_another_header_is_set_aside_whole_and_begun_anew(tmp_path: Path, first: bytes) -> None:
    path = tmp_path / "2026-03-01.csv"
    path.write_bytes(first + b"a,b\n")
    csv_file.append(path, HEADER, [("2", "two")])
    path.write_bytes(first + b"c,d\n")
    csv_file.append(path, HEADER, [("3", "three")])
    assert rows_of(path) == [["3", "three"]]
    assert (tmp_path / "2026-03-01.set-aside-1.csv").read_bytes() == first + b"a,b\n"
    assert (tmp_path / "2026-03-01.set-aside-2.csv").read_bytes() == first + b"c,d\n"


def test_a_missing_file_has_no_rows(tmp_path: Path) -> None:
    assert list(csv_file.read(tmp_path / "none.csv")) == []


def test_a_missing_file_leaves_nothing_behind_that_complains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Since Python 3.13 an object that fails to close when it goes away is told on stderr, which cron mails."""
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    csv_file.content(tmp_path / "missing.csv")
    assert complaints == []


def test_a_spreadsheets_byte_order_mark_and_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbftime,value\r\n1,one\r\n")
    csv_file.append(path, HEADER, [("2", "two")])
    assert [row[0] for row in rows_of(path)] == ["1", "2"]


def test_a_file_begun_by_an_older_version_keeps_its_columns_and_loses_no_row(tmp_path: Path) -> None:
    path = tmp_path / "2026-03-01.csv"
    csv_file.append(path, HEADER, [("1", "one")])
    csv_file.append(path, (*HEADER, "more"), [("2", "two", "new")], base=2)
    assert path.read_bytes() == b"time,value\n1,one\n2,two\n"


def test_a_file_that_has_no_day_is_widened_for_new_columns(tmp_path: Path) -> None:
    path = tmp_path / "polls.csv"
    csv_file.append(path, HEADER, [("1", 'with "quotes"')])
    with path.open("ab") as file:
        file.write(b"torn")
    csv_file.append(path, (*HEADER, "more"), [("2", "two", "new")], base=2, widens=True)
    assert path.read_bytes() == b'time,value,more\n1,"with ""quotes""",\n2,two,new\n'


def test_a_file_begun_by_a_newer_version_gets_empty_cells_for_what_is_not_known_here(tmp_path: Path) -> None:
    path = tmp_path / "2026-03-01.csv"
    csv_file.append(path, (*HEADER, "more"), [("1", "one", "new")])
    csv_file.append(path, HEADER, [("2", "two")])
    assert path.read_bytes() == b"time,value,more\n1,one,new\n2,two,\n"


def test_a_file_with_fewer_columns_than_any_version_had_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "2026-03-01.csv"
    path.write_bytes(b"time\n1\n")
    csv_file.append(path, (*HEADER, "more"), [("2", "two", "new")], base=2)
    assert path.read_bytes() == b"time,value,more\n2,two,new\n"
    assert (tmp_path / "2026-03-01.set-aside-1.csv").read_bytes() == b"time\n1\n"


def test_a_compressed_file_is_read_as_the_plain_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"time,value\n1,one\n2,two\n"))
    assert rows_of(tmp_path / "a.csv") == [["1", "one"], ["2", "two"]]


def test_of_a_damaged_compressed_file_the_rows_before_the_damage_are_read_and_the_damage_counts(tmp_path: Path) -> None:
    whole = gzip.compress(b"time,value\n" + b"".join(b"%d,row\n" % number for number in range(100_000)))
    (tmp_path / "a.csv.gz").write_bytes(whole[: len(whole) // 2])
    assert rows_of(tmp_path / "a.csv")[:2] == [["0", "row"], ["1", "row"]]
    assert list(csv_file.read(tmp_path / "a.csv"))[-1] is None


def test_lines_that_are_not_picked_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"time,value\r\n1,one\r\n2,two\r\nnonsense\r\n3,one\r\n4,on")

    def ones(text: bytes) -> list[bytes]:
        return [line for line in text.split(b"\n") if b",one" in line]

    rows = csv_file.read(tmp_path / "a.csv", select=lambda header: ones if header == ["time", "value"] else None)
    assert list(rows) == [["time", "value"], ["1", "one"], ["3", "one"]]


def test_a_file_that_is_replaced_whole_may_end_without_a_line_end(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_bytes(b"time,value\n1,one\n2,two")
    assert rows_of(tmp_path / "plan.csv") == [["1", "one"]]
    assert rows_of(tmp_path / "plan.csv", is_appended=False) == [["1", "one"], ["2", "two"]]


def test_rows_of_many_writers_at_once_are_all_there_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    batches = 20

    def write(name: str) -> None:
        for number in range(batches):
            csv_file.append(path, HEADER, [(name, str(number))] * 50)

    writers = [threading.Thread(target=write, args=(f"writer {number}",)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    rows = [(name, number) for name, number in rows_of(path)]
    assert sorted(rows) == sorted((f"writer {w}", str(n)) for w in range(4) for n in range(batches) for _ in range(50))


@pytest.mark.whole_run
def test_killed_while_appending_keeps_every_batch_that_was_acknowledged(tmp_path: Path) -> None:
    path, acknowledged = tmp_path / "a.csv", tmp_path / "acknowledged"
    kills = 30
    for attempt in range(kills):
        child = os.fork()
        if child == 0:
            _append_until_killed(path, acknowledged, attempt)
        while not acknowledged.exists() or len(acknowledged.read_text().splitlines()) <= attempt * 3:
            os.sched_yield()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        marker = f"after {attempt}"
        csv_file.append(path, HEADER, [(marker, "whole")])
        names = [row[0] for row in rows_of(path)]
        assert marker in names
        for name in acknowledged.read_text().splitlines():
            assert names.count(name) == 200


def _append_until_killed(path: Path, acknowledged: Path, attempt: int) -> None:
    number = 0
    while True:
        name = f"{attempt}.{number}"
        csv_file.append(path, HEADER, [(name, "x" * 50)] * 200)
        with acknowledged.open("ab", buffering=0) as file:
            file.write(f"{name}\n".encode())
        number += 1


@pytest.mark.parametrize("is_picked", [True, False])
def test_of_a_damaged_compressed_file_the_rows_before_the_damage_are_there(tmp_path: Path, is_picked: bool) -> None:
    packed = gzip.compress(b"time,value\n" + b"".join(b"%d,x\n" % number for number in range(5000)))
    (tmp_path / "a.csv.gz").write_bytes(packed[: len(packed) // 2])
    select = (lambda _: lambda text: text.splitlines(keepends=True)) if is_picked else None
    found = list(csv_file.read(tmp_path / "a.csv", select=select))
    assert found[0] == ["time", "value"]
    assert found[1:1001] == [[str(number), "x"] for number in range(1000)]
    assert found[-1] is None


def test_a_file_in_the_place_of_the_folder_is_told_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    with pytest.raises(Unwritable, match="File exists; nothing was added"):
        csv_file.append(tmp_path / "data" / "a.csv", HEADER, [("1", "x")])
