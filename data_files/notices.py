"""notices.csv: what people were told of today, so that they are told once; it is replaced whole, and never grows."""

from datetime import datetime
from typing import NamedTuple

from data_files.cells import TEXT, TIME
from data_files.csv_table import Column, SingleFile


class Notice(NamedTuple):
    """A thing that people were told, without its numbers, and when."""

    time: datetime
    thing: str


FILE = SingleFile(
    (
        Column("time", TIME, "when it was sent", is_needed=True),
        Column("thing", TEXT, "what needs a person, `#` in the place of each number", is_needed=True),
    ),
    Notice,
    is_appended=False,
    place="notify/data/notices.csv",
)
