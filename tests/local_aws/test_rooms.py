"""The rooms of local_aws: imports run down only, no file is part of a circle, and no room is overfull."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.program import ROOT

PACKAGE = "local_aws"
# From top to bottom: a room imports from itself and from those after it. "" is the package's own folder.
ROOMS = ("", "mail", "server", "control", "ec2", "spot", "state", "market")
MOST_MODULES = 13


def _modules() -> dict[str, Path]:
    """Return every module of the package, by its dotted name; a package's __init__ has the package's name."""
    files = sorted((ROOT / PACKAGE).rglob("*.py"))
    return {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


MODULES = _modules()


def _imports(name: str) -> Iterator[str]:
    """Yield the modules of this package that a module imports, at its top or in a function."""
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} has a relative import"
            for alias in node.names:
                imported = f"{node.module}.{alias.name}"
                if imported in MODULES or node.module in MODULES:
                    yield imported if imported in MODULES else str(node.module)


IMPORTS: Mapping[str, frozenset[str]] = {name: frozenset(_imports(name)) for name in MODULES}


def _room(name: str) -> str:
    return str(MODULES[name].relative_to(ROOT / PACKAGE).parent).removeprefix(".")


def _in(room: str) -> list[str]:
    return [name for name, file in MODULES.items() if _room(name) == room and file.name != "__init__.py"]


def _docstring(room: str) -> str:
    file = ROOT / PACKAGE / room / "__init__.py"
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""


def test_the_table_names_every_room() -> None:
    assert {_room(name) for name in MODULES} == set(ROOMS)


def test_a_module_imports_only_from_its_own_room_and_those_below() -> None:
    level = {name: ROOMS.index(_room(name)) for name in MODULES}
    upward = [(name, imported) for name in MODULES for imported in IMPORTS[name] if level[imported] < level[name]]
    assert not upward


def test_no_file_is_part_of_a_circle_of_imports() -> None:
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_about_a_dozen_modules_at_most(room: str) -> None:
    assert len(_in(room)) <= MOST_MODULES


@pytest.mark.parametrize("room", ROOMS)
def test_an_init_file_has_a_docstring_only_so_that_a_room_loads_nothing_by_itself(room: str) -> None:
    tree = ast.parse((ROOT / PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
    assert (len(tree.body), bool(_docstring(room))) == (1, True)


@pytest.mark.parametrize("room", ROOMS[1:])
def test_a_room_says_in_which_order_to_read_all_of_its_modules(room: str) -> None:
    missing = [name for name in _in(room) if f"`{name.rpartition('.')[2]}`" not in _docstring(room)]
    assert not missing, f"the docstring of {PACKAGE}/{room} does not name {', '.join(missing)}"


def test_the_package_lists_its_rooms_from_top_to_bottom() -> None:
    listed = [line.split("`")[1] for line in _docstring("").splitlines() if line.startswith("- `")]
    assert listed == list(ROOMS[1:])
