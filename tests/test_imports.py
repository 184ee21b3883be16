"""Imports run down only: check_setup -> collectors; they and report -> data_files, configs -> common and the tables."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program import ROOT

ALLOWED = {
    "common": {"common"},
    "data_files": {"data_files", "common"},
    "instance_arch_and_ami_id": {"instance_arch_and_ami_id", "configs", "data_files", "common"},
    "configs": {"data_files", "common", "instance_arch_and_ami_id"},
    "collect_sps_and_if": {"collect_sps_and_if", "data_files", "configs", "common", "instance_arch_and_ami_id"},
    "collect_launch_time": {"collect_launch_time", "data_files", "configs", "common", "instance_arch_and_ami_id"},
    "report": {"report", "data_files", "configs", "common"},
    "check_setup": {
        "check_setup", "collect_sps_and_if", "collect_launch_time", "data_files", "configs", "common",
        "instance_arch_and_ami_id",
    },
    "local_aws": {"local_aws"},
}  # fmt: skip
OURS = set(ALLOWED) | {"tests", "benchmarks", "script", "examples"}


def _files(package: str) -> list[Path]:
    single = ROOT / f"{package}.py"
    return [single] if single.exists() else sorted((ROOT / package).rglob("*.py"))


def _imports(path: Path, *, at_start_only: bool = False) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = _run_at_start(tree) if at_start_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: a relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _run_at_start(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        is_checking = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if not is_checking and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            yield from _run_at_start(node)


@pytest.mark.parametrize("package", ALLOWED)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    files = _files(package)
    assert files
    for path in files:
        ours = {name.partition(".")[0] for name in _imports(path)} & OURS
        assert ours <= ALLOWED[package], f"{path.relative_to(ROOT)} imports {sorted(ours - ALLOWED[package])}"


def test_configs_and_collectors_take_only_the_tables_from_the_tables_package() -> None:
    for package in ("configs", "collect_sps_and_if", "collect_launch_time", "report"):
        for path in _files(package):
            names = {name for name in _imports(path) if name.startswith("instance_arch_and_ami_id.")}
            assert names <= {"instance_arch_and_ami_id.vcpus", *(name for name in names if _is_table(name))}, path


def _is_table(name: str) -> bool:
    return name.rpartition(".")[2].isupper()


@pytest.mark.parametrize("entry", ["collect_sps_and_if.poll", "collect_launch_time.steps"])
def test_what_cron_starts_every_ten_minutes_loads_nothing_heavy(entry: str) -> None:
    loaded: set[str] = set()
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        path = ROOT / Path(*name.split("."))
        file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        if name in loaded or not file.exists():
            loaded.add(name)
            continue
        loaded.add(name)
        waiting += [found for found in _imports(file) if found.partition(".")[0] in OURS]
        loaded |= {found for found in _imports(file, at_start_only=True) if found.partition(".")[0] not in OURS}
    heavy = {"pandas", "numpy", "matplotlib", "pyarrow", "numba", "altair", "jinja2", "tqdm", "tenacity"}
    assert not {name.partition(".")[0] for name in loaded} & heavy


def test_no_drawer_is_named_utils() -> None:
    names = {path.stem for package in ALLOWED for path in _files(package)}
    assert not names & {"utils", "util", "helpers", "misc"}
