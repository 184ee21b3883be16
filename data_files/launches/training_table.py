"""The training table's columns: their names, kinds and meanings, in order; the data dictionary is made of them."""

from dataclasses import dataclass
from typing import Any

TEXT = "text"
TIME = "time"
WHOLE = "whole number"
NUMBER = "number"


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str
    kind: str
    meaning: str


COLUMNS = (
    Column("request_time", TIME, "when the spot request was made; in CSV with its UTC offset, in Parquet as UTC"),
    Column("region", TEXT, "the Region asked"),
    Column("instance", TEXT, "the instance type asked for"),
    Column("family", TEXT, "the instance type's family: what stands before the dot"),
    Column("size", TEXT, "the instance type's size: what stands behind the dot"),
    Column("architecture", TEXT, "`x86_64` or `arm64`, by FAMILY_ARCH"),
    Column("vcpus", WHOLE, "vCPUs of one instance"),
    Column("instance_count", WHOLE, "instances asked for"),
    Column("hour_utc", WHOLE, "hour of the request, 0 to 23, in UTC"),
    Column("weekday_utc", WHOLE, "day of the request's week in UTC, 0 is Monday"),
    Column("sps", WHOLE, "the last known placement score, 1 to 10"),
    Column("sps_age_seconds", NUMBER, "how long before the request that score was measured"),
    Column("sps_changes_24h", WHOLE, "how often the known score changed in the 24 hours before the request"),
    Column("if", WHOLE, "the last known interruption frequency: 0 is below 5 %, 4 is above 20 %"),
    Column("if_age_seconds", NUMBER, "how long before the request that frequency was last seen to hold"),
    Column("if_changes_30d", WHOLE, "how often the known frequency changed in the 30 days before the request"),
    Column("savings", WHOLE, "the last known savings over on-demand, in percent"),
    Column("seconds", NUMBER, "from the request to the look"),
    Column("ready_instances", WHOLE, "instances that had become ready by the look"),
    Column("fulfilled_instances", WHOLE, "instances that had been fulfilled by the look"),
    Column("running_instances", WHOLE, "instances that had been running by the look"),
)
NAMES = tuple(column.name for column in COLUMNS)
# What came of the request, and so must not be among a model's inputs; all the others were known when it was made.
OUTCOMES = ("ready_instances", "fulfilled_instances", "running_instances")


def data_dictionary() -> str:
    """Write the data dictionary as a Markdown table."""
    lines = ["| column | kind | meaning |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {column.kind} | {column.meaning} |" for column in COLUMNS]
    return "\n".join(lines) + "\n"


def parquet_schema() -> Any:
    """Give the columns as an Arrow schema."""
    import pyarrow as pa

    types = {TEXT: pa.string(), TIME: pa.timestamp("ms", tz="UTC"), WHOLE: pa.int32(), NUMBER: pa.float64()}
    return pa.schema([(column.name, types[column.kind]) for column in COLUMNS])
