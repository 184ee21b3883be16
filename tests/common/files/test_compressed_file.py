"""A finished file is compressed and made plain again without a row lost, doubled or torn, whatever is killed when."""

import gzip
import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from common.errors import Unwritable
from common.files import csv_file
from common.files.compressed_file import compress, compressed
from tests.program import dies_at_disk_step

HEADER = ("time", "value")


def rows_of(path: Path) -> list[list[str]]:
    return [cells for cells in csv_file.read(path) if cells is not None][1:]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2026-03-01.csv"
    csv_file.append(path, HEADER, [(str(number), "x") for number in range(1000)])
    return path


def test_a_compressed_file_reads_as_before_and_is_the_same_bytes_packed(file: Path) -> None:
    before, rows = file.read_bytes(), rows_of(file)
    file.chmod(0o640)
    compress(file)
    assert not file.exists()
    assert gzip.decompress(compressed(file).read_bytes()) == before
    assert compressed(file).stat().st_mode & 0o777 == 0o640
    assert rows_of(file) == rows
    assert csv_file.content(file) == before


def test_a_late_row_comes_behind_those_that_were_compressed(file: Path) -> None:
    rows = rows_of(file)
    compress(file)
    csv_file.append(file, HEADER, [("late", "y")])
    assert rows_of(file) == [*rows, ["late", "y"]]
    assert not compressed(file).exists()


def test_what_can_be_read_of_a_damaged_one_stays_before_a_late_row_and_the_rest_is_kept(file: Path) -> None:
    compress(file)
    packed = compressed(file).read_bytes()
    compressed(file).write_bytes(packed[: len(packed) // 2])
    readable = rows_of(file)
    assert len(readable) > 100
    csv_file.append(file, HEADER, [("late", "y")])
    assert rows_of(file)[: len(readable) - 1] == readable[:-1]
    assert rows_of(file)[-1] == ["late", "y"]
    (kept,) = file.parent.glob("*set-aside*")
    assert kept.read_bytes() == packed[: len(packed) // 2]


def test_a_disk_that_takes_no_more_leaves_the_plain_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(Unwritable, match="No space left on device"):
        compress(file)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_rows_appended_by_several_programs_while_it_is_compressed_again_and_again_are_all_there(file: Path) -> None:
    before = rows_of(file)

    def append(name: str) -> None:
        for number in range(40):
            csv_file.append(file, HEADER, [(name, str(number))])

    def press() -> None:
        for _ in range(200):
            compress(file)

    presser = threading.Thread(target=press)
    presser.start()
    appenders = [threading.Thread(target=append, args=(name,)) for name in ("one", "two", "three")]
    for thread in appenders:
        thread.start()
    for thread in appenders:
        thread.join()
    presser.join()
    rows = rows_of(file)
    assert rows[: len(before)] == before
    for name in ("one", "two", "three"):
        assert [value for first, value in rows if first == name] == [str(number) for number in range(40)]
    assert len(rows) == len(before) + 120


def _ends_by_itself(action: Callable[[], None], step: int) -> bool:
    """Do it in a fork that is killed at a step to the disk; tell whether it came to its end before."""
    child = os.fork()
    if child == 0:
        dies_at_disk_step(step)()
        action()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_killed_at_any_step_to_the_disk_it_loses_and_doubles_no_row(tmp_path: Path) -> None:
    steps = 0
    for what in ("compress", "append"):
        is_over, step = False, 0
        while not is_over:
            step += 1
            path = tmp_path / f"{what}-{step}" / "2026-03-01.csv"
            csv_file.append(path, HEADER, [(str(number), "x") for number in range(1000)])
            before = rows_of(path)
            if what == "append":
                compress(path)
            late = ["late", "y"]
            action = partial(compress, path) if what == "compress" else partial(csv_file.append, path, HEADER, [late])
            is_over = _ends_by_itself(action, step)
            assert rows_of(path) in ([before] if what == "compress" else [before, [*before, late]])
            csv_file.append(path, HEADER, [["later", "z"]])
            assert rows_of(path)[: len(before)] == before
            assert rows_of(path)[-1] == ["later", "z"]
            steps += 1
    assert steps > 8, "it was killed in the middle of things"
