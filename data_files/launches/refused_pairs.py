"""refused_pairs/DATE.csv: what AWS can never grant here; the runs of that day pass it over and take the next pair."""

import logging
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from data_files.cells import NAME, REGION_NAME, TEXT, TIME, or_unknown
from data_files.csv_table import Column, DatedFiles

log = logging.getLogger(__name__)


class RefusedPair(NamedTuple):
    """A pair of instance type and Region, or a whole Region, in which AWS refused a request for good."""

    time: datetime | None
    region: str
    instance: str | None
    code: str | None
    reason: str | None


REASON = Column("reason", TEXT, "AWS's own words")

FILES = DatedFiles(
    (
        Column("time", or_unknown(TIME), "when AWS refused the request"),
        Column("region", REGION_NAME, "the Region", is_needed=True),
        Column("instance", NAME, "the instance type; empty: whatever is asked for in the Region"),
        Column("code", TEXT, "AWS's error code"),
        REASON,
    ),
    RefusedPair,
    folder="collect_launch_time/data/refused_pairs",
)


def refused(home: Path, day: date) -> list[RefusedPair]:
    """Give what AWS refused for good on a day; nothing, logged, if that cannot be read: AWS will say so again."""
    try:
        return list(FILES.rows(home, day))
    except OSError as error:
        log.warning("%s cannot be read: %s", FILES.path(home, day), error)
        return []
