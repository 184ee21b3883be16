"""What a run cannot be started with is one clear line and the right exit code, and nothing is requested."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest

from data_files.market.plans import SAMPLE, TOP, Query, write_plan
from tests.program import run
from tests.stand_in import StandIn
from tests.whole_runs.probe_stage import PAIRS, Stage

pytestmark = pytest.mark.whole_run


@pytest.fixture
def stage(aws: StandIn, tmp_path: Path) -> Stage:
    stage = Stage(aws, tmp_path)
    stage.prepare(pairs=PAIRS[:1])
    return stage


def refused(stage: Stage, *arguments: str, code: int, says: str, **settings: str) -> None:
    """Run, and hold the end against what it must be."""
    ended = stage.run(*arguments, settings=settings)
    assert (ended.code, ended.stdout) == (code, "")
    assert says in ended.stderr
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert not stage.aws.control.truth()["instances"]
    assert not stage.left_over()


@pytest.mark.parametrize("arguments", [["0"], ["1001"], ["ten"], ["--never"], ["1", "2"], ["--until", "later"]])
def test_bad_arguments(stage: Stage, arguments: list[str]) -> None:
    refused(stage, *arguments, code=2, says=" ")


def test_no_score_to_go_by(stage: Stage) -> None:
    (stage.home / "collect_sps_and_if" / "data" / "init_score.csv").unlink()
    refused(stage, code=2, says="no score")


def test_a_score_without_a_pair_of_ours(stage: Stage) -> None:
    refused(stage, code=2, says="INSTANCE_PATTERN", SPOT_INSTANCE_PATTERN=r"p5\.48xlarge")


def test_no_ami_for_any_target(stage: Stage) -> None:
    stage.prepare(pairs=[("zz9.large", "us-east-1")])
    refused(stage, code=2, says="zz9")


def test_no_credentials(stage: Stage) -> None:
    refused(stage, code=2, says="credentials", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")


def test_a_quota_of_zero_is_told_apart_from_a_market_without_capacity(stage: Stage) -> None:
    stage.aws.control.set_scenario(vcpu_quota={"standard": 0})
    refused(stage, code=1, says="quota")
    assert [row["ended"] for row in stage.rows("probes")] == ["refused"]


def test_a_budget_in_which_no_probe_ever_fits(stage: Stage) -> None:
    refused(stage, code=2, says="LAUNCH_DAILY_BUDGET_USD", SPOT_LAUNCH_DAILY_BUDGET_USD="0")


def at(stage: Stage, hour: str) -> dict[str, str]:
    """Give the settings of a run at this hour, with a budget for a day of few probes, and set AWS's clock to it."""
    now = datetime.fromisoformat(f"2026-03-02T{hour}").astimezone()
    stage.aws.control.set_clock(now)
    return {"SPOT_NOW": now.isoformat(), "SPOT_LAUNCH_DAILY_BUDGET_USD": "0.02"}


def test_a_run_for_which_the_days_budget_has_no_room_yet_is_silent_and_the_next_that_has_some_probes(
    stage: Stage,
) -> None:
    def asked() -> int:
        return stage.aws.control.call_count("RequestSpotInstances")

    assert stage.run(settings=at(stage, "00:00")).code == 0
    [spent] = stage.rows("spending")
    assert float(spent["volumes_usd"]) > 0
    assert float(spent["addresses_usd"]) >= 3 * 60 / 3600 * 0.005
    early = stage.run(settings=at(stage, "00:10"))
    assert (early.code, early.stdout, early.stderr, asked()) == (0, "", "", 1)
    assert "no room before" in stage.log()
    assert "no room before" in stage.run("--dry-run", settings=at(stage, "00:20")).stdout
    later = stage.run(settings=at(stage, "06:00"))
    assert (later.code, later.stderr, asked()) == (0, "", 2)
    assert not stage.left_over()


def test_what_would_make_a_run_dearer_than_a_whole_days_budget_makes_place_for_the_next(stage: Stage) -> None:
    stage.prepare(pairs=[PAIRS[0], PAIRS[1], ("t3.nano", "us-east-1")])
    shown = stage.run("--dry-run").stdout
    most = {line.split()[0]: float(line.split()[-1]) for line in shown.splitlines() if " ami-" in line}
    enough_for_two = most["m5.large"] + (most["t3.nano"] + most[PAIRS[1][0]]) / 2
    ended = stage.run(settings={"SPOT_LAUNCH_DAILY_BUDGET_USD": str(enough_for_two)})
    assert (ended.code, ended.stderr) == (0, "")
    assert {row["instance"] for row in stage.rows("")} == {"m5.large", "t3.nano"}


def test_the_top_and_a_draw_from_the_sample_are_launched_in_the_subnet_and_groups_of_the_settings(stage: Stage) -> None:
    noon = at(stage, "12:00") | {"SPOT_LAUNCH_DAILY_BUDGET_USD": "1000"}
    sampled = ("c5.large", "t3.micro")
    plan = [Query("m5.large", ("us-east-1",), TOP, 1.0), *(Query(one, ("us-east-1",), SAMPLE, 0.1) for one in sampled)]
    write_plan(stage.home, date(2026, 3, 2), plan)
    ec2 = stage.aws.client()
    subnet = ec2.describe_subnets()["Subnets"][1]
    group = ec2.create_security_group(GroupName=f"probes-{uuid.uuid4()}", Description="x", VpcId=subnet["VpcId"])[
        "GroupId"
    ]
    settings = noon | {
        "SPOT_LAUNCH_SUBNETS": f"us-east-1={subnet['SubnetId']}",
        "SPOT_LAUNCH_SECURITY_GROUPS": f"us-east-1={group}",
    }
    shown = stage.run("--dry-run", settings=settings).stdout
    assert [(line.split()[0], *line.split()[4:6]) for line in shown.splitlines() if " ami-" in line] == [
        ("m5.large", "top", "1"),
        (next(one for one in sampled if one in shown), "sample", "0.5"),
    ]
    assert "from 2 pairs" in shown
    ended = stage.run(settings=settings)
    assert (ended.code, ended.stderr) == (0, "")
    launched = {row["instance"] for row in stage.rows("")}
    assert len(launched) == 2
    assert launched - set(sampled) == {"m5.large"}
    for request in ec2.describe_spot_instance_requests()["SpotInstanceRequests"]:
        assert request["LaunchSpecification"]["SubnetId"] == subnet["SubnetId"]
        assert [one["GroupId"] for one in request["LaunchSpecification"]["SecurityGroups"]] == [group]


def test_an_endpoint_that_is_dead_is_no_refusal_of_ours(stage: Stage) -> None:
    ended = stage.run(settings={"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    assert ended.code == 1
    assert "Connect" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_an_ami_that_is_gone_is_healed_for_this_run_and_the_table_is_called_old(stage: Stage) -> None:
    def age() -> None:
        from data_files import instance_tables

        amis: Mapping[str, Mapping[str, str]] = {"us-east-1": {"x86_64": "ami-00000000000000000"}}
        instance_tables.image_id = lambda home: amis  # noqa: ARG005 - as image_id is called

    ended = stage.run(before=age)
    assert (ended.code, ended.stderr) == (0, "")
    assert "ERROR collect_launch_time.choosing.ami: the AMI table is old" in stage.log()
    assert stage.rows("")[-1]["ready_instances"] == "3"
    tokens = {row["client_token"] for row in stage.rows("journal")}
    closed = {row["client_token"] for row in stage.rows("journal") if row["event"] == "closed"}
    assert len(tokens) == 2
    assert tokens == closed
    assert [row["ended"] for row in stage.rows("probes")] == ["refused", "all_ready"]


def test_a_dry_run_shows_what_it_would_cost_and_requests_nothing(stage: Stage) -> None:
    shown = stage.run("--dry-run", "7")
    assert (shown.code, shown.stderr) == (0, "")
    for word in ("m5.large", "us-east-1", "ami-", " 7 ", " top ", "at most", "are spent or set aside", "there is room"):
        assert word in shown.stdout
    assert stage.aws.control.call_count("RequestSpotInstances") == 0
    assert not (stage.home / "collect_launch_time" / "data").exists()


def test_help_needs_no_aws_and_no_settings() -> None:
    shown = run("collect_launch_time", "--help", environment={"SPOT_TIMEOUT": "nonsense"})
    assert shown.code == 0
    assert "--clean-up" in shown.stdout
