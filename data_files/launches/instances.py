"""instances/DATE.csv: what became of each spot request, written when its probe ends."""

from datetime import datetime
from typing import NamedTuple

from data_files.cells import NAME, TEXT, TIME, one_of
from data_files.csv_table import Column, DatedFiles

READY = "ready"  # the outcome of an instance that got ready; else it is the market's last word

# Whose doing an end without readiness was.
MARKET = "market"
ACCOUNT = "account"  # quota, policy, key, AMI, subnet, or a request that cannot be granted here
US = "us"  # we ended it
OTHERS = "others"


class InstanceRow(NamedTuple):
    """A spot request.

    Its instance became ready for the first time between not_ready_time and ready_time, likewise fulfilled and running;
    a look whose answer did not show it says neither. One that was not ready is known not to have been so up to
    not_ready_time.
    """

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
    not_fulfilled_time: datetime | None = None
    not_running_time: datetime | None = None
    aws_request_time: datetime | None = None
    aws_fulfilled_time: datetime | None = None
    aws_launch_time: datetime | None = None
    cause: str | None = None
    reason: str | None = None


REQUEST_ID = Column("request_id", TEXT, "the spot request's id")
INSTANCE_ID = Column("instance_id", TEXT, "the id of the instance it led to")
REGION = Column("region", NAME, "the Region asked", is_needed=True)
ZONE = Column("az", TEXT, "the id of the Availability Zone where the instance was launched")
INSTANCE = Column("instance", NAME, "the instance type asked for", is_needed=True)
REQUEST_TIME = Column("request_time", TIME, "when the request was made", is_needed=True)
FULFILLED_TIME = Column("fulfilled_time", TIME, "the first look that saw it fulfilled")
RUNNING_TIME = Column("running_time", TIME, "the first look that saw the instance running")
NOT_READY_TIME = Column("not_ready_time", TIME, "the last look that saw the instance not ready")
READY_TIME = Column("ready_time", TIME, "the first look that saw it ready")
OUTCOME = Column("outcome", TEXT, "`ready`, or the request's last status code before it was cancelled or ended")
NOT_FULFILLED_TIME = Column("not_fulfilled_time", TIME, "the last look that saw it not fulfilled", is_later=True)
NOT_RUNNING_TIME = Column("not_running_time", TIME, "the last look that saw no running instance of it", is_later=True)
CAUSE = Column(
    "cause",
    one_of(MARKET, ACCOUNT, US, OTHERS),
    "whose doing an end without readiness was: `market`, `account` (quota, policy, key, AMI, subnet, a request that "
    "cannot be granted here), `us`: we ended it, `others`; empty for a ready one",
    is_later=True,
)
REASON = Column("reason", TEXT, "why it was not ready, in AWS's words", is_later=True)

FILES = DatedFiles(
    (
        REQUEST_ID,
        INSTANCE_ID,
        REGION,
        ZONE,
        INSTANCE,
        REQUEST_TIME,
        FULFILLED_TIME,
        RUNNING_TIME,
        NOT_READY_TIME,
        READY_TIME,
        OUTCOME,
        NOT_FULFILLED_TIME,
        NOT_RUNNING_TIME,
        Column("aws_request_time", TIME, "when AWS made the request, by its own clock", is_later=True),
        Column("aws_fulfilled_time", TIME, "when AWS fulfilled the request, by its own clock", is_later=True),
        Column("aws_launch_time", TIME, "when AWS launched the instance, by its own clock", is_later=True),
        CAUSE,
        REASON,
    ),
    InstanceRow,
    folder="collect_launch_time/data/instances",
)
"""By the day of the request."""
