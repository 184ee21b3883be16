"""The training table, made by `python -m collect_launch_time.dataset`: a row a probe and look, with what was known."""

from collections.abc import Sequence
from typing import Any

from data_files.cells import (
    AMOUNT,
    COUNT,
    INTERRUPTION_FREQUENCY,
    PLACEMENT_SCORE,
    SAVINGS,
    TEXT,
    TIME,
    numbers,
    whole_numbers,
)
from data_files.csv_table import Column, CsvTable
from data_files.launches.probes import ENDED, ORIGIN, PROBABILITY_OF_PAIR, TIMEOUT_SECONDS, UNTIL

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
SPS_CHANGES_24H = Column(
    "sps_changes_24h",
    COUNT,
    "how often the known score, of that target capacity, changed in the 24 hours before the request",
)
IF = Column("if", INTERRUPTION_FREQUENCY, "the last known interruption frequency: 0 is below 5 %, 4 is above 20 %")
IF_AGE = Column("if_age_seconds", AMOUNT, "how long before the request that frequency was last seen to hold")
IF_CHANGES_30D = Column(
    "if_changes_30d", COUNT, "how often the known frequency changed in the 30 days before the request"
)
SAVING = Column("savings", SAVINGS, "the last known savings over on-demand, in percent")
SPS_TARGET_CAPACITY = Column("sps_target_capacity", COUNT, "how many instances that score is for")
SPS_LOOKS = Column(
    "sps_looks_24h",
    COUNT,
    "how often the score, of that target capacity, became known in those 24 hours: what `sps_changes_24h` is out of",
)
USD = Column("usd", AMOUNT, "the spot price an hour in the cheapest zone of the Region")
USD_AGE = Column("usd_age_seconds", AMOUNT, "how long before the request that price began to hold, by AWS's clock")
USD_CHANGES = Column("usd_changes_24h", COUNT, "how often that zone's price changed in the 24 hours before the request")
USD_SPREAD = Column(
    "usd_spread", numbers(1, 1e12), "price in the dearest zone over price in the cheapest; 1 if there is but one zone"
)
SECONDS = Column("seconds", AMOUNT, "from the request to the look", is_needed=True)
READY_INSTANCES = Column(
    "ready_instances",
    COUNT,
    "instances that had become ready by the look; empty where that is no answer of the market's",
)
FULFILLED_INSTANCES = Column("fulfilled_instances", COUNT, "instances that had been fulfilled by the look; likewise")
RUNNING_INSTANCES = Column("running_instances", COUNT, "instances that had been running by the look; likewise")

OF_PROBE = (
    REQUEST_TIME, REGION, INSTANCE, FAMILY, SIZE, ARCHITECTURE, VCPUS, INSTANCE_COUNT, HOUR_UTC, WEEKDAY_UTC,
    SPS, SPS_AGE, SPS_CHANGES_24H, IF, IF_AGE, IF_CHANGES_30D, SAVING, SPS_TARGET_CAPACITY, SPS_LOOKS,
    USD, USD_AGE, USD_CHANGES, USD_SPREAD,
    ORIGIN, PROBABILITY_OF_PAIR, UNTIL, ENDED, TIMEOUT_SECONDS,
)  # fmt: skip
"""What is the same in all rows of a probe."""

OUTCOMES_OF_PROBE = (ENDED, READY_INSTANCES, FULFILLED_INSTANCES, RUNNING_INSTANCES)
"""What came of the request, and so must not be among a model's inputs; all the others were known when it was made."""

TABLE: CsvTable[tuple[Any, ...]] = CsvTable(
    (*OF_PROBE, SECONDS, READY_INSTANCES, FULFILLED_INSTANCES, RUNNING_INSTANCES), tuple, is_appended=False
)


def _kind_of(column: Column) -> str:
    """Name a column's kind in a word or two, such as `text` or `whole number`."""
    return column.kind.basic


def data_dictionary(columns: Sequence[Column]) -> str:
    """Write the data dictionary of some columns as a Markdown table."""
    lines = ["| column | kind | meaning |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {_kind_of(column)} | {column.meaning} |" for column in columns]
    return "\n".join(lines) + "\n"
