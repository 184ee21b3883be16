"""Every table that data_files defines, found rather than listed: one that is added is tested from then on."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import data_files
from data_files.csv_table import DatedFiles, SingleFile


def all_tables() -> list[DatedFiles[Any] | SingleFile[Any]]:
    """Give each table once, in the order of the modules' names."""
    found: list[DatedFiles[Any] | SingleFile[Any]] = []
    for name in _modules():
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, DatedFiles | SingleFile) and value not in found:
                found.append(value)
    return found


def _modules() -> Iterator[str]:
    rooms = pkgutil.walk_packages(data_files.__path__, "data_files.")
    yield from sorted(module.name for module in rooms if not module.ispkg and module.name != "data_files.columnar")
