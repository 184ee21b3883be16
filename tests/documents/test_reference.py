"""The documents agree with each other and with the programs: links, settings, columns, commands, version, snippets."""

import dataclasses
import hashlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import configs
from common.version import VERSION
from data_files.csv_table import DatedFiles, SingleFile
from data_files.launches import training_table
from tests.data_files.every_table import all_tables
from tests.program import ROOT
from tests.test_contract import COMMANDS

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "benchmarks" / "README.md"])
DATA = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
# What is announced stands behind this heading, and counts for nothing here.
CONTRACT = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8").partition("\n## Planned\n")[0]

# The text of https://www.apache.org/licenses/LICENSE-2.0.txt, as Debian too ships it.
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


AnyTable = DatedFiles[Any] | SingleFile[Any]


def _place(table: AnyTable) -> str:
    return table.folder if isinstance(table, DatedFiles) else table.place


TABLES = {_place(table): table.header for table in all_tables()}
SETTINGS = [
    *(name for name in vars(configs) if name.isupper()),
    *(field.name for field in dataclasses.fields(configs.SMTPConfigs)),
]


def _without_code(text: str) -> str:
    return re.sub(r"^```.*?^```|`[^`]*`", "", text, flags=re.MULTILINE | re.DOTALL)


def _anchors(document: Path) -> set[str]:
    """Give the anchors that a hosting site makes of a document's headings."""
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", _without_code(document.read_text(encoding="utf-8"))):
        if re.match(r"https?:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (document.parent / file).resolve() if file else document
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_program_file_that_a_document_names_is_there(document: Path) -> None:
    for path in re.findall(r"`(?:[^`\n]* )?([\w-]+/[\w./-]+\.py)", document.read_text(encoding="utf-8")):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("name", SETTINGS)
def test_the_contract_has_every_setting_with_its_default(name: str) -> None:
    row = re.search(rf"^\| `{name}` \| ([^|]+) \|", CONTRACT, re.MULTILINE)
    assert row, f"{name} has no row among the settings that exist"
    default = getattr(configs, name, None)
    if isinstance(default, int | float):
        assert float(row[1]) == default


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_contract_has_every_command(command: tuple[str, ...]) -> None:
    assert re.search(rf"`python {re.escape(' '.join(command))}[` ]", CONTRACT)


@pytest.mark.parametrize("table", TABLES)
def test_the_contract_has_every_files_columns(table: str) -> None:
    assert f"`{','.join(TABLES[table])}`" in CONTRACT


EXPLAINED = [
    tuple(re.findall(r"^\| `(\w+)` \| ([\w ]+) \| (.*?) \|", rows, re.MULTILINE))
    for rows in re.findall(r"^\| column \|.*\n((?:\|.*\n)+)", DATA, re.MULTILINE)
]


@pytest.mark.parametrize("table", all_tables(), ids=_place)
def test_the_data_dictionary_explains_every_column_of_every_file(table: AnyTable) -> None:
    kinds = tuple((column.name, column.kind.basic) for column in table.columns)
    assert kinds in [tuple((name, kind) for name, kind, _ in rows) for rows in EXPLAINED]


@pytest.mark.parametrize("table", all_tables(), ids=_place)
def test_the_data_dictionary_names_every_word_that_a_cell_may_be(table: AnyTable) -> None:
    (rows,) = [rows for rows in EXPLAINED if tuple(name for name, _, _ in rows) == table.header][:1]
    for column, (_, _, values) in zip(table.columns, rows, strict=True):
        assert all(f"`{value}`" in values for value in column.kind.values), column.name


def test_the_contract_has_the_training_tables_columns() -> None:
    assert f"`{' '.join(training_table.TABLE.header)}`" in " ".join(CONTRACT.split())


def test_every_decision_has_its_number_and_its_line_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(page.name for page in folder.glob("[0-9]*.md"))
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [page[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    assert re.findall(r"^\| \[\d{4}\]\((.+?)\)", index, re.MULTILINE) == pages
    for page in pages:
        text = (folder / page).read_text(encoding="utf-8")
        assert text.startswith(f"# {page[:4]} ")
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequence")), page


def test_who_cites_names_the_version_that_the_programs_tell() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^cff-version: 1\.2\.0$", citation, re.MULTILINE)
    assert re.findall(r"^version: (.+)$", citation, re.MULTILINE) == [VERSION]


def test_the_licence_is_the_whole_of_apache_2() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2


# The day on which clocks in central Europe go back: two offsets, times with milliseconds and without.
COLLECTED = {
    "collect_sps_and_if/data/sps_and_if/2026-10-25.csv": """\
time,region,instance,sps,if,outcome
2026-10-25T02:50:00+02:00,eu-west-1,m5.large,3,1,ok
2026-10-25T02:00:00+01:00,eu-west-1,m5.large,1,,ok
2026-10-25T02:10:00+01:00,eu-west-1,m5.large,,,failed
""",
    "collect_sps_and_if/data/sps_and_if/2026-10-25.set-aside-1.csv": "time;region\nno;table\n",
    "collect_sps_and_if/data/plan/2026-10-25.csv": """\
instance,regions,origin,probability
m5.large,eu-west-1 us-east-1,sample,0.25
c5.large,eu-west-1,top,1.0
""",
    "collect_sps_and_if/data/score/2026-10-25.csv": """\
region,instance,sps_changes,if_changes,score
eu-west-1,c5.large,9,0,3.0
eu-west-1,m5.large,2,0,0.6666666666666666
us-east-1,m5.large,0,0,0.0
""",
    "collect_launch_time/data/instances/2026-10-25.csv": """\
request_id,instance_id,region,az,instance,request_time,fulfilled_time,running_time,not_ready_time,ready_time,outcome
sir-1,i-1,eu-west-1,euw1-az1,m5.large,2026-10-25T02:59:00+02:00,2026-10-25T02:59:04.100+02:00,\
2026-10-25T02:59:10+02:00,2026-10-25T02:01:04+01:00,2026-10-25T02:01:07.250+01:00,ready
sir-2,,eu-west-1,,m5.large,2026-10-25T02:59:00.500+02:00,,,2026-10-25T02:09:00+01:00,,capacity-not-available
""",
}
# What each snippet must print of these files.
PRINTED = (("2026-10-25    17.0", "2.0"), ("124.0", "127.25", "NULL"))


@pytest.mark.parametrize(
    ("snippet", "printed"),
    list(zip(re.findall(r"^```python\n(.*?)^```", DATA, re.MULTILINE | re.DOTALL), PRINTED, strict=True)),
    ids=("pandas", "duckdb"),
)
def test_every_snippet_reads_a_day_on_which_clocks_change(
    tmp_path: Path, snippet: str, printed: tuple[str, ...]
) -> None:
    for name, content in COLLECTED.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    ended = subprocess.run([sys.executable, "-c", snippet], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert all(text in ended.stdout for text in printed), ended.stdout
