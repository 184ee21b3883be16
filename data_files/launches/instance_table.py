"""The instance table, made by `python -m collect_launch_time.dataset --instances`: a row an instance and stage.

For survival models: each stage came after `last_no` and not later than `first_yes`; without a `first_yes` it had not
come by `last_no`, and `cause` says why there is no more. What was known at the request stands in the training table's
own columns.
"""

from typing import Any

from data_files.cells import AMOUNT, COUNT, PLACEMENT_SCORE, TEXT, one_of
from data_files.csv_table import Column, CsvTable
from data_files.launches.instances import CAUSE, ZONE
from data_files.launches.probes import ENDED
from data_files.launches.training_table import OF_PROBE

FULFILLED, RUNNING, READY = STAGES = ("fulfilled", "running", "ready")

INSTANCE_NUMBER = Column("number", COUNT, "the instance's number within its probe, from 1", is_needed=True)
ZONE_SPS = Column(
    "az_sps", PLACEMENT_SCORE, "the zone's last known placement score at the request, in any standing query by zone"
)
ZONE_SPS_AGE = Column("az_sps_age_seconds", AMOUNT, "how long before the request that score was measured")
ZONE_SPS_NAME = Column("az_sps_name", TEXT, "the standing query that it was measured with")
STAGE = Column("stage", one_of(*STAGES), "what the row is about: `fulfilled`, `running` or `ready`", is_needed=True)
ENTRY = Column(
    "entry",
    AMOUNT,
    "seconds from the request before which the stage could not begin: 0 for `fulfilled`, else `last_no` of the stage "
    "before; who models the time from the request, whatever came between, takes 0",
)
LAST_NO = Column("last_no", AMOUNT, "seconds from the request until which the stage is known not to have come")
FIRST_YES = Column(
    "first_yes", AMOUNT, "seconds from the request by which the stage had come; empty: censored at `last_no`"
)

OUTCOMES_OF_STAGE = (ENDED, ZONE, ZONE_SPS, ZONE_SPS_AGE, ZONE_SPS_NAME, LAST_NO, FIRST_YES, CAUSE)
"""What came of the request (AWS chose the zone), and so must not be among a model's inputs."""

OF_STAGE = (INSTANCE_NUMBER, ZONE, ZONE_SPS, ZONE_SPS_AGE, ZONE_SPS_NAME, STAGE, ENTRY, LAST_NO, FIRST_YES, CAUSE)
"""Its own columns, behind those of the probe."""

TABLE: CsvTable[tuple[Any, ...]] = CsvTable((*OF_PROBE, *OF_STAGE), tuple, is_appended=False)
