"""mailed.csv: one row a report that a mail server has taken; and where those lie that none has."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from data_files.cells import DATE, TEXT, TIME, WORDS
from data_files.csv_table import Column, SingleFile

UNSENT = "collect_sps_and_if/data/report/unsent"
"""The folder, under HOME, of the reports (DATE.eml) that no mail server has taken yet."""


class MailedRow(NamedTuple):
    """A report that is out: when it was taken, the day it is of, its Message-ID, its recipients."""

    time: datetime | None
    date: date | None
    message_id: str
    recipients: tuple[str, ...] | None


FILE = SingleFile(
    (
        Column("time", TIME, "when a mail server took it"),
        Column("date", DATE, "the day it reports"),
        Column("message_id", TEXT, "its Message-ID", is_needed=True),
        Column("recipients", WORDS, "the addresses it was mailed to"),
    ),
    MailedRow,
    place="collect_sps_and_if/data/report/mailed.csv",
)


_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def letters(home: Path) -> Iterator[tuple[date, Path, bool]]:
    """Give the day of each report laid out for mailing, its file, and whether a mail server has taken it after all.

    Oldest first. One that was taken is left behind by a crash. Raises OSError.
    """
    paths = sorted((home / UNSENT).glob("????-??-??.eml"))
    taken = {row.message_id for row in FILE.rows(home)} if paths else set()
    for path in paths:
        try:
            day = date.fromisoformat(path.stem)
        except ValueError:  # nobody's business
            continue
        head, _, _ = path.read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")
        found = _MESSAGE_ID.search(head)
        yield day, path, found is not None and found[1].decode(errors="replace") in taken
