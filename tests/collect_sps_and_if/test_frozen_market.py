"""Polls and nights of a market in which nothing moves: whatever is changed here, no pair changes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.collect_sps_and_if.collected import Collected
from tests.program import Ended, Fork
from tests.stand_in import StandIn

pytestmark = pytest.mark.whole_run

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEW = {
    "SPOT_SPS_AND_IF_TOP_K": "1",
    "SPOT_SAMPLE_COUNT": "2",
    "SPOT_WATCH_TYPES": "m5.large c5.xlarge r5.2xlarge t3.large",  # the sample alone may tell nothing apart
    "SPOT_REGIONS": "us-east-1 us-west-2 eu-west-1",
    "SPOT_SMTP_RECIPIENTS": "",
}


@pytest.fixture
def frozen(aws: StandIn) -> StandIn:
    aws.control.set_clock(NOON, speed=0)
    return aws


def test_an_instance_count_changed_at_noon_is_no_change_of_any_pair(frozen: StandIn, tmp_path: Path) -> None:
    collected = Collected(tmp_path)

    def does(program: str, time: str, instance_count: int) -> Ended:
        settings = {**FEW, "SPOT_HOME": str(tmp_path), "SPOT_NOW": f"{time}+00:00", "TZ": "UTC"}
        count = {"SPOT_INSTANCE_COUNT": str(instance_count)}
        return Fork(program, environment={**frozen.environment, **settings, **count}).end()

    for time, instance_count in (
        ("2026-03-01T00:00:00", 10),
        ("2026-03-01T11:50:00", 10),
        ("2026-03-01T12:00:00", 1),
        ("2026-03-01T23:50:00", 1),
    ):
        assert does("collect_sps_and_if", time, instance_count).code == 0
    assert does("collect_sps_and_if.daily_score", "2026-03-01T23:55:00", 1).code == 0
    for time in ("2026-03-02T00:00:00", "2026-03-02T00:10:00"):
        assert does("collect_sps_and_if", time, 1).code == 0
    assert does("collect_sps_and_if.daily_score", "2026-03-02T23:55:00", 1).code == 0

    for day in ("2026-03-01", "2026-03-02"):
        assert {(row["region"], row["instance"]) for row in collected.day("score", day)} == collected.pairs(day)
        assert {float(row["score"]) for row in collected.day("score", day)} == {0}
    assert _other_scores_for_one_instance(frozen, collected), "the market would have told the two apart"


def _other_scores_for_one_instance(frozen: StandIn, collected: Collected) -> bool:
    known = {(row["region"], row["instance"]): int(row["sps"]) for row in collected.day("sps_and_if")}
    client = frozen.client()
    for query in collected.day("plan"):
        answer = client.get_spot_placement_scores(
            InstanceTypes=[query["instance"]], TargetCapacity=1, RegionNames=query["regions"].split()
        )
        if any(known[one["Region"], query["instance"]] != one["Score"] for one in answer["SpotPlacementScores"]):
            return True
    return False
