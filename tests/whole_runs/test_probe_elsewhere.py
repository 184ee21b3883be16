"""The probe on an EC2 that differs from the local AWS wherever AWS's documents leave room."""

from pathlib import Path

import pytest

from tests.whole_runs.failures.played import Played, play
from tests.whole_runs.failures.programs import ENVIRONMENT, patient, rows, score
from tests.whole_runs.failures.virtual_time import VirtualTime
from tests.whole_runs.unlike_ec2 import UnlikeEc2

pytestmark = pytest.mark.whole_run

PAIRS = (("m5.large", "us-east-1"), ("c5.large", "us-east-1"), ("t3.micro", "eu-west-1"))
COUNT = 3
SETTINGS = {
    "SPOT_LAUNCH_TOP_K": "3",
    "SPOT_INSTANCE_COUNT": str(COUNT),
    "SPOT_TIMEOUT": "10",
    "SPOT_STATUS_INTERVAL": "0.5",
}
PATIENCE = {
    "invisible_seconds": 4.0, "settle_seconds": 3.0, "refused_seconds": 6.0, "repeat_refused_seconds": 2.0,
    "round_seconds": 0.5, "give_up_seconds": 20.0,
}  # fmt: skip


def run(ec2: UnlikeEc2, home: Path, *arguments: str, killed_after: float | None = None) -> Played:
    """Run the probe; killed_after: so many seconds after its last request was made."""
    score(home, *PAIRS)

    def kill(virtual: VirtualTime) -> None:
        if killed_after is not None and len(ec2.ours()) == len(PAIRS) * COUNT:
            virtual.ends_at = min(virtual.ends_at, virtual.passed + killed_after)

    return play(
        ec2,
        "collect_launch_time",
        *arguments,
        environment={**ENVIRONMENT, **SETTINGS, "SPOT_HOME": str(home)},
        before=patient(**PATIENCE),
        after_call=kill,
    )


def test_a_run_measures_ends_everything_and_touches_nothing_of_others(tmp_path: Path) -> None:
    ec2 = UnlikeEc2()
    ended = run(ec2, tmp_path)
    assert (ended.code, ended.stderr, ended.left) == (0, "", {})
    assert len(ec2.ours()) == len(PAIRS) * COUNT
    looks = rows(tmp_path, "collect_launch_time/data")
    last = {(row["instance"], row["region"]): row["ready_instances"] for row in looks}
    assert last == dict.fromkeys(PAIRS, str(COUNT))
    assert {row["az"] for row in rows(tmp_path, "collect_launch_time/data/instances")} <= {"zone-1", ""}


@pytest.mark.parametrize("seconds", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("refused_filters", [(), ("spot-instance-request-id", "tag:spot-collector-token")])
def test_what_killed_runs_left_is_ended_although_it_is_not_visible_yet_and_whatever_filters_there_are(
    tmp_path: Path, seconds: float, refused_filters: tuple[str, ...]
) -> None:
    ec2 = UnlikeEc2(refused_filters=refused_filters)
    run(ec2, tmp_path, killed_after=seconds)
    assert len(ec2.ours()) == len(PAIRS) * COUNT
    assert {row["event"] for row in rows(tmp_path, "collect_launch_time/data/journal")} <= {"intended", "requested"}
    ended = run(ec2, tmp_path, "--clean-up")
    assert (ended.code, ended.stderr, ended.left) == (0, "", {})


def test_instances_that_may_not_be_terminated_are_named_by_each_run_and_keep_no_other_alive(tmp_path: Path) -> None:
    ec2 = UnlikeEc2()
    ec2.protected = "01234567"
    first = run(ec2, tmp_path)
    protected = {one.instance_id for one in ec2.ours() if one.instance_id[-1] in ec2.protected}
    second = run(ec2, tmp_path, "--clean-up")
    for ended in (first, second):
        assert set(ended.left.get("alive", [])) == protected
        assert set(ended.left) <= {"alive"}
        assert ended.code == (1 if protected else 0)
        assert ended.stderr.count("\n") == ended.code, ended.stderr
        is_named = "OperationNotPermitted" in ended.stderr and any(name in ended.stderr for name in protected)
        assert is_named or not protected
    ec2.protected = ""
    last = run(ec2, tmp_path, "--clean-up")
    assert (last.code, last.left) == (0, {})
