"""What the contract and the dictionaries say of commands, settings and files is what the programs have."""

import ast
import dataclasses
import hashlib
import re
import subprocess
import sys
from typing import Any

import pytest

import configs
from common.version import VERSION
from data_files.csv_table import DatedFiles, SingleFile
from data_files.launches import training_table
from tests.data_files.every_table import all_tables
from tests.program import ROOT
from tests.test_contract import COMMANDS

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


def test_the_page_of_the_training_table_has_the_columns_as_the_program_prints_them() -> None:
    page = (ROOT / "docs" / "training-table.md").read_text(encoding="utf-8")
    command = [sys.executable, "-m", "collect_launch_time.dataset", "--columns"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    tables = [part.strip() for part in printed.split("\n\n") if part.startswith("|")]
    assert len(tables) == 2
    assert all(table in page for table in tables)


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
        replaced = re.findall(r"^Replaced by \[(\d{4})\]", text, re.MULTILINE)
        assert [f"(replaced by {number})" in index for number in replaced] == [True] * len(replaced), page
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequence")), page


def test_who_cites_names_the_version_that_the_programs_tell() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^cff-version: 1\.2\.0$", citation, re.MULTILINE)
    assert re.findall(r"^version: (.+)$", citation, re.MULTILINE) == [VERSION]


def test_the_licence_is_the_whole_of_apache_2() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2


def _printed_texts() -> str:
    """Give every text in the programs' code, what is filled in left out."""
    texts = []
    for package in ("common", "data_files", "collect_sps_and_if", "collect_launch_time", "check_setup", "configs.py"):
        for path in [ROOT / package] if package.endswith(".py") else (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    texts.append(node.value)
                elif isinstance(node, ast.JoinedStr):
                    texts.append("…".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)))
    return "\n".join(texts)


def test_every_message_that_troubleshooting_explains_is_one_of_the_programs() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    symptoms = [cell for row in re.findall(r"^\| (.*?) \|", page, re.MULTILINE) for cell in re.findall("`(.+?)`", row)]
    messages = [one for one in symptoms if " " in one]
    assert len(messages) > 10
    printed = _printed_texts()
    for message in messages:
        for part in re.split(r" ?…[:,]? ?| N of \d+ ", message):
            assert part.strip(" :;") in printed, f"{message}: {part}"
