"""The descriptions for machines are accepted by the tools of those who made their formats, and lead to the rows."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_files.published import FILE_DATE, PUBLISHED
from tests.collect_launch_time.dataset.package.small_home import write_small_home
from tests.program import run

pytestmark = pytest.mark.whole_run

TOOLS = Path(sys.executable).parent
# What mlcroissant recommends, and what nobody but the publisher can say.
LEFT_TO_THE_PUBLISHER = "datePublished"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("collected")
    write_small_home(home)
    folder = tmp_path_factory.mktemp("published") / "package"
    done = run(
        "collect_launch_time.dataset",
        "--package",
        str(folder),
        "--licence",
        "CC-BY-4.0",
        environment={"SPOT_HOME": str(home)},
    )
    assert (done.code, done.stderr) == (0, "")
    return folder


def _told(*command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_frictionless_accepts_every_cell(package: Path) -> None:
    told = _told(str(TOOLS / "frictionless"), "validate", "--json", "datapackage.json", folder=package)
    report = json.loads(told.stdout)
    assert (told.returncode, report["valid"], report["stats"]["errors"]) == (0, True, 0)
    rows = sum(pq.read_metadata(path).num_rows for path in package.rglob("*.parquet"))
    assert sum(task["stats"]["rows"] for task in report["tasks"]) == rows > 0


def test_frictionless_finds_a_cell_that_the_schema_does_not_allow(package: Path) -> None:
    schema = package / "schemas" / "polled_scores.json"
    good = schema.read_text()
    try:
        schema.write_text(good.replace('"maximum": 10', '"maximum": 2'))
        told = _told(str(TOOLS / "frictionless"), "validate", "datapackage.json", folder=package)
    finally:
        schema.write_text(good)
    assert told.returncode == 1


def test_mlcroissant_accepts_it_and_reads_every_table(package: Path) -> None:
    reads = """
import json, logging, sys
import mlcroissant
dataset = mlcroissant.Dataset(jsonld="croissant.json")
print(json.dumps({
    "warnings": sorted(dataset.metadata.ctx.issues.warnings),
    "rows": {each.uuid: len(list(dataset.records(each.uuid))) for each in dataset.metadata.record_sets},
}))
"""
    told = _told(sys.executable, "-c", reads, folder=package)
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout.splitlines()[-1])
    assert [LEFT_TO_THE_PUBLISHER in warning for warning in found["warnings"]] == [True]
    tables = sorted(path.name for path in package.iterdir() if path.is_dir() and path.name != "schemas")
    assert found["rows"] == {table: pq.read_table(package / table).num_rows for table in tables}


def test_each_column_is_described_alike_everywhere_in_the_words_of_its_owner(package: Path) -> None:
    said = (package / "README.md").read_text()
    records = {each["name"]: each for each in json.loads((package / "croissant.json").read_bytes())["recordSet"]}
    for table in PUBLISHED:
        wanted = [(column.name, column.meaning) for column in (FILE_DATE, *table.columns)]
        fields = json.loads((package / "schemas" / f"{table.name}.json").read_bytes())["fields"]
        assert [(field["name"], field["description"]) for field in fields] == wanted
        assert [(field["name"], field["description"]) for field in records[table.name]["field"]] == wanted
        assert all(f"| `{name}` | {kind} | {meaning} |" in said for (name, meaning), kind in zip(
            wanted, (column.kind.basic for column in (FILE_DATE, *table.columns)), strict=True))  # fmt: skip


def test_what_it_tells_readers_of_sampling_and_settings_is_what_the_files_say(package: Path) -> None:
    said = (package / "README.md").read_text()
    assert "| 2026-02-28 | 2026-03-01 | 3: 3 sample |" in said
    assert "| 2026-02-28 | 2026-03-01 | 600 |" in said
    assert "| 2026-02-28 01:30 | 2026-03-01 00:50 | 141 |" in said
    assert "Packaged by spot-collector " in said
