"""What AWS refuses costs the Region or the pair it refuses, and whoever reads stderr knows what stays open."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program import Ended
from tests.stand_in import StandIn
from tests.whole_runs import recorded
from tests.whole_runs.probe_stage import PAIRS, Stage, be_quick
from tests.whole_runs.unlike_ec2 import UnlikeEc2

pytestmark = pytest.mark.whole_run

NOES = [("UnauthorizedOperation", 403), ("OptInRequired", 400), ("PendingVerification", 400)]


@pytest.fixture
def ec2() -> Iterator[UnlikeEc2]:
    made = UnlikeEc2()
    yield made
    made.stop()


@pytest.fixture
def stage(aws: StandIn, tmp_path: Path) -> Stage:
    stage = Stage(aws, tmp_path, timeout=10, count=1)
    stage.prepare(pairs=PAIRS)
    return stage


def run(stage: Stage, ec2: UnlikeEc2, *arguments: str, **settings: str) -> Ended:
    """Run until fulfilled, which is the quickest."""
    mode = () if arguments else ("--until", "fulfilled")
    return stage.run(*arguments, *mode, settings={**ec2.environment, **settings}, before=quickly)


def quickly() -> None:
    """This endpoint hides new ids for longer than the stage's quick market does."""
    be_quick(invisible_seconds=4.0, settle_seconds=3.0, refused_seconds=4.0, repeat_refused_seconds=2.0)


def leave_probes_running(stage: Stage, ec2: UnlikeEc2) -> None:
    fork = stage.begin(settings=ec2.environment, before=quickly)
    deadline = time.monotonic() + 60
    while len(ec2.ours()) < len(PAIRS):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)
    fork.kill()
    fork.end()


def how_ended(stage: Stage) -> dict[tuple[str, str], str | None]:
    return {pair: probe.ended for pair, probe in recorded.ended(stage).items()}


def probed(stage: Stage) -> set[tuple[str, str]]:
    return {(row["instance"], row["region"]) for row in stage.rows("instances")}


def test_a_run_that_cannot_look_says_what_is_open_since_when_and_where(stage: Stage, ec2: UnlikeEc2) -> None:
    leave_probes_running(stage, ec2)
    for arguments, action, code, settings, exit_code in (
        (["--clean-up"], "", "ExpiredToken", {}, 2),
        ([], "", "AuthFailure", {}, 2),
        ([], "DescribeRegions", "UnauthorizedOperation", {"SPOT_REGIONS": ""}, 2),
        (["--clean-up"], "", "", {"AWS_SECRET_ACCESS_KEY": "line\rend"}, 2),
        ([], "", "", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, 1),
    ):
        ec2.refusals.clear()
        if code:
            ec2.refuse(action, code, message="AWS was not able to validate the provided access credentials")
        ended = run(stage, ec2, *arguments, **settings)
        assert ended.code == exit_code, ended.stderr
        assert ended.stderr.count("\n") == 2, ended.stderr
        last = ended.stderr.splitlines()[-1]
        assert "3 probes are open since 20" in last
        assert "in eu-west-1, us-east-1: what they asked for may still run" in last
    ec2.refusals.clear()
    assert run(stage, ec2, "--clean-up").code == 0
    assert ec2.left() == []
    ec2.refuse("", "ExpiredToken")
    ended = run(stage, ec2)
    assert (ended.code, ended.stderr.count("\n")) == (2, 1), ended.stderr


def test_regions_that_are_named_need_no_leave_to_list_them(stage: Stage, ec2: UnlikeEc2) -> None:
    ec2.refuse("DescribeRegions", "UnauthorizedOperation", status=403)
    ended = run(stage, ec2)
    assert (ended.code, ended.stderr) == (0, "")
    assert probed(stage) == set(PAIRS)


@pytest.mark.parametrize(
    ("action", "code", "status"),
    [
        ("DescribeSpotInstanceRequests", *NOES[0]),
        ("DescribeSpotPriceHistory", *NOES[1]),
        ("RequestSpotInstances", *NOES[2]),
    ],
)
def test_what_one_region_refuses_costs_that_region_only(
    stage: Stage, ec2: UnlikeEc2, action: str, code: str, status: int
) -> None:
    ec2.refuse(action, code, region="eu-west-1", status=status)
    ended = run(stage, ec2)
    assert (ended.code, ended.stderr.count("\n")) == (1, 1), ended.stderr
    assert code in ended.stderr
    assert "eu-west-1" in ended.stderr
    assert probed(stage) == set(PAIRS[:2])
    assert ec2.left() == []


@pytest.mark.parametrize(("code", "status"), NOES[:1])
def test_a_dry_run_shows_what_the_other_regions_allow(stage: Stage, ec2: UnlikeEc2, code: str, status: int) -> None:
    ec2.refuse("DescribeSpotPriceHistory", code, region="us-east-1", status=status)
    ended = run(stage, ec2, "--dry-run")
    assert (ended.code, ended.stderr.count("\n")) == (1, 1), ended.stderr
    assert "t3.micro" in ended.stdout
    assert "m5.large" not in ended.stdout


@pytest.mark.parametrize(("code", "status"), NOES[1:2])
def test_a_region_that_refuses_everything_costs_itself_only_though_it_is_the_one_asked_first(
    stage: Stage, ec2: UnlikeEc2, code: str, status: int
) -> None:
    ec2.refuse("", code, region="us-east-1", status=status)
    ended = run(stage, ec2)
    assert (ended.code, ended.stderr.count("\n")) == (1, 1), ended.stderr
    assert code in ended.stderr
    assert probed(stage) == {PAIRS[2]}


def test_a_region_where_nobody_may_look_at_instances_makes_place_for_another(stage: Stage, ec2: UnlikeEc2) -> None:
    ec2.refuse(
        "DescribeInstances", "UnauthorizedOperation", region="us-east-1", concerns=lambda _, ask: "DryRun" in ask
    )
    ended = run(stage, ec2, SPOT_LAUNCH_TOP_K="1")
    assert (ended.code, ended.stderr.count("\n")) == (1, 1), ended.stderr
    assert "us-east-1" in ended.stderr
    assert probed(stage) == {PAIRS[2]}


def test_a_closed_region_that_no_run_uses_is_nobodys_mail(stage: Stage, ec2: UnlikeEc2) -> None:
    stage.prepare(pairs=PAIRS[:2])
    ec2.refuse("", "AuthFailure", region="eu-west-1", status=401)
    ended = run(stage, ec2)
    assert (ended.code, ended.stderr) == (0, "")
    assert probed(stage) == set(PAIRS[:2])
    assert "ERROR collect_launch_time.ending.clean_up: AWS refuses to list our requests in eu-west-1" in stage.log()


@pytest.mark.parametrize(
    ("code", "next_pair"),
    [("Unsupported", PAIRS[1]), ("VPCIdNotSpecified", PAIRS[2])],
)
def test_a_pair_that_cannot_work_here_makes_place_for_the_next_for_the_rest_of_the_day(
    stage: Stage, ec2: UnlikeEc2, code: str, next_pair: tuple[str, str]
) -> None:
    ec2.refuse("RequestSpotInstances", code, region="us-east-1", concerns=is_for("m5.large"))
    first = run(stage, ec2, SPOT_LAUNCH_TOP_K="1")
    assert (first.code, first.stderr.count("\n")) == (1, 1), first.stderr
    assert code in first.stderr
    assert stage.rows("") == []
    second = run(stage, ec2, SPOT_LAUNCH_TOP_K="1")
    assert (second.code, second.stderr) == (0, "")
    assert probed(stage) == {next_pair}
    assert how_ended(stage) == {PAIRS[0]: "refused", next_pair: "all_fulfilled"}


def test_where_nothing_is_left_that_can_work_one_line_says_so(stage: Stage, ec2: UnlikeEc2) -> None:
    ec2.refuse("RequestSpotInstances", "VPCIdNotSpecified")
    assert run(stage, ec2).code == 1
    ended = run(stage, ec2)
    assert (ended.code, ended.stderr.count("\n")) == (2, 1), ended.stderr
    assert "VPCIdNotSpecified" in ended.stderr


def test_no_capacity_is_a_row_of_zeros_at_once_though_it_comes_as_a_servers_error(stage: Stage, ec2: UnlikeEc2) -> None:
    ec2.refuse("RequestSpotInstances", "InsufficientInstanceCapacity", status=500, concerns=is_for("m5.large"))
    ended = run(stage, ec2)
    assert (ended.code, ended.stderr) == (0, "")
    [zero] = [row for row in stage.rows("") if row["instance"] == "m5.large"]
    assert (zero["ready_instances"], zero["fulfilled_instances"]) == ("0", "0")
    assert how_ended(stage)[PAIRS[0]] == "timeout"


def test_the_price_of_a_local_zone_is_not_a_regions(stage: Stage, ec2: UnlikeEc2) -> None:
    ec2.zones.append(("us-east-1-bos-1a", "9.990000"))
    ended = run(stage, ec2, "--dry-run")
    assert (ended.code, ended.stderr) == (0, "")
    assert "0.0300" in ended.stdout
    assert "9.99" not in ended.stdout


def test_a_family_that_cannot_run_the_ami_is_passed_over_without_a_word_on_stderr(stage: Stage, ec2: UnlikeEc2) -> None:
    stage.prepare(pairs=[("a1.large", "us-east-1"), ("a1.medium", "eu-west-1"), *PAIRS])
    ended = run(stage, ec2, SPOT_LAUNCH_TOP_K="1")
    assert probed(stage) == {PAIRS[0]}
    assert (ended.code, ended.stderr) == (0, "")


def test_where_nothing_but_such_a_family_could_be_probed_the_reason_is_told(stage: Stage, ec2: UnlikeEc2) -> None:
    stage.prepare(pairs=[("a1.large", "us-east-1")])
    ended = run(stage, ec2, SPOT_LAUNCH_TOP_K="1")
    assert ended.code == 2
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "a1 is the first Graviton" in ended.stderr


def is_for(kind: str):  # type: ignore[no-untyped-def]
    """Tell of a request for instances of a type."""
    return lambda _, ask: ask.get("LaunchSpecification.InstanceType") == kind


def test_a_request_that_fails_after_it_was_taken_is_told_and_makes_place_for_the_next_pair(
    stage: Stage,
) -> None:
    stage.aws.control.set_scenario(pairs={"@".join(PAIRS[0]): {"request_end": "bad-parameters"}})
    first = stage.run(settings={"SPOT_LAUNCH_TOP_K": "1"})
    assert (first.code, first.stderr.count("\n")) == (1, 1), first.stderr
    assert "not the market (bad-parameters: Your Spot request failed due to bad parameters.)" in first.stderr
    second = stage.run(settings={"SPOT_LAUNCH_TOP_K": "1"})
    assert (second.code, second.stderr) == (0, "")
    assert probed(stage) == {PAIRS[0], PAIRS[1]}
    assert how_ended(stage) == {PAIRS[0]: "refused", PAIRS[1]: "all_ready"}
    causes = {(row["instance"], row["cause"], row["reason"]) for row in stage.rows("instances")}
    words = "Your Spot request failed due to bad parameters."
    assert causes == {(PAIRS[0][0], "account", words), (PAIRS[1][0], "", "")}


def test_an_instance_that_the_accounts_own_limits_keep_from_running_is_told(stage: Stage) -> None:
    stage.aws.control.set_scenario(launch_failure="Client.VolumeLimitExceeded: Volume limit exceeded")
    ended = stage.run(settings={"SPOT_LAUNCH_TOP_K": "1", "SPOT_INSTANCE_COUNT": "2"})
    assert (ended.code, ended.stderr.count("\n")) == (1, 1), ended.stderr
    assert "not the market (Client.VolumeLimitExceeded: Volume limit exceeded)" in ended.stderr
    assert how_ended(stage) == {PAIRS[0]: "refused"}
    assert {row["cause"] for row in stage.rows("instances")} == {"account"}
