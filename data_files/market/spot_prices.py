"""collect_spot_price/DATE.csv: every change of a spot price, by zone.

A change is dated by AWS's own time of it, which is when everybody could know it, however late it was fetched.
"""

from datetime import datetime
from typing import NamedTuple

from data_files.cells import AMOUNT, NAME, TIME
from data_files.csv_table import Column, DatedFiles


class PriceRow(NamedTuple):
    """A price from a moment on, in dollars an hour of one Linux instance."""

    time: datetime
    region: str
    az: str
    instance: str
    usd: float


PRICE_TIME = Column("time", TIME, "when the price began to hold, by AWS's own clock", is_needed=True)
REGION = Column("region", NAME, "the Region", is_needed=True)
ZONE = Column("az", NAME, "the id of the Availability Zone", is_needed=True)
INSTANCE = Column("instance", NAME, "the instance type", is_needed=True)
USD = Column("usd", AMOUNT, "the spot price of one Linux instance, in dollars an hour", is_needed=True)

FILES = DatedFiles(
    (PRICE_TIME, REGION, ZONE, INSTANCE, USD),
    PriceRow,
    folder="collect_spot_price/data",
)
"""By the local day of the change."""
