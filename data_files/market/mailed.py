"""mailed.csv: one row a report that a mail server has taken; and where those lie that none has."""

from datetime import date, datetime
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
