"""EC2's answers, with fields that may be absent."""

from datetime import UTC, datetime
from typing import Any

import pytest

from collect_launch_time.ec2 import answers


def status(state: str = "running", instance: str = "ok", system: str = "ok", **more: Any) -> dict[str, Any]:
    return {
        "InstanceId": "i-1",
        "InstanceState": {"Name": state},
        "InstanceStatus": {"Status": instance},
        "SystemStatus": {"Status": system},
        **more,
    }


@pytest.mark.parametrize(
    ("raw", "ready"),
    [
        (status(), True),
        (status(AttachedEbsStatus={"Status": "ok"}), True),
        (status(AttachedEbsStatus={"Status": "not-applicable"}), True),
        (status(AttachedEbsStatus={"Status": "initializing"}), False),
        (status(AttachedEbsStatus={"Status": "impaired"}), False),
        (status(instance="initializing"), False),
        (status(system="impaired"), False),
        (status(system="insufficient-data"), False),
        (status(state="pending"), False),
        (status(state="shutting-down"), False),
        ({"InstanceId": "i-1", "InstanceState": {"Name": "running"}}, False),
        ({}, False),
    ],
)
def test_ready_is_running_with_every_reported_check_ok(raw: dict[str, Any], ready: bool) -> None:
    assert answers.instance_check(raw).is_ready is ready


@pytest.mark.parametrize(
    ("state", "code", "final", "with_instance"),
    [
        ("open", "pending-evaluation", False, False),
        ("open", "capacity-not-available", False, False),
        ("active", "fulfilled", False, True),
        ("active", "marked-for-termination", False, True),
        ("cancelled", "canceled-before-fulfillment", True, False),
        ("cancelled", "request-canceled-and-instance-running", True, True),
        ("cancelled", "schedule-expired", True, False),
        ("closed", "instance-terminated-no-capacity", True, True),
        ("failed", "bad-parameters", True, False),
    ],
)
def test_a_requests_state_and_code(state: str, code: str, final: bool, with_instance: bool) -> None:
    request = answers.spot_request({"SpotInstanceRequestId": "sir-1", "State": state, "Status": {"Code": code}})
    assert (request.is_final, request.has_instance) == (final, with_instance)


def test_when_and_why_an_instance_ended_is_parsed_from_its_reasons() -> None:
    instance = answers.instance(
        {
            "InstanceId": "i-1",
            "SpotInstanceRequestId": "sir-1",
            "State": {"Name": "terminated"},
            "StateTransitionReason": "User initiated (2026-03-01 12:00:05 GMT)",
            "StateReason": {"Code": "Client.UserInitiatedShutdown"},
        }
    )
    assert instance.ended == datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)
    assert instance.has_ended
    assert not instance.was_interrupted


def test_an_answer_without_any_field_is_parsed() -> None:
    assert answers.spot_request({}).request_id == ""
    assert answers.instance({"StateTransitionReason": None, "Placement": {}}).ended is None
