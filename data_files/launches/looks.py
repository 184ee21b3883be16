"""DATE.csv: one row a probe and look, with how many of its instances have so far come to what."""

from datetime import datetime
from typing import Any, NamedTuple

from data_files.cells import COUNT, NAME, TIME, whole_numbers
from data_files.csv_table import Column, DatedFiles


class LookRow(NamedTuple):
    """A look at a probe; the counts say how many have so far become so, whatever became of them since."""

    region: str
    instance: str
    instance_count: int
    request_time: datetime
    current_time: datetime
    ready_instances: int | None
    fulfilled_instances: int | None
    running_instances: int | None


REGION = Column("region", NAME, "the Region asked", is_needed=True)
INSTANCE = Column("instance", NAME, "the instance type asked for", is_needed=True)
INSTANCE_COUNT = Column("instance_count", whole_numbers(1, 1_000_000), "instances asked for", is_needed=True)
REQUEST_TIME = Column("request_time", TIME, "when the spot request was made", is_needed=True)
CURRENT_TIME = Column("current_time", TIME, "when the look's answers were in", is_needed=True)
READY_INSTANCES = Column("ready_instances", COUNT, "instances that had become ready by the look")
FULFILLED_INSTANCES = Column("fulfilled_instances", COUNT, "instances that had been fulfilled by the look")
RUNNING_INSTANCES = Column("running_instances", COUNT, "instances that had been running by the look")

FILES = DatedFiles(
    (
        REGION,
        INSTANCE,
        INSTANCE_COUNT,
        REQUEST_TIME,
        CURRENT_TIME,
        READY_INSTANCES,
        FULFILLED_INSTANCES,
        RUNNING_INSTANCES,
    ),
    LookRow,
    folder="collect_launch_time/data",
)
"""By the day of the request."""


def is_contradictory(asked: Any, most: Any, seconds: Any) -> Any:
    """Tell whether a look's cells cannot all be true: a look before the request, or more instances than asked for.

    Of numbers, or of arrays of them: instances asked for, the highest of the look's counts, seconds since the request.
    """
    return (most > asked) | (seconds < 0)
