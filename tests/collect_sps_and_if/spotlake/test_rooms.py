"""The folders of spotlake/ import one another in one direction, and each says what is in it."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program import ROOT

SPOTLAKE = "collect_sps_and_if.spotlake"
FOLDER = ROOT / "collect_sps_and_if" / "spotlake"
ROOMS = ["find", "read", "count", ""]
"""From the lowest to the top; "" is spotlake/ itself."""
MAX_MODULES = 12


def modules(room: str) -> list[Path]:
    return sorted((FOLDER / room).glob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Give the modules of spotlake/ that a file imports, at its top or later: as `room.module`, or `module`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(SPOTLAKE):
            module = node.module.removeprefix(SPOTLAKE).removeprefix(".")
            for alias in node.names:
                inner = f"{module}.{alias.name}".removeprefix(".")
                is_module = (FOLDER / inner.replace(".", "/")).with_suffix(".py").exists()
                yield inner if is_module else module


def name(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix().replace("/", ".")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_itself_and_what_is_below_it(room: str) -> None:
    allowed = ROOMS[: ROOMS.index(room) + 1]
    for path in modules(room):
        imported = {module.rpartition(".")[0] for module in imports(path)}
        assert imported <= {*allowed}, f"{name(path)} imports {imported - {*allowed}}"


def test_no_files_import_each_other_in_a_circle() -> None:
    graphlib.TopologicalSorter(
        {name(path): set(imports(path)) for room in ROOMS for path in modules(room)}
    ).prepare()  # raises CycleError


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_a_dozen_modules_at_most_and_its_docstring_names_them(room: str) -> None:
    names = {path.stem for path in modules(room)} - {"__init__"}
    docstring = ast.get_docstring(ast.parse((FOLDER / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert len(names) <= MAX_MODULES
    assert {module for module in names if f"`{module}`" not in docstring} == set()
