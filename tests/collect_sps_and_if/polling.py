"""Polls of one HOME against one local AWS, at any time of the first of March."""

from datetime import UTC, datetime
from pathlib import Path

from tests.collect_sps_and_if.collected import Collected
from tests.program import Ended, Fork
from tests.stand_in import StandIn

MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)
FEW = {"SPOT_SPS_AND_IF_TOP_K": "1", "SPOT_SAMPLE_COUNT": "4", "SPOT_REGIONS": "us-east-1 us-west-2 eu-west-1"}


class Polling:
    """Polls of one HOME against one AWS, at any time of the first of March."""

    def __init__(self, aws: StandIn, home: Path) -> None:
        self.aws, self.collected = aws, Collected(home)
        self.environment = {**aws.environment, "SPOT_HOME": str(home), "TZ": "UTC"}

    def at(self, time: str, **settings: str) -> Ended:
        """Poll at a time of day; the stand-in's clock goes along."""
        return self.fork(time, **settings).end()

    def fork(self, time: str, **settings: str) -> Fork:
        """Begin a poll."""
        now = f"2026-03-01T{time}+00:00"
        self.aws.control.set_clock(datetime.fromisoformat(now))
        return Fork("collect_sps_and_if", environment={**self.environment, "SPOT_NOW": now, **settings})
