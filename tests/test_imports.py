"""What starting a program loads: what cron starts every ten minutes loads nothing heavy."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.modules import ABOVE, MODULES, PACKAGES

HEAVY = {"pandas", "numpy", "pyarrow", "duckdb", "numba", "altair", "jinja2", "tqdm", "tenacity"}


def _imports(path: Path, *, at_start_only: bool = False) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = _run_at_start(tree) if at_start_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _run_at_start(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        is_checking = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not is_checking and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from _run_at_start(node)


@pytest.mark.parametrize("entry", ["collect_sps_and_if.poll", "collect_launch_time.steps"])
def test_what_cron_starts_every_ten_minutes_loads_nothing_heavy(entry: str) -> None:
    """Modules of ours count wherever they are imported, others where that happens at the start."""
    assert entry in MODULES
    loaded: set[str] = set()
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name in loaded or name not in MODULES:
            continue
        loaded.add(name)
        imported = list(_imports(MODULES[name]))
        waiting += [found for found in imported if found.partition(".")[0] in PACKAGES]
        loaded |= set(_imports(MODULES[name], at_start_only=True))
    assert not {name.partition(".")[0] for name in loaded} & HEAVY


def test_no_drawer_is_named_utils() -> None:
    names = {path.stem for path in MODULES.values()}
    assert not names & {"utils", "util", "helpers", "misc"}
    assert not names & set(ABOVE)
