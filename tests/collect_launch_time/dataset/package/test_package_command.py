"""`dataset --package`: what is in the folder, what the folder replaces, how the command ends."""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_files.market import plans, polled, spot_prices
from data_files.published import PUBLISHED
from tests.collect_launch_time.dataset.package.small_home import DAYS, PAIR, add, sane_cells, write_small_home
from tests.program import ROOT, Ended, run

pytestmark = pytest.mark.whole_run

MONTHS = ("2026-02", "2026-03")


def package(folder: Path, *arguments: str, **environment: str) -> Ended:
    return run("collect_launch_time.dataset", "--package", str(folder), *arguments, environment=environment)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("collected")
    write_small_home(home)
    return home


@pytest.fixture(scope="module")
def packaged(collected: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of it, for tests that only look."""
    folder = tmp_path_factory.mktemp("published") / "package"
    done = package(folder, SPOT_HOME=str(collected))
    assert (done.code, done.stdout, done.stderr) == (0, "", "")
    assert [path.name for path in folder.parent.iterdir()] == ["package"]
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published" / "package"


def test_every_table_is_there_by_month_with_the_rows_that_were_collected(packaged: Path) -> None:
    for table in (*(table.name for table in PUBLISHED), "training_table", "instance_table"):
        files = sorted((packaged / table).iterdir())
        assert [path.name for path in files] == [f"{month}.parquet" for month in MONTHS], table
    scores = pq.read_table(packaged / "polled_scores" / "2026-03.parquet").to_pylist()
    assert [row["time"] for row in scores] == [datetime(2026, 3, 1, 1, minute, tzinfo=UTC) for minute in (0, 10, 20)]
    assert {(row["region"], row["instance"], row["sps"], row["if"], row["outcome"]) for row in scores} == {
        (*PAIR, 3, 1, "ok")
    }
    assert {row["date"] for row in scores} == {DAYS[1]}
    assert pq.read_table(packaged / "plans" / "2026-02.parquet")["regions"].to_pylist() == ["eu-west-1 us-east-1"] * 3


def test_a_column_says_what_it_means_in_each_file(packaged: Path) -> None:
    for table in PUBLISHED:
        schema = pq.read_schema(packaged / table.name / "2026-03.parquet")
        found = {field.name: field.metadata[b"description"].decode() for field in schema}
        assert [found[column.name] for column in table.columns] == [column.meaning for column in table.columns]


def test_the_same_data_give_the_same_bytes_wherever_and_in_whatever_time_zone(
    collected: Path, packaged: Path, folder: Path
) -> None:
    package(folder, SPOT_HOME=str(collected), TZ="America/Los_Angeles", SPOT_NOW="2026-09-01T12:00")
    assert contents(folder) == contents(packaged)


def test_compressed_days_and_headers_of_older_versions_are_read_as_everywhere(
    home: Path, packaged: Path, folder: Path
) -> None:
    write_small_home(home)
    for path in home.rglob("????-??-??.csv"):
        if path.parent.name == "instances":
            header, *rows = path.read_text().splitlines()
            path.write_text("".join(f"{','.join(line.split(',')[:11])}\n" for line in (header, *rows)))
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert package(folder).code == 0
    same, other = contents(folder), contents(packaged)
    assert {name for name in same if same[name] != other[name]} <= {
        *(name for name in same if name.startswith(("instances/", "instance_table/"))),
        *("README.md", "datapackage.json", "SHA256SUMS"),
    }
    rows = pq.read_table(folder / "instances" / "2026-03.parquet").to_pylist()
    assert [(row["outcome"], row["cause"], row["aws_launch_time"]) for row in rows] == [
        ("capacity-not-available", None, None)
    ] * 3


def test_the_checksums_are_those_that_sha256sum_reads(packaged: Path) -> None:
    lines = (packaged / "SHA256SUMS").read_text().splitlines()
    named = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {name: hashlib.sha256(content).hexdigest() for name, content in contents(packaged).items()}
    found.pop("SHA256SUMS")
    assert named == found
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "--strict", "SHA256SUMS"], cwd=packaged, check=False)
    assert checked.returncode == 0


def test_a_package_of_ours_is_replaced_whole(collected: Path, packaged: Path, folder: Path, home: Path) -> None:
    add(home, plans.FILES, DAYS[0] - timedelta(days=90), [sane_cells(plans.FILES, datetime(2025, 12, 1, tzinfo=UTC))])
    assert package(folder).code == 0
    assert [path.name for path in (folder / "plans").iterdir()] == ["2025-11.parquet"]
    assert package(folder, SPOT_HOME=str(collected)).code == 0
    assert contents(folder) == contents(packaged)
    assert [path.name for path in folder.parent.iterdir()] == ["package"]


@pytest.mark.parametrize("stands", ["notes", "a file", "edited", "added", "a link"])
def test_what_is_no_untouched_package_of_ours_is_never_replaced(
    collected: Path, packaged: Path, folder: Path, tmp_path: Path, stands: str
) -> None:
    folder.parent.mkdir()
    if stands == "notes":
        folder.mkdir()
        (folder / "notes.txt").write_text("mine")
    elif stands == "a file":
        folder.write_text("mine")
    elif stands == "a link":
        (tmp_path / "elsewhere").mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
    else:
        shutil.copytree(packaged, folder)
        with (folder / ("README.md" if stands == "edited" else "LICENSE")).open("a") as file:
            file.write("mine")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = package(folder, SPOT_HOME=str(collected))
    assert done.code == 2
    assert done.stderr.startswith("dataset: ")
    assert str(folder) in done.stderr
    assert done.stderr.count("\n") == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_before_anything_is_collected_it_says_so_and_makes_nothing(home: Path, folder: Path) -> None:
    done = package(folder)
    assert (done.code, done.stderr.count("\n")) == (2, 1)
    assert "python -m collect_sps_and_if" in done.stderr
    assert not folder.parent.exists()


def test_what_was_never_collected_has_no_folder_and_is_named(home: Path, folder: Path) -> None:
    add(home, spot_prices.FILES, DAYS[1], [{"time": "2026-03-01T10:00:00+09:00", "region": PAIR[0], "instance": PAIR[1],
                                            "az": "euw1-az1", "usd": "0.03"}])  # fmt: skip
    assert package(folder).code == 0
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["schemas", "spot_prices"]
    said = (folder / "README.md").read_text()
    assert "There are no polls in these data" in said
    assert "without a folder: polled_scores, interruption_frequency" in said


def test_rows_that_make_no_sense_are_passed_over_counted_by_table_and_told_to_readers(home: Path, folder: Path) -> None:
    write_small_home(home)
    with polled.FILES.path(home, DAYS[1]).open("a") as file:
        file.write("2026-03-01T11:00:00+09:00,eu-west-1,m5.large,99,0,ok\n" * 2)
    done = package(folder)
    assert (done.code, done.stderr) == (
        1,
        "dataset: rows that make no sense were passed over: polled_scores 2, training_table 2, instance_table 2\n",
    )
    assert len(pq.read_table(folder / "polled_scores" / "2026-03.parquet")) == 3
    assert "| 6 | 2026-02 – 2026-03 | 2 |" in (folder / "README.md").read_text()


def test_a_full_disk_leaves_the_old_package(collected: Path, packaged: Path, folder: Path) -> None:
    shutil.copytree(packaged, folder)
    before = contents(folder)
    done = subprocess.run(
        ["bash", "-c", 'ulimit -f 4; exec "$0" -m collect_launch_time.dataset --package "$1"', sys.executable, folder],
        cwd=ROOT,
        # What Python compiles would be cut off too, and stay so.
        env={**os.environ, "SPOT_HOME": str(collected), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "it is as it was before" in done.stderr
    assert contents(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["package"]


def test_a_licence_that_its_publisher_chose_stands_in_every_description(collected: Path, folder: Path) -> None:
    assert package(folder, "--licence", "CC-BY-4.0", SPOT_HOME=str(collected)).code == 0
    address = "https://spdx.org/licenses/CC-BY-4.0.html"
    described = json.loads((folder / "datapackage.json").read_bytes())
    assert described["licenses"] == [{"name": "CC-BY-4.0", "path": address}]
    assert json.loads((folder / "croissant.json").read_bytes())["license"] == address
    assert f"[CC-BY-4.0]({address})" in (folder / "README.md").read_text()


def test_without_one_none_is_made_up(packaged: Path) -> None:
    assert "licenses" not in json.loads((packaged / "datapackage.json").read_bytes())
    assert "license" not in json.loads((packaged / "croissant.json").read_bytes())
    assert "No licence has been chosen" in (packaged / "README.md").read_text()


@pytest.mark.parametrize(
    "arguments",
    [("--licence", "CC-BY-4.0"), ("--package", "x", "--licence", "as you like"), ("--package", "x", "--columns")],
)
def test_arguments_that_do_not_go_together_are_refused_in_one_line(home: Path, arguments: tuple[str, ...]) -> None:
    done = run("collect_launch_time.dataset", *arguments, environment={})
    assert (done.code, done.stderr.count("\n")) == (2, 1)
