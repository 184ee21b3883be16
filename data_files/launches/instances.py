"""instances/DATE.csv: what became of each spot request, written when its probe ends."""

from datetime import datetime
from typing import NamedTuple

from data_files.cells import NAME, TEXT, TIME
from data_files.csv_table import Column, DatedFiles

READY = "ready"  # the outcome of an instance that got ready; else it is the market's last word


class InstanceRow(NamedTuple):
    """A spot request; its instance became ready for the first time between not_ready_time and ready_time."""

    request_id: str | None
    instance_id: str | None
    region: str
    az: str | None
    instance: str
    request_time: datetime
    fulfilled_time: datetime | None
    running_time: datetime | None
    not_ready_time: datetime | None
    ready_time: datetime | None
    outcome: str | None


REGION = Column("region", NAME, "the Region asked", is_needed=True)
INSTANCE = Column("instance", NAME, "the instance type asked for", is_needed=True)
OUTCOME = Column("outcome", TEXT, "`ready`, or the request's last status code before it was cancelled or ended")

FILES = DatedFiles(
    (
        Column("request_id", TEXT, "the spot request's id"),
        Column("instance_id", TEXT, "the id of the instance it led to"),
        REGION,
        Column("az", TEXT, "the id of the Availability Zone where the instance was launched"),
        INSTANCE,
        Column("request_time", TIME, "when the request was made", is_needed=True),
        Column("fulfilled_time", TIME, "the first look that saw it fulfilled"),
        Column("running_time", TIME, "the first look that saw the instance running"),
        Column("not_ready_time", TIME, "the last look that saw the instance not ready"),
        Column("ready_time", TIME, "the first look that saw it ready"),
        OUTCOME,
    ),
    InstanceRow,
    folder="collect_launch_time/data/instances",
)
"""By the day of the request."""
