"""FAMILY_ARCH, IMAGE_ID and VCPUS: what is known of instance types and AMIs, kept as Python that is data only.

Read as text, never imported: a table that was rewritten within the same second at the same size would else be served
from a stale .pyc.
"""

import ast
import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from common.errors import Refusal
from common.files import durable_file
from common.files.run_lock import run_lock
from data_files.folders import Folders

# AL2023 AMIs are deprecated 90 days after their release: hidden from lists, and one day gone. AWS publishes new
# instance types a few times a year.
DAYS_GOOD = 90

# Families that do not run Amazon Linux 2023 although DescribeInstanceTypes says nothing against it.
CANNOT_RUN_AL2023 = {
    # https://github.com/amazonlinux/amazon-linux-2023/issues/50 and /64: "only Graviton 2 and higher"
    "a1": "is the first Graviton, on which Amazon Linux 2023 panics at boot",
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/virtualization_types.html; EC2 refuses an hvm AMI for them
    **dict.fromkeys(("t1", "m1", "m2", "c1"), "runs paravirtual AMIs only, and Amazon Linux 2023's are hvm"),
}

_LOCK_SECONDS = 30
_OWN_MACHINE = ("://127.", "://localhost", "://[::1]")
_MEND = "mend it, or delete it and run the commands of instance_arch_and_ami_id again with --write"
_PACKAGE = "instance_arch_and_ami_id"
_SHIPPED = Path(__file__).resolve().parent.parent / _PACKAGE
_PROVENANCE = """
Written by get_family_arch.py --write and get_ami_id.py --write.
What was collected at an address of one's own machine comes from the local AWS, which has AWS's own data, as old as the
release of moto that carries them.
"""


@dataclass(frozen=True)
class TableFile:
    """Tables that are collected together: where they ship, the file's name under HOME, its docstring and its order."""

    shipped: Path
    name: str
    docstring: str
    tables: tuple[str, ...]

    def collected(self, home: Path) -> Path:
        """Give the file that --write makes: under HOME, where git has nothing to say, and an upgrade meets nothing."""
        return Folders(home, _PACKAGE).data / self.name


TABLES = TableFile(
    _SHIPPED / "shipped_tables.py",
    "tables.py",
    f"""Which architecture a family has, and which Amazon Linux 2023 AMI a Region has for it: data only.
{_PROVENANCE}""",
    ("FAMILY_ARCH", "IMAGE_ID"),
)
VCPUS_TABLE = TableFile(
    _SHIPPED / "shipped_vcpus.py",
    "vcpus.py",
    f"""How many vCPUs each instance type has, by family and size: data only.
{_PROVENANCE}""",
    ("VCPUS",),
)


@dataclass(frozen=True)
class Table:
    """One table with where it comes from; made is YYYY-MM-DD, and each exclusion carries its reason."""

    name: str
    made: str
    source: str
    left_out: Mapping[str, str]
    rows: Mapping[str, Any]

    @property
    def is_of_local_aws(self) -> bool:
        """Tell whether it was collected at an address of one's own machine, as the local AWS has."""
        return any(host in self.source for host in _OWN_MACHINE)

    def as_python(self) -> str:
        """Write it as the assignments that the file holds, sorted."""
        rows = (f"{_literal(key)}: {_literal(row)}" for key, row in sorted(self.rows.items()))
        left_out = (_literal(f"{name}: {reason}") for name, reason in sorted(self.left_out.items()))
        return (
            f"{self.name}_DATE = {_literal(self.made)}\n"
            f"{self.name}_SOURCE = {_literal(self.source)}\n"
            f"{self.name}_LEFT_OUT = ({_one_a_line(left_out)})\n"
            f"{self.name} = {{{_one_a_line(rows)}}}\n"
        )

    def age_days(self, today: date) -> int | None:
        """Tell how many days ago it was collected; None if it does not say."""
        try:
            return (today - date.fromisoformat(self.made[:10])).days
        except ValueError:
            return None


def family_arch(home: Path) -> Mapping[str, str]:
    """Give the architecture, x86_64 or arm64, of each family."""
    return table_in_force(home, TABLES, "FAMILY_ARCH").rows


def image_id(home: Path) -> Mapping[str, Mapping[str, str]]:
    """Give the AMI of each Region and architecture."""
    return table_in_force(home, TABLES, "IMAGE_ID").rows


@functools.cache
def vcpus(home: Path) -> Mapping[str, int]:
    """Give the vCPUs of each instance type."""
    families = table_in_force(home, VCPUS_TABLE, "VCPUS").rows
    return {f"{family}.{size}": count for family, sizes in families.items() for size, count in sizes.items()}


def ami_days_left(home: Path, today: date) -> int | None:
    """Tell for how many days the AMIs will not be deprecated, by the table's date; None if there are none."""
    table = table_in_force(home, TABLES, "IMAGE_ID")
    age = table.age_days(today)
    return min(DAYS_GOOD, DAYS_GOOD - age) if table.rows and age is not None else None


def table_in_force(home: Path, file: TableFile, name: str) -> Table:
    """Read the table that was collected under home, else the one that ships. Raises Refusal as read_table does."""
    return read_table(file.collected(home) if is_collected(home, file, name) else file.shipped, name)


def is_collected(home: Path, file: TableFile, name: str) -> bool:
    """Tell whether a table was collected under home, so that it goes before the one that ships."""
    return bool(read_table(file.collected(home), name).rows)


@functools.cache
def read_table(path: Path, name: str) -> Table:
    """Read one table; one that is not there is empty. Raises Refusal if the file is no Python any more, or no data."""
    try:
        values = {
            target: ast.literal_eval(statement.value)
            for statement in _parsed(path)[1]
            if isinstance(statement, ast.Assign | ast.AnnAssign)
            and statement.value
            and (target := _assigned(statement)) in _names(name)
        }
    except ValueError as error:
        raise Refusal(f"{path}: {name} is no plain data ({error}): {_MEND}") from error
    left_out = dict(entry.split(": ", 1) for entry in values.get(f"{name}_LEFT_OUT", ()))
    made, source = str(values.get(f"{name}_DATE", "")), str(values.get(f"{name}_SOURCE", ""))
    return Table(name, made, source, left_out, values.get(name, {}))


def write_table(path: Path, file: TableFile, table: Table, lock: Path) -> None:
    """Put the table into path, whole or not at all; any other table stays as it stands there, to the letter.

    Raises Refusal if what stands there is no Python any more, Locked while another command writes, and Unwritable.
    """
    with run_lock(lock, wait_seconds=_LOCK_SECONDS):
        _forget()  # what another command has written since
        blocks = {name: _block(path, name) for name in file.tables} | {table.name: table.as_python()}
        durable_file.replace(path, "\n".join([f'"""{file.docstring}"""\n', *filter(None, blocks.values())]))
    _forget()


def _forget() -> None:
    for known in (_parsed, read_table, vcpus):
        known.cache_clear()


def _names(table: str) -> tuple[str, ...]:
    return table, f"{table}_DATE", f"{table}_SOURCE", f"{table}_LEFT_OUT"


def _literal(value: object) -> str:
    # What JSON writes of texts, whole numbers and mappings of them is Python too, in double quotes.
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _one_a_line(entries: Iterable[str]) -> str:
    lines = "".join(f"    {entry},\n" for entry in entries)
    return f"\n{lines}" if lines else ""


@functools.cache
def _parsed(path: Path) -> tuple[str, list[ast.stmt]]:
    try:
        text = path.read_text(encoding="utf-8")
        return text, ast.parse(text).body
    except FileNotFoundError:
        return "", []
    except (SyntaxError, ValueError) as error:
        raise Refusal(f"{path} is no Python any more ({error}): {_MEND}") from error


def _block(path: Path, table: str) -> str:
    text, statements = _parsed(path)
    lines = text.split("\n")
    return "".join(
        "\n".join(lines[statement.lineno - 1 : statement.end_lineno]) + "\n"
        for statement in statements
        if _assigned(statement) in _names(table)
    )


def _assigned(statement: ast.stmt) -> str | None:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
    return target.id if isinstance(target, ast.Name) else None
