"""What a run cannot be started with is one clear line and the right exit code, and nothing is requested."""

from pathlib import Path

import pytest

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


def test_wrong_credentials(stage: Stage) -> None:
    refused(stage, code=2, says="credentials", AWS_ACCESS_KEY_ID="AKIAWRONGANDMORE0000")


def test_no_credentials(stage: Stage) -> None:
    refused(stage, code=2, says="credentials", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")


@pytest.mark.parametrize(
    "action",
    [
        "DescribeRegions",
        "DescribeSpotInstanceRequests",
        "DescribeSpotPriceHistory",
        "DescribeInstances",
        "DescribeInstanceStatus",
        "RequestSpotInstances",
    ],
)
def test_a_missing_permission_is_named_before_anything_runs_that_could_not_be_ended(stage: Stage, action: str) -> None:
    stage.aws.control.deny(action)
    # Regions that are named need not be listed.
    settings = {"SPOT_REGIONS": ""} if action == "DescribeRegions" else {}
    refused(stage, code=2, says=action, **settings)


def test_a_quota_of_zero_is_told_apart_from_a_market_without_capacity(stage: Stage) -> None:
    stage.aws.control.set_scenario(vcpu_quota={"standard": 0})
    refused(stage, code=1, says="quota")
    assert [row["ended"] for row in stage.rows("probes")] == ["refused"]


def test_a_budget_that_is_reached(stage: Stage) -> None:
    refused(stage, code=2, says="LAUNCH_DAILY_BUDGET_USD", SPOT_LAUNCH_DAILY_BUDGET_USD="0")


def test_what_was_spent_today_counts(stage: Stage) -> None:
    assert stage.run(settings={"SPOT_LAUNCH_DAILY_BUDGET_USD": "0.009"}).code == 0
    asked = stage.aws.control.call_count("RequestSpotInstances")
    again = stage.run(settings={"SPOT_LAUNCH_DAILY_BUDGET_USD": "0.005"})
    assert (again.code, again.stderr.count("\n")) == (2, 1)
    assert stage.aws.control.call_count("RequestSpotInstances") == asked


def test_what_the_budget_has_room_for_is_probed_and_the_rest_is_named(stage: Stage) -> None:
    stage.prepare(pairs=PAIRS[:2])
    ended = stage.run(settings={"SPOT_LAUNCH_DAILY_BUDGET_USD": "0.006"})
    assert ended.code == 1
    assert "LAUNCH_DAILY_BUDGET_USD" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert len({row["instance"] for row in stage.rows("")}) == 1


def test_an_endpoint_that_is_dead_is_no_refusal_of_ours(stage: Stage) -> None:
    ended = stage.run(settings={"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    assert ended.code == 1
    assert "Connect" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_an_ami_that_is_gone_is_healed_for_this_run_and_the_table_is_called_old(stage: Stage) -> None:
    def age() -> None:
        from data_files import instance_tables

        instance_tables.image_id = lambda: {"us-east-1": {"x86_64": "ami-00000000000000000"}}

    ended = stage.run(before=age)
    assert (ended.code, ended.stderr) == (0, "")
    assert "ERROR collect_launch_time.choosing.ami: the AMI table is old" in stage.log()
    assert stage.rows("")[-1]["ready_instances"] == "3"
    tokens = {row["client_token"] for row in stage.rows("journal")}
    closed = {row["client_token"] for row in stage.rows("journal") if row["event"] == "closed"}
    assert len(tokens) == 2
    assert tokens == closed
    assert [row["ended"] for row in stage.rows("probes")] == ["refused", "all_ready"]


def test_prices_that_cannot_be_had_are_one_line(stage: Stage) -> None:
    stage.aws.control.set_faults({"action": "DescribeSpotPriceHistory", "kind": "server_error"})
    ended = stage.run()
    assert (ended.code, ended.stderr.count("\n")) == (1, 1), ended.stderr
    assert "no spot prices, so nothing is requested there" in ended.stderr
    assert not stage.aws.control.truth()["instances"]


def test_a_dry_run_shows_what_it_would_cost_and_requests_nothing(stage: Stage) -> None:
    shown = stage.run("--dry-run", "7")
    assert (shown.code, shown.stderr) == (0, "")
    for word in ("m5.large", "us-east-1", "ami-", " 7 ", "at most"):
        assert word in shown.stdout
    assert stage.aws.control.call_count("RequestSpotInstances") == 0
    assert not (stage.home / "collect_launch_time" / "data").exists()


def test_help_needs_no_aws_and_no_settings() -> None:
    shown = run("collect_launch_time", "--help", environment={"SPOT_TIMEOUT": "nonsense"})
    assert shown.code == 0
    assert "--clean-up" in shown.stdout
