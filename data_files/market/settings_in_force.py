"""settings.csv: the settings that shape what is polled, a row whenever one has another value than before."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from data_files.cells import TEXT, TIME
from data_files.csv_table import Column, SingleFile


class SettingRow(NamedTuple):
    """From this time on, a setting had this value, as it is written in configs.py; None is an empty one."""

    time: datetime
    name: str
    value: str | None


FILE = SingleFile(
    (
        Column("time", TIME, "when a poll found the value for the first time", is_needed=True),
        Column("name", TEXT, "the setting", is_needed=True),
        Column("in_force", TEXT, "its value; lists are separated by spaces"),
    ),
    SettingRow,
    place="collect_sps_and_if/data/settings.csv",
)


def record(home: Path, now: datetime, values: Mapping[str, str]) -> list[str]:
    """Write down the settings that have another value than before, and name them; none at the first time.

    Raises Unwritable.
    """
    known = {row.name: row.value or "" for row in FILE.rows(home)}
    changed = [name for name, value in values.items() if known.get(name) != value]
    if changed:
        FILE.append(FILE.path(home), [SettingRow(now, name, values[name] or None) for name in changed])
    return [name for name in changed if name in known]
