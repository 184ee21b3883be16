"""The command: CSV or Parquet by the file's extension, whole or not at all."""

import csv
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_files.launches import instance_table
from data_files.launches.training_table import OUTCOMES_OF_PROBE, TABLE
from tests.collect_launch_time.dataset.collected import Collection, at
from tests.collect_launch_time.dataset.eventful_days import LOOKS
from tests.stand_in import REPOSITORY


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "collect_launch_time.dataset", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def collection(home: Path) -> Collection:
    collection = Collection(home)
    collection.poll(at("01T11:50:00"), sps=3)
    collection.probe(at("01T12:00:00"), LOOKS)
    return collection


def test_csv_and_parquet_hold_the_same_table(collection: Collection, tmp_path: Path) -> None:
    for name in ("out/table.csv", "out/table.parquet"):
        done = run("--output", str(tmp_path / name))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with (tmp_path / "out/table.csv").open() as file:
        rows = list(csv.DictReader(file))
    table = pq.read_table(tmp_path / "out/table.parquet")
    assert tuple(table.column_names) == TABLE.header == tuple(rows[0])
    assert [row["ready_instances"] for row in rows] == ["0", "0", "9"]
    assert table["ready_instances"].to_pylist() == [0, 0, 9]
    assert table["if"].to_pylist() == [None] * 3
    assert {row["if"] for row in rows} == {""}
    assert table["request_time"].to_pylist() == [at("01T12:00:00")] * 3
    assert [path.name for path in (tmp_path / "out").iterdir() if path.name.startswith(".")] == []


def test_without_a_file_the_table_is_printed(collection: Collection) -> None:
    done = run()
    assert done.returncode == 0
    assert len(list(csv.DictReader(done.stdout.splitlines()))) == 3


def test_rows_that_make_no_sense_are_counted_and_the_rest_is_there(collection: Collection, home: Path) -> None:
    (looks,) = (home / "collect_launch_time" / "data").glob("*.csv")
    with looks.open("a") as file:
        file.write("us-east-1,m5.large,many,yesterday,,,,\n")
    (polls,) = (home / "collect_sps_and_if" / "data" / "sps_and_if").glob("*.csv")
    with polls.open("a") as file:
        file.write("2026-03-01T11:51:00+09:00,us-east-1,m5.large,99,0,ok,10\n")
    done = run()
    assert (done.returncode, done.stderr) == (1, "dataset: rows that make no sense were passed over: 2\n")
    assert len(list(csv.DictReader(done.stdout.splitlines()))) == 3


@pytest.mark.parametrize("output", ["table.txt", "table", "."])
def test_another_extension_is_refused_in_one_line_that_names_the_right_ones(
    collection: Collection, output: str
) -> None:
    done = run("--output", output)
    assert done.returncode == 2
    assert ".parquet" in done.stderr.splitlines()[-1]
    assert not (REPOSITORY / output).is_file()


def test_before_the_first_probe_it_says_how_to_make_one(home: Path) -> None:
    done = run("--output", str(home / "table.csv"))
    assert done.returncode == 2
    assert "python -m collect_launch_time" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (home / "table.csv").exists()


def test_a_full_disk_leaves_the_old_table(collection: Collection, tmp_path: Path) -> None:
    old = tmp_path / "old.csv"
    old.write_text("what stood here\n")
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 0; exec {sys.executable} -m collect_launch_time.dataset --output {old}"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert old.read_text() == "what stood here\n"


def test_the_data_dictionary_explains_every_column_of_both_tables() -> None:
    told = run("--columns").stdout
    assert all(f"| `{column.name}` |" in told for column in (*TABLE.columns, *instance_table.TABLE.columns))
    assert set(OUTCOMES_OF_PROBE) <= set(TABLE.columns)
    assert set(instance_table.OUTCOMES_OF_STAGE) <= set(instance_table.TABLE.columns)
