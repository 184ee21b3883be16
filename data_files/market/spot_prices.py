"""collect_spot_price's files: every change of a spot price, at AWS's own time of it; and how far they reach.

`DATE.csv` has a row a change, `fetched.csv` says for each pair up to when all changes are in these files: a price that
has not changed for a week and one that nobody asked for look alike in the rows.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
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
    path: Path, types: Collection[str], is_wanted: Mapping[bytes, bool], passed_over: PassedOver | None = None
) -> Iterator[PriceChange]:
    """Give the changes of some instance types in wanted zones, and perhaps others, of a file. Raises OSError.

    is_wanted has every zone, as lines have it: Region, zone id and instance type, separated by commas.
    """

    def select(text: bytes) -> list[bytes]:
        lines = _naming(text, types) if len(types) <= _FEW else text.split(b"\n")
        return [line for line in lines if is_wanted[line[line.find(b",") + 1 : line.rfind(b",")]]]

    return FILES.read(path, passed_over, select)


_FEW = 8  # so many types are found faster one after the other than by looking at every line


def _naming(text: bytes, types: Iterable[str]) -> Iterator[bytes]:
    """Give the lines of a text that name one of some types."""
    for name in types:
        cell = f",{name},".encode()
        place = text.find(cell)
        while place >= 0:
            end = text.find(b"\n", place)
            yield text[text.rfind(b"\n", 0, place) + 1 : end]
            place = text.find(cell, end)


def append_changes(home: Path, changes: Iterable[PriceChange]) -> None:
    """Add changes to the files of their days, the oldest day first. Raises Unwritable."""
    by_day: dict[date, list[PriceChange]] = {}
    for change in changes:
        by_day.setdefault(change.time.date(), []).append(change)
    for day, rows in sorted(by_day.items()):
        FILES.append(FILES.path(home, day), rows)
