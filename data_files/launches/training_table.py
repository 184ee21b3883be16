"""The training table, made by `python -m collect_launch_time.dataset`: a row a probe and look, with what was known."""

from datetime import datetime
from typing import NamedTuple

from data_files.cells import (
    AMOUNT,
    COUNT,
    INTERRUPTION_FREQUENCY,
    PLACEMENT_SCORE,
    SAVINGS,
    TEXT,
    TIME,
    whole_numbers,
)
from data_files.csv_table import Column, CsvTable


class TrainingRow(NamedTuple):
    """A look at a probe, and what was known when the probe's request was made; None is unknown."""

    request_time: datetime
    region: str
    instance: str
    family: str
    size: str
    architecture: str | None
    vcpus: int | None
    instance_count: int
    hour_utc: int
    weekday_utc: int
    sps: int | None
    sps_age_seconds: float | None
    sps_changes_24h: int | None
    interruption_frequency: int | None
    if_age_seconds: float | None
    if_changes_30d: int | None
    savings: int | None
    seconds: float
    ready_instances: int | None
    fulfilled_instances: int | None
    running_instances: int | None


REQUEST_TIME = Column(
    "request_time",
    TIME,
    "when the spot request was made; in CSV with its UTC offset, in Parquet as UTC",
    is_needed=True,
)
REGION = Column("region", TEXT, "the Region asked", is_needed=True)
INSTANCE = Column("instance", TEXT, "the instance type asked for", is_needed=True)
FAMILY = Column("family", TEXT, "the instance type's family: what stands before the dot")
SIZE = Column("size", TEXT, "the instance type's size: what stands behind the dot")
ARCHITECTURE = Column("architecture", TEXT, "`x86_64` or `arm64`, by FAMILY_ARCH")
VCPUS = Column("vcpus", COUNT, "vCPUs of one instance")
INSTANCE_COUNT = Column("instance_count", COUNT, "instances asked for", is_needed=True)
HOUR_UTC = Column("hour_utc", whole_numbers(0, 23), "hour of the request, 0 to 23, in UTC", is_needed=True)
WEEKDAY_UTC = Column(
    "weekday_utc", whole_numbers(0, 6), "day of the request's week in UTC, 0 is Monday", is_needed=True
)
SPS = Column("sps", PLACEMENT_SCORE, "the last known placement score, 1 to 10")
SPS_AGE = Column("sps_age_seconds", AMOUNT, "how long before the request that score was measured")
SPS_CHANGES = Column("sps_changes_24h", COUNT, "how often the known score changed in the 24 hours before the request")
IF = Column("if", INTERRUPTION_FREQUENCY, "the last known interruption frequency: 0 is below 5 %, 4 is above 20 %")
IF_AGE = Column("if_age_seconds", AMOUNT, "how long before the request that frequency was last seen to hold")
IF_CHANGES = Column("if_changes_30d", COUNT, "how often the known frequency changed in the 30 days before the request")
SAVING = Column("savings", SAVINGS, "the last known savings over on-demand, in percent")
SECONDS = Column("seconds", AMOUNT, "from the request to the look", is_needed=True)
READY = Column("ready_instances", COUNT, "instances that had become ready by the look")
FULFILLED = Column("fulfilled_instances", COUNT, "instances that had been fulfilled by the look")
RUNNING = Column("running_instances", COUNT, "instances that had been running by the look")

OUTCOMES = (READY, FULFILLED, RUNNING)
"""What came of the request, and so must not be among a model's inputs; all the others were known when it was made."""

_COLUMNS = (
    REQUEST_TIME, REGION, INSTANCE, FAMILY, SIZE, ARCHITECTURE, VCPUS, INSTANCE_COUNT, HOUR_UTC, WEEKDAY_UTC,
    SPS, SPS_AGE, SPS_CHANGES, IF, IF_AGE, IF_CHANGES, SAVING,
    SECONDS, *OUTCOMES,
)  # fmt: skip

TABLE = CsvTable(_COLUMNS, TrainingRow, is_appended=False)


def kind_of(column: Column) -> str:
    """Name a column's kind in a word or two, such as `text` or `whole number`."""
    return column.kind.basic


def data_dictionary() -> str:
    """Write the data dictionary as a Markdown table."""
    lines = ["| column | kind | meaning |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {kind_of(column)} | {column.meaning} |" for column in TABLE.columns]
    return "\n".join(lines) + "\n"
