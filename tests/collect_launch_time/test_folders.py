"""The package's folders: none is crowded, each says what belongs there, and imports run one way."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

from tests.program import ROOT

PACKAGE = ROOT / "collect_launch_time"
MOST_MODULES = 12


def modules() -> dict[str, Path]:
    """Every module by its dotted name below the package, apart from what only makes a folder a package."""
    found = (path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "__init__.py")
    return {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in found}


def imported(path: Path, known: set[str]) -> Iterator[str]:
    """The package's modules that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE.name:
            below = (node.module or "").split(".")[1:]
            yield from {".".join(below), *(".".join([*below, name.name]) for name in node.names)} & known


def arrows() -> dict[str, set[str]]:
    """Which module imports which."""
    found = modules()
    return {name: set(imported(path, set(found))) - {name} for name, path in found.items()}


def test_no_module_imports_one_that_leads_back_to_it() -> None:
    graphlib.TopologicalSorter(arrows()).prepare()


def test_no_folder_imports_one_that_leads_back_to_it() -> None:
    def place(name: str) -> str:
        # What lies on top of the package serves all folders: each of its modules is a place of its own.
        return name.partition(".")[0]

    between: dict[str, set[str]] = {}
    for name, others in arrows().items():
        between.setdefault(place(name), set()).update({place(other) for other in others} - {place(name)})
    assert len(between) > 10
    graphlib.TopologicalSorter(between).prepare()


def test_no_folder_has_more_than_a_dozen_modules() -> None:
    folders = [PACKAGE, *(path.parent for path in PACKAGE.rglob("__init__.py"))]
    crowded = {folder.name: len(list(folder.glob("*.py"))) - 1 for folder in folders}
    assert {name: count for name, count in crowded.items() if count > MOST_MODULES} == {}


def test_each_folder_says_what_belongs_there_and_names_the_modules_it_has() -> None:
    for init in PACKAGE.rglob("__init__.py"):
        said = ast.get_docstring(ast.parse(init.read_text())) or ""
        unnamed = [path.stem for path in init.parent.glob("*.py") if f"`{path.stem}`" not in said]
        assert said, init
        if init.parent not in (PACKAGE, PACKAGE / "dataset"):
            assert unnamed in ([], ["__init__"]), init
