"""Requesting instances: the intent is on disk first, and each kind of answer has its own consequence."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import botocore.exceptions
import pytest

from collect_launch_time.choosing.selection import Chosen
from collect_launch_time.choosing.targets import ProbePair, Target
from collect_launch_time.ec2.installation import INSTALLATION_TAG, TOKEN_TAG
from collect_launch_time.money.prices import Prices
from collect_launch_time.run_context import RunContext
from collect_launch_time.watching.requesting import request_probe
from tests.collect_launch_time.fakes import (
    OURS,
    REGION,
    START,
    TYPE,
    FakeClock,
    FakeEc2,
    block,
    refused,
    rows,
    run_on,
)  # fmt: skip

CHOSEN = Chosen(Target(ProbePair(TYPE, REGION), "ami-1"), Prices({}), {}, 0.5)
NEWER = Target(CHOSEN.target.pair, "ami-2")


@pytest.fixture
def ec2() -> FakeEc2:
    return FakeEc2(FakeClock())


@pytest.fixture
def run(ec2: FakeEc2, tmp_path: Path) -> RunContext:
    return run_on(ec2, tmp_path)


def no_newer_ami(_: Target) -> Target | None:
    return None


def events(home: Path) -> list[str]:
    return [row["event"] for row in rows(home, "journal")]


def ended_rows(home: Path) -> list[str]:
    return [row["ended"] for row in rows(home, "probes")]


def test_the_intent_is_on_disk_before_the_call(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    seen: list[dict[str, str]] = []
    ec2.during["request"] = lambda: seen.extend([*rows(tmp_path, "selection"), *rows(tmp_path, "journal")])
    request_probe(run, replace(CHOSEN, origin="sample", probability=0.25), no_newer_ami)
    selected, intent = seen
    assert (intent["event"], intent["region"], intent["instance"], intent["instance_count"]) == (
        "intended", REGION, TYPE, "2",
    )  # fmt: skip
    assert intent["client_token"] == selected["client_token"] == ec2.orders[0]["ClientToken"]
    assert intent["time"] == selected["request_time"]
    assert list(selected.values())[2:] == [REGION, TYPE, "2", "sample", "0.25", "ready", "600.0", "3.0"]


def test_a_request_carries_our_tags_its_expiry_and_user_data_that_shuts_the_instance_down(
    run: RunContext, ec2: FakeEc2
) -> None:
    request_probe(run, CHOSEN, no_newer_ami)
    [order] = ec2.orders
    assert (order["Type"], order["InstanceCount"]) == ("one-time", 2)
    assert order["ValidUntil"] == START + timedelta(seconds=605)
    launched = order["LaunchSpecification"]
    assert (launched["ImageId"], launched["InstanceType"]) == ("ami-1", TYPE)
    assert b"shutdown -h +15" in base64.b64decode(launched["UserData"])
    [tags] = [
        {tag["Key"]: tag["Value"] for tag in specification["Tags"]} for specification in order["TagSpecifications"]
    ]
    assert tags == {INSTALLATION_TAG: OURS, TOKEN_TAG: order["ClientToken"]}


def test_after_aws_answered_the_request_ids_are_in_the_journal_and_the_probe_is_to_be_watched(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    result = request_probe(run, CHOSEN, no_newer_ami)
    assert events(tmp_path) == ["intended", "requested"]
    assert rows(tmp_path, "journal")[-1]["request_ids"] == "sir-1 sir-2"
    assert result.watched
    assert list(result.watched.tracks) == ["sir-1", "sir-2"]
    assert (result.unanswered, result.refusal) == (None, None)
    assert not run.problems


def test_the_time_of_a_probe_begins_before_its_intent_is_written(
    run: RunContext, ec2: FakeEc2, monkeypatch: pytest.MonkeyPatch
) -> None:
    ec2.clock.sleep(50)
    intend = run.journal.intend

    def slowly(*about: Any) -> None:
        ec2.clock.sleep(2)
        intend(*about)

    monkeypatch.setattr(run.journal, "intend", slowly)
    ec2.seconds["request"] = 7.0
    result = request_probe(run, CHOSEN, no_newer_ami)
    assert result.watched
    assert result.watched.requested_monotonic == 50.0
    assert result.watched.requested == START + timedelta(seconds=50)


def test_after_a_request_to_stop_nothing_is_requested(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    run.stop.is_requested = True
    result = request_probe(run, CHOSEN, no_newer_ami)
    assert (result.watched, result.unanswered, result.refusal) == (None, None, None)
    assert (ec2.orders, events(tmp_path)) == ([], [])


@pytest.mark.parametrize("name", ["journal", "selection"])
def test_if_what_comes_before_the_call_cannot_be_written_nothing_is_requested(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, name: str
) -> None:
    block(tmp_path, name)
    result = request_probe(run, CHOSEN, no_newer_ami)
    assert (result.watched, ec2.orders) == (None, [])
    [line] = run.problems.lines()
    assert line.startswith("nothing is requested without a journal")


def test_a_journal_that_cannot_be_written_after_the_call_is_named_and_the_probe_is_watched(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    def lose_the_journal() -> None:
        folder = tmp_path / "collect_launch_time" / "data" / "journal"
        folder.rename(tmp_path / "away")
        block(tmp_path, "journal")

    ec2.during["request"] = lose_the_journal
    result = request_probe(run, CHOSEN, no_newer_ami)
    assert result.watched
    [line] = run.problems.lines()
    assert line.startswith("the journal could not be written")


LOST: list[Callable[[], Exception]] = [
    lambda: botocore.exceptions.ReadTimeoutError(endpoint_url="x"),
    lambda: botocore.exceptions.EndpointConnectionError(endpoint_url="x"),
    lambda: refused("InternalError", status=500),
    lambda: refused("IdempotentParameterMismatch", retries=2),
]


@pytest.mark.parametrize("error", LOST, ids=["read timeout", "no connection", "server error", "no to a repetition"])
def test_if_aws_may_have_acted_the_probe_is_to_be_looked_for_and_its_entry_stays_open(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, error: Callable[[], Exception]
) -> None:
    ec2.fail("request", error())
    result = request_probe(run, CHOSEN, no_newer_ami)
    assert result.unanswered
    assert (result.watched, result.refusal) == (None, None)
    assert events(tmp_path) == ["intended"]
    [line] = run.problems.lines()
    assert line.startswith("no answer to a request, it is looked for and ended")
    assert ended_rows(tmp_path) == [], "not before what AWS may have made has ended"


@pytest.mark.parametrize("code", ["InvalidClientTokenId", "ExpiredToken", "RequestExpired"])
def test_a_verdict_on_the_credentials_is_told_as_such_though_it_is_the_answer_to_a_second_attempt(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, code: str
) -> None:
    ec2.fail("request", refused(code, retries=1))
    result = request_probe(run, CHOSEN, no_newer_ami)
    assert result.refusal
    assert result.unanswered
    [line] = run.problems.lines()
    assert line.startswith("AWS does not let us request")
    assert events(tmp_path) == ["intended"]


@pytest.mark.parametrize("status", [400, 500, 503])
@pytest.mark.parametrize("code", ["InsufficientInstanceCapacity", "SpotMaxPriceTooLow", "InsufficientHostCapacity"])
def test_no_capacity_is_a_measurement_of_zero_instances_and_no_problem(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, code: str, status: int
) -> None:
    ec2.fail("request", refused(code, status=status))
    result = request_probe(run, CHOSEN, no_newer_ami)
    assert (result.watched, result.unanswered, result.refusal) == (None, None, None)
    [look] = rows(tmp_path, "")
    assert [look[name] for name in ("ready_instances", "fulfilled_instances", "running_instances")] == ["0"] * 3
    assert events(tmp_path) == ["intended", "closed"]
    assert ended_rows(tmp_path) == ["timeout"], "it is the market's word that nothing more can come"
    assert not run.problems


@pytest.mark.parametrize(
    ("code", "said", "people_must_act"),
    [
        ("UnauthorizedOperation", "AWS does not let us request", True),
        ("InvalidClientTokenId", "AWS does not let us request", True),
        ("PendingVerification", "AWS does not let us request", True),
        ("MaxSpotInstanceCountExceeded", "the account's own quota", False),
        ("SomethingNew", "AWS refuses the request", False),
    ],
)
def test_any_other_refusal_is_named_and_closed_and_measures_nothing(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, code: str, said: str, people_must_act: bool
) -> None:
    ec2.fail("request", refused(code))
    result = request_probe(run, CHOSEN, no_newer_ami)
    assert (result.watched, result.unanswered) == (None, None)
    assert bool(result.refusal) is people_must_act
    [line] = run.problems.lines()
    assert line.startswith(said)
    assert events(tmp_path) == ["intended", "closed"]
    assert ended_rows(tmp_path) == ["refused"]
    assert rows(tmp_path, "") == []


def test_a_refused_probe_is_not_closed_before_its_row_is_on_disk(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    ec2.fail("request", refused("Unsupported"))
    block(tmp_path, "probes")
    request_probe(run, CHOSEN, no_newer_ami)
    assert events(tmp_path) == ["intended"]


def test_an_ami_that_is_gone_is_replaced_under_a_new_intent_and_a_new_token(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    ec2.fail("request", refused("InvalidAMIID.NotFound"), until=1.0)
    ec2.seconds["request"] = 1.0
    result = request_probe(run, CHOSEN, lambda _: NEWER)
    assert result.watched
    assert [order["LaunchSpecification"]["ImageId"] for order in ec2.orders] == ["ami-1", "ami-2"]
    assert events(tmp_path) == ["intended", "closed", "intended", "requested"]
    tokens = [row["client_token"] for row in rows(tmp_path, "journal")]
    assert tokens[0] == tokens[1] != tokens[2] == tokens[3]
    assert ended_rows(tmp_path) == ["refused"], "the first; the second is not over"


def test_without_a_newer_ami_the_entry_is_closed_and_no_probe_made(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    ec2.fail("request", refused("InvalidAMIID.NotFound"))
    result = request_probe(run, CHOSEN, no_newer_ami)
    assert (result.watched, result.unanswered, result.refusal) == (None, None, None)
    assert len(ec2.orders) == 1
    assert events(tmp_path) == ["intended", "closed"]


def test_no_capacity_after_a_call_that_may_have_acted_is_measured_and_what_it_may_have_led_to_looked_for(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    ec2.fail("request", refused("InsufficientInstanceCapacity", retries=2))
    assert request_probe(run, CHOSEN, no_newer_ami).unanswered
    assert len(rows(tmp_path, "")) == 1
    assert events(tmp_path) == ["intended"]
    assert not run.problems


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize("retries", [0, 2])
def test_a_used_up_quota_is_told_as_such_whatever_it_comes_with(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, status: int, retries: int
) -> None:
    ec2.fail("request", refused("MaxSpotInstanceCountExceeded", status=status, retries=retries))
    assert bool(request_probe(run, CHOSEN, no_newer_ami).unanswered) is bool(retries)
    [line] = run.problems.lines()
    assert line.startswith("the account's own quota")
    assert rows(tmp_path, "") == []


@pytest.mark.parametrize(
    ("code", "instance"),
    [
        ("Unsupported", TYPE),
        ("InvalidParameterCombination", TYPE),
        ("InvalidParameterValue", TYPE),
        ("MissingInput", ""),
        ("VPCIdNotSpecified", ""),
        ("DefaultSubnetDoesNotExist", ""),
        ("AuthFailure.ServiceLinkedRoleCreationNotPermitted", ""),
    ],
)
def test_what_can_never_be_granted_is_told_and_kept_for_the_day_and_measures_nothing(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, code: str, instance: str
) -> None:
    ec2.fail("request", refused(code))
    result = request_probe(run, CHOSEN, no_newer_ami)
    assert (result.watched, result.unanswered, result.refusal) == (None, None, None)
    [kept] = rows(tmp_path, "refused_pairs")
    assert (kept["region"], kept["instance"], kept["code"]) == (REGION, instance, code)
    [line] = run.problems.lines()
    assert line.startswith("AWS can never grant this")
    assert rows(tmp_path, "") == []
    assert ended_rows(tmp_path) == ["refused"]
    assert events(tmp_path) == ["intended", "closed"]
