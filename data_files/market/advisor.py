"""interruption_frequency/DATE.csv: all pairs that the Spot Instance Advisor lists, whenever its listing changes."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from data_files.cells import INTERRUPTION_FREQUENCY, NAME, SAVINGS, TIME
from data_files.csv_table import Column, DatedFiles


class AdvisedRow(NamedTuple):
    """A pair in a listing: the advisor's index of its interruption frequency, and savings in percent."""

    time: datetime
    region: str
    instance: str
    interruption_frequency: int | None
    savings: int | None


LISTING_TIME = Column("time", TIME, "when the poll that found the new listing started", is_needed=True)
REGION = Column("region", NAME, "the Region", is_needed=True)
INSTANCE = Column("instance", NAME, "the instance type", is_needed=True)
IF = Column("if", INTERRUPTION_FREQUENCY, "the interruption frequency: 0 is below 5 %, 4 is above 20 %")
SAVING = Column("savings", SAVINGS, "savings over on-demand in percent; below 0 where spot is dearer")

FILES = DatedFiles(
    (LISTING_TIME, REGION, INSTANCE, IF, SAVING),
    AdvisedRow,
    folder="collect_sps_and_if/data/interruption_frequency",
)


def last_listing(home: Path) -> list[AdvisedRow]:
    """Give the rows of the newest stored listing; empty without any."""
    days = FILES.days(home)
    listing: list[AdvisedRow] = []
    for row in FILES.rows(home, days[-1]) if days else ():
        if listing and row.time != listing[-1].time:
            listing = []
        listing.append(row)
    return listing
