"""spending/DATE.csv: what each probe has cost, by the day on which it was reckoned."""

from __future__ import annotations

from datetime import date, datetime
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from data_files.cells import AMOUNT, COUNT, NAME, TIME, or_unknown
from data_files.csv_table import Column, DatedFiles, PassedOver

if TYPE_CHECKING:
    from data_files.columnar import ColumnarRows


class SpendingRow(NamedTuple):
    """What a probe's instances have cost together, in US dollars; those whose running is free are not counted.

    What all root volumes and public IPv4 addresses cost is told beside it; None where an older version reckoned.
    """

    time: datetime | None
    region: str
    instance: str | None
    instances: int | None
    seconds: float | None
    usd: float
    volumes_usd: float | None = None
    addresses_usd: float | None = None

    @property
    def total_usd(self) -> float:
        """Give what all of it has cost."""
        return _total(self.usd, self.volumes_usd or 0.0, self.addresses_usd or 0.0)


def _total(usd: float, volumes_usd: float, addresses_usd: float) -> float:
    return usd + volumes_usd + addresses_usd


USD = Column("usd", AMOUNT, "US dollars, at the spot price of each instance's zone", is_needed=True)
VOLUMES_USD = Column("volumes_usd", or_unknown(AMOUNT), "US dollars for their root volumes", is_later=True)
ADDRESSES_USD = Column("addresses_usd", or_unknown(AMOUNT), "US dollars for their public IPv4 addresses", is_later=True)

COSTS = (USD, VOLUMES_USD, ADDRESSES_USD)
"""The columns that `spent_by` adds up."""

# A row whose time or numbers make no sense still counts: what was spent was spent.
FILES = DatedFiles(
    (
        Column("time", or_unknown(TIME), "when the probe was ended, the same as in the journal"),
        Column("region", NAME, "the Region", is_needed=True),
        Column("instance", NAME, "the instance type; unknown of a leftover of which AWS does not tell it"),
        Column("instances", or_unknown(COUNT), "instances whose running time is billed"),
        Column("seconds", or_unknown(AMOUNT), "seconds billed, of all of them together"),
        USD,
        VOLUMES_USD,
        ADDRESSES_USD,
    ),
    SpendingRow,
    folder="collect_launch_time/data/spending",
)


def spent(home: Path, day: date, passed_over: PassedOver | None = None) -> float:
    """Add up what a day has cost, in US dollars: instances, their volumes and addresses.

    passed_over is told the number of rows that make no sense, if any.
    """
    return sum(row.total_usd for row in FILES.rows(home, day, passed_over))


def spent_by(rows: ColumnarRows) -> float:
    """Add up what rows have cost, as `spent` does."""
    costs = ([0.0 if isnan(usd) else usd for usd in rows.numbers(column).tolist()] for column in COSTS)
    return sum(map(_total, *costs))
