"""How a table is written as Python, and how one is replaced in a file while the others in it stay."""

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from common import durable_file
from common.errors import Refusal
from common.run_lock import run_lock

_LOCK_SECONDS = 30


@dataclass(frozen=True)
class TableFile:
    """A file of tables: what it says of itself, and which tables stand in it, in this order."""

    path: Path
    docstring: str
    tables: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table with where it comes from; the date is YYYY-MM-DD, and each exclusion carries its reason."""

    name: str
    date: str
    source: str
    left_out: Mapping[str, str]
    rows: Mapping[str, object]

    def as_python(self) -> str:
        """Write it as the assignments that the file holds, sorted."""
        rows = (f"{_literal(key)}: {_literal(row)}" for key, row in sorted(self.rows.items()))
        left_out = (_literal(f"{name}: {reason}") for name, reason in sorted(self.left_out.items()))
        return (
            f"{self.name}_DATE = {_literal(self.date)}\n"
            f"{self.name}_SOURCE = {_literal(self.source)}\n"
            f"{self.name}_LEFT_OUT = ({_one_a_line(left_out)})\n"
            f"{self.name} = {{{_one_a_line(rows)}}}\n"
        )


def write(file: TableFile, table: Table, lock: Path) -> None:
    """Put the table into the file, whole or not at all; any other table stays as it stands there, to the letter.

    Raises Refusal if the file is no Python any more, Locked while another command writes, and Unwritable.
    """
    with run_lock(lock, wait_seconds=_LOCK_SECONDS):
        blocks = {name: _block(file.path, name) for name in file.tables} | {table.name: table.as_python()}
        durable_file.replace(file.path, "\n".join([f'"""{file.docstring}"""\n', *filter(None, blocks.values())]))


def _literal(value: object) -> str:
    # What JSON writes of texts, whole numbers and mappings of them is Python too, in double quotes.
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _one_a_line(entries: Iterable[str]) -> str:
    lines = "".join(f"    {entry},\n" for entry in entries)
    return f"\n{lines}" if lines else ""


def _block(path: Path, table: str) -> str:
    try:
        text = path.read_text(encoding="utf-8")
        statements = ast.parse(text).body
    except FileNotFoundError:
        return ""
    except (SyntaxError, ValueError) as error:
        raise Refusal(f"{path} is no Python any more ({error}): mend it, or bring it back with git") from error
    lines = text.split("\n")
    return "".join(
        "\n".join(lines[statement.lineno - 1 : statement.end_lineno]) + "\n"
        for statement in statements
        if _assigned(statement) in (table, f"{table}_DATE", f"{table}_SOURCE", f"{table}_LEFT_OUT")
    )


def _assigned(statement: ast.stmt) -> str | None:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
    return target.id if isinstance(target, ast.Name) else None
