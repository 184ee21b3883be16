"""The rooms of the house: imports run down only, none is part of a circle, no folder is crowded, each says its order.

CONTRIBUTING.md has the drawing; the order of the packages stands in `modules`.
"""

import ast
import functools
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.data_files.every_table import all_tables
from tests.modules import ABOVE, APART, FLOORS, MODULES, PACKAGES, package_of, tree_of
from tests.program import ROOT

MOST_MODULES = 13


ROOMS = sorted({file.parent for file in MODULES.values() if file.parent != ROOT})


@functools.cache
def _all_imports() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(_imports(name)) - {name} for name in MODULES}


def _imports(name: str) -> Iterator[str]:
    """Give the modules that a module imports, at its top or in a function; what is for the type checker too."""
    for node in ast.walk(tree_of(MODULES[name])):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} has a relative import"
            for alias in node.names:
                imported = f"{node.module}.{alias.name}"
                if imported in MODULES or node.module in MODULES:
                    yield imported if imported in MODULES else str(node.module)


def _room(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _in(room: Path) -> list[Path]:
    return [path for path in sorted(room.glob("*.py")) if path.name != "__init__.py"]


def _docstring(path: Path) -> str:
    return ast.get_docstring(tree_of(path)) or ""


def test_every_folder_of_python_is_on_a_floor() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert found - set(ABOVE) == set(PACKAGES) - {"configs"}


@pytest.mark.parametrize("floor", FLOORS, ids=" ".join)
def test_a_package_imports_only_from_the_floors_below_it(floor: tuple[str, ...]) -> None:
    below = {package for later in FLOORS[FLOORS.index(floor) + 1 :] for package in later}
    upward = [
        f"{name} imports {imported}"
        for name in MODULES
        for imported in _all_imports()[name]
        if package_of(name) in floor and package_of(imported) not in {package_of(name), *below}
    ]
    assert not upward


def test_the_local_aws_and_the_product_know_nothing_of_each_other() -> None:
    across = [
        (name, other) for name in MODULES for other in _all_imports()[name] if package_of(name) != package_of(other)
    ]
    assert not [pair for pair in across if APART in map(package_of, pair)]


def test_nothing_of_the_product_imports_tests_benchmarks_scripts_or_examples() -> None:
    for name, file in MODULES.items():
        for node in ast.walk(tree_of(file)):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            assert package_of(str(module)) not in ABOVE, name


def test_no_file_is_part_of_a_circle_of_imports() -> None:
    TopologicalSorter(_all_imports()).prepare()


@pytest.mark.parametrize("package", [package for package in PACKAGES if package != "configs"])
def test_imports_between_the_rooms_of_a_package_run_one_way(package: str) -> None:
    def place(name: str) -> str:
        # What lies on top of a package, outside its rooms, is a place of its own each.
        parts = MODULES[name].relative_to(ROOT / package).parts
        return parts[0]

    between: dict[str, set[str]] = {}
    for name in (name for name in MODULES if package_of(name) == package):
        inside = {place(other) for other in _all_imports()[name] if package_of(other) == package}
        between.setdefault(place(name), set()).update(inside - {place(name)})
    TopologicalSorter(between).prepare()


@pytest.mark.parametrize("room", ROOMS, ids=_room)
def test_a_room_has_about_a_dozen_modules_at_most(room: Path) -> None:
    assert len(_in(room)) <= MOST_MODULES


@pytest.mark.parametrize("room", [room for room in ROOMS if room.parent != ROOT], ids=_room)
def test_a_room_says_what_belongs_there_and_in_which_order_to_read_all_of_it(room: Path) -> None:
    said = _docstring(room / "__init__.py")
    unnamed = [path.stem for path in _in(room) if f"`{path.stem}`" not in said and path.stem != "__main__"]
    assert said
    assert not unnamed, f"the docstring of {_room(room)} does not name {', '.join(unnamed)}"


COLUMN_NAMES = {column.name for table in all_tables() for column in table.columns}
# Where such a word means something else: EC2's own fields and states, and the columns of SpotLake's archive.
OTHER_MEANINGS = {
    "common.aws.aws_time": {"date"},  # an HTTP header
    "collect_launch_time.dataset.package.package_folder": {"name"},  # of a Frictionless package
    "collect_sps_and_if.spotlake.read.rows": {"time"},
}


@pytest.mark.parametrize("package", [name for name in PACKAGES if name not in (APART, "data_files")])
def test_a_column_of_a_file_has_its_name_in_data_files_only(package: str) -> None:
    """A reader that goes by itself names a column: as a subscript, a key or an attribute, or in a list of names."""
    found = [
        f"{name}:{node.lineno}: {node.value!r}"
        for name, file in MODULES.items()
        if package_of(name) == package
        for node in _names_looked_up(tree_of(file))
        if node.value in COLUMN_NAMES - OTHER_MEANINGS.get(name, set())
    ]
    assert not found, "\n".join(found)


def _names_looked_up(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        places: list[ast.expr | None] = []
        if isinstance(node, ast.Subscript):
            places = [node.slice]
        elif isinstance(node, ast.Call) and _called(node) in LOOK_UPS:
            places = list(node.args)
        elif isinstance(node, ast.Tuple | ast.List | ast.Set) and len(node.elts) > 1:
            places = list(node.elts)
        yield from (place for place in places if isinstance(place, ast.Constant) and isinstance(place.value, str))


LOOK_UPS = {"get", "pop", "setdefault", "getattr", "attrgetter", "itemgetter", "startswith"}


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
