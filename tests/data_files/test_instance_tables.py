"""A table is replaced whole, or not at all, and the other one stays as it stands."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import Refusal, Unwritable
from data_files.instance_tables import (
    TABLES,
    VCPUS_TABLE,
    Table,
    TableFile,
    family_arch,
    image_id,
    read_table,
    write_table,
)

FAMILIES = Table("FAMILY_ARCH", "2026-01-02", "ec2:X in 2 Regions of AWS", {"mac1": "a Mac"}, {"m5": "x86_64"})
IMAGES = Table("IMAGE_ID", "2026-01-03", "ssm:X", {}, {"us-east-1": {"x86_64": "ami-2", "arm64": "ami-1"}})


FILE = TableFile(Path("unused"), "tables.py", "Data only.", ("FAMILY_ARCH", "IMAGE_ID"))


def contents(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = {}
    exec(path.read_text(), values)
    return values


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "__init__.py"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "log" / "write.lock"


def test_what_is_written_is_read_back(file: Path, lock: Path) -> None:
    write_table(file, FILE, FAMILIES, lock)
    write_table(file, FILE, IMAGES, lock)
    values = contents(file)
    assert values["FAMILY_ARCH"] == {"m5": "x86_64"}
    assert values["FAMILY_ARCH_DATE"] == "2026-01-02"
    assert values["FAMILY_ARCH_LEFT_OUT"] == ("mac1: a Mac",)
    assert values["IMAGE_ID"] == {"us-east-1": {"arm64": "ami-1", "x86_64": "ami-2"}}
    assert values["IMAGE_ID_LEFT_OUT"] == ()


def test_the_other_table_stays_to_the_letter_with_the_comments_in_it(file: Path, lock: Path) -> None:
    by_hand = 'IMAGE_ID = {\n    "us-east-1": {"arm64": "ami-9"},  # ours, hardened\n}\n'
    file.write_text(f'FAMILY_ARCH = {{"old": "arm64"}}\n{by_hand}')
    write_table(file, FILE, FAMILIES, lock)
    assert by_hand in file.read_text()
    assert contents(file)["FAMILY_ARCH"] == {"m5": "x86_64"}


def test_writing_the_same_again_changes_no_byte_whichever_table_came_first(file: Path, lock: Path) -> None:
    write_table(file, FILE, IMAGES, lock)
    write_table(file, FILE, FAMILIES, lock)
    once = file.read_bytes()
    write_table(file, FILE, FAMILIES, lock)
    write_table(file, FILE, IMAGES, lock)
    assert file.read_bytes() == once


@pytest.mark.parametrize(("shipped", "name"), [(TABLES, "FAMILY_ARCH"), (TABLES, "IMAGE_ID"), (VCPUS_TABLE, "VCPUS")])
def test_the_shipped_tables_stand_as_the_commands_write_them(
    shipped: TableFile, name: str, tmp_path: Path, lock: Path
) -> None:
    """A formatter that broke the lines would make the next command's change one of the whole file."""
    copy = tmp_path / "copy.py"
    copy.write_bytes(shipped.shipped.read_bytes())
    write_table(copy, shipped, read_table(shipped.shipped, name), lock)
    assert copy.read_bytes() == shipped.shipped.read_bytes()


def test_what_was_collected_goes_before_what_ships_a_table_at_a_time(tmp_path: Path, lock: Path) -> None:
    shipped = dict(image_id(tmp_path))
    write_table(TABLES.collected(tmp_path), TABLES, FAMILIES, lock)
    assert family_arch(tmp_path) == {"m5": "x86_64"}
    assert image_id(tmp_path) == shipped
    write_table(TABLES.collected(tmp_path), TABLES, IMAGES, lock)
    assert image_id(tmp_path) == {"us-east-1": {"arm64": "ami-1", "x86_64": "ami-2"}}


def test_a_file_that_is_no_python_any_more_is_left_alone_and_named(file: Path, lock: Path) -> None:
    file.write_text("FAMILY_ARCH = {")
    with pytest.raises(Refusal, match=r"__init__\.py is no Python any more"):
        write_table(file, FILE, FAMILIES, lock)
    assert file.read_text() == "FAMILY_ARCH = {"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    file: Path, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(file, FILE, FAMILIES, lock)
    before = file.read_bytes()

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(Unwritable):
        write_table(file, FILE, IMAGES, lock)
    assert file.read_bytes() == before
    assert {path.name for path in file.parent.iterdir()} == {"__init__.py", "log"}


names = st.text(min_size=1, max_size=12)


@given(st.dictionaries(names, names), st.dictionaries(names, names))
def test_whatever_aws_calls_things_the_printed_table_is_the_same_table(
    rows: dict[str, str], left_out: dict[str, str]
) -> None:
    values: dict[str, Any] = {}
    exec(Table("FAMILY_ARCH", "2026-01-02", "x", left_out, rows).as_python(), values)
    assert values["FAMILY_ARCH"] == rows
    assert list(values["FAMILY_ARCH"]) == sorted(rows)
    assert len(values["FAMILY_ARCH_LEFT_OUT"]) == len(left_out)
