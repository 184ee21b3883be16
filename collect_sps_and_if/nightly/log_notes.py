"""What the day's logs warned of: like lines told once, with their number and the time of the last one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from common.files.run_lock import is_of_a_lock
from common.run_log import RECORD

# What tells one query, Region, type or id from another, and lists of such.
_VARYING = re.compile(r"\S*\d\S*(?: \S*\d\S*)*")
_LONGEST = 300


@dataclass(frozen=True)
class LogNote:
    """Warnings that differ only in numbers and in names that have some: the last one's text, its time, their count."""

    text: str
    time: str
    count: int
    is_error: bool


def log_notes(folders: Sequence[Path], day: date) -> list[LogNote]:
    """Gather the warnings and errors of a day's logs, errors first, then the most frequent; no run that was locked out.

    Those are counted by `locked_out`.
    """
    notes: dict[tuple[bool, str], LogNote] = {}
    for folder in folders:
        records = _records(folder / f"{day.isoformat()}.log")
        for time, is_error, text in (record for record in records if not is_of_a_lock(record[2])):
            like = is_error, _VARYING.sub("#", text)
            count = notes[like].count + 1 if like in notes else 1
            notes[like] = LogNote(text, time, count, is_error)
    return sorted(notes.values(), key=lambda note: (not note.is_error, -note.count, note.text))


def locked_out(folder: Path, day: date) -> int:
    """Count the runs that left as another one of their kind was still going on."""
    return sum(is_of_a_lock(text) for _, _, text in _records(folder / f"{day.isoformat()}.log"))


def _records(path: Path) -> Iterator[tuple[str, bool, str]]:
    try:
        file = path.open(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    with file:
        for line in file:
            record = RECORD.match(line)
            if record:
                time, level, _, text = record.groups()
                shown = text if len(text) <= _LONGEST else text[:_LONGEST] + " …"
                yield time[11:16], level != "WARNING", shown
