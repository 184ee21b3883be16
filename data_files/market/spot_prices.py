"""collect_spot_price's files: every change of a spot price, at AWS's own time of it; and how far they reach.

`DATE.csv` has a row a change, `fetched.csv` says for each pair up to when all changes are in these files: a price that
has not changed for a week and one that nobody asked for look alike in the rows.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from data_files.cells import AMOUNT, NAME, TIME
from data_files.csv_table import Column, DatedFiles, PassedOver, SingleFile


class PriceChange(NamedTuple):
    """From this time on, an instance in this zone cost so much: usd per hour of one Linux instance."""

    time: datetime
    region: str
    az: str
    instance: str
    usd: float


class FetchedUntil(NamedTuple):
    """Up to when every change of a pair is in the files, by AWS's clock."""

    region: str
    instance: str
    until: datetime


PRICE_TIME = Column("time", TIME, "when the price changed, by AWS's own clock", is_needed=True)
REGION = Column("region", NAME, "the Region", is_needed=True)
ZONE = Column("az", NAME, "the id of the Availability Zone", is_needed=True)
INSTANCE = Column("instance", NAME, "the instance type", is_needed=True)
USD = Column("usd", AMOUNT, "US dollars per hour of one Linux instance from then on", is_needed=True)

FILES = DatedFiles(
    (PRICE_TIME, REGION, ZONE, INSTANCE, USD),
    PriceChange,
    folder="collect_spot_price/data",
)
"""By the local day of the change."""

FETCHED = SingleFile(
    (REGION, INSTANCE, Column("fetched_until", TIME, "up to when its changes are all in the files", is_needed=True)),
    FetchedUntil,
    is_appended=False,
    place="collect_spot_price/data/fetched.csv",
)


def changes_of(
    path: Path, is_wanted: Callable[[bytes], bool], passed_over: PassedOver | None = None
) -> Iterator[PriceChange]:
    """Give the changes of a file in wanted zones, and perhaps others. Raises OSError.

    is_wanted is told a zone as the lines have it: Region, zone id and instance type, separated by commas.
    """

    def is_of_wanted_zone(line: bytes) -> bool:
        return is_wanted(line[line.find(b",") + 1 : line.rfind(b",")])

    return FILES.read(path, passed_over, is_of_wanted_zone)


def append_changes(home: Path, changes: Iterable[PriceChange]) -> None:
    """Add changes to the files of their days, the oldest day first. Raises Unwritable."""
    by_day: dict[date, list[PriceChange]] = {}
    for change in changes:
        by_day.setdefault(change.time.date(), []).append(change)
    for day, rows in sorted(by_day.items()):
        FILES.append(FILES.path(home, day), rows)
