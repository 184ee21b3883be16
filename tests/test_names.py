"""A public name is one thing's in the whole product, and what only its own module uses is private.

The local AWS, which the product never imports and which imports nothing of it, has names of its own.
"""

import ast
import importlib
from collections.abc import Iterator, Mapping
from typing import Any

from data_files.csv_table import Column
from tests.modules import ABOVE, APART, MODULES, modules_of, package_of, tree_of

SCRIPTS = modules_of("script")
ALL_CODE = MODULES | modules_of(*ABOVE)
IN_MANY_MODULES = {"main", "log"}  # what a command starts with; where a module logs
VOCABULARY = ("data_files", "configs")  # columns, their values and the settings: said with the module (`looks.REGION`)
OF_A_FILE = {"FILES", "FILE", "TABLE"}  # by this a module of data_files gives what it is about
DATA_ONLY = {"instance_arch_and_ami_id.shipped_tables", "instance_arch_and_ami_id.shipped_vcpus"}  # read, not imported


def _public_names(module: str) -> Iterator[str]:
    """Give what a module defines at its top under a public name."""
    for node in tree_of(ALL_CODE[module]).body:
        names: list[str] = []
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
        yield from (name for name in names if not name.startswith("_"))


def _shared_names(modules: Mapping[str, Any]) -> dict[str, list[str]]:
    owners: dict[str, set[str]] = {}
    for module in modules.keys() - DATA_ONLY:
        for name in _public_names(module):
            is_word = name.isupper() and package_of(module) in VOCABULARY
            owners.setdefault(name, set()).add("a column, value or setting" if is_word else module)
    return {name: sorted(where) for name, where in owners.items() if len(where) > 1 and name not in IN_MANY_MODULES}


def test_no_two_things_of_the_product_share_a_public_name() -> None:
    assert not _shared_names({name: file for name, file in MODULES.items() if package_of(name) != APART} | SCRIPTS)


def test_no_two_things_of_the_local_aws_share_a_public_name() -> None:
    assert not _shared_names(modules_of(APART))


def test_a_name_of_columns_or_values_means_the_same_in_every_file() -> None:
    meant: dict[str, dict[str, str]] = {}
    for module in modules_of(*VOCABULARY):
        for name in set(filter(str.isupper, _public_names(module))) - OF_A_FILE:
            value = getattr(importlib.import_module(module), name)
            is_setting = module == "configs"
            said = f"column {value.name}" if isinstance(value, Column) else name.lower() if is_setting else repr(value)
            meant.setdefault(name, {})[module] = said
    # A column that tells what a setting was has the setting's name.
    differing = {
        name: by for name, by in meant.items() if len({said.removeprefix("column ") for said in by.values()}) > 1
    }
    assert not differing


def test_a_function_or_constant_that_only_its_own_module_uses_is_private() -> None:
    used = _used_elsewhere()
    only_here = [
        f"{module}.{name}"
        for module in (MODULES | SCRIPTS).keys() - DATA_ONLY
        for name in _public_names(module)
        if package_of(module) not in VOCABULARY and name not in IN_MANY_MODULES
        if not _is_type(module, name) and (module, name) not in used
    ]
    assert not sorted(only_here)


def _is_type(module: str, name: str) -> bool:
    """Tell whether it is a class or the name of a type, which stands in what a public function takes or gives."""
    defined = {node.name: node for node in tree_of(ALL_CODE[module]).body if isinstance(node, ast.ClassDef)}
    return name in defined or (name[0].isupper() and not name.isupper())


def _dotted(node: ast.expr) -> str:
    """Give `a.b.c` of names and attributes, and nothing of what has anything else in it."""
    if isinstance(node, ast.Attribute) and (of := _dotted(node.value)):
        return f"{of}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _used_elsewhere() -> set[tuple[str, str]]:
    """Give (module, name) of what code uses of another module: imported, looked up in it or, by a test, replaced."""
    used: set[tuple[str, str]] = set()
    for file in ALL_CODE.values():
        nodes = list(ast.walk(tree_of(file)))
        called: dict[str, str] = {}  # modules by the names that they go by here
        for node in nodes:
            if isinstance(node, ast.Import):
                called |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                used |= {(str(node.module), alias.name) for alias in node.names}
                called |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
                used.add((called.get(_dotted(node.value), ""), node.attr))
            elif isinstance(node, ast.Call) and len(node.args) == 3 and isinstance(node.args[1], ast.Constant):
                used.add((called.get(_dotted(node.args[0]), ""), str(node.args[1].value)))
    return used
