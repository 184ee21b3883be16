"""EC2's answers as they go over the wire: wire/ holds them whole, in the API reference's form, with made-up ids.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotInstanceRequests.html and its like. Botocore's
own parser reads them, so what it makes of an empty or a missing element is part of what is tested.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import botocore.exceptions
import botocore.parsers
import botocore.session
import pytest

from collect_launch_time.ec2 import answers
from collect_launch_time.ec2.answers import SpotRequest
from collect_launch_time.ending.causes import unready_end
from collect_launch_time.money.prices import current_prices
from collect_launch_time.state.readiness import Track
from common.aws import aws_error, aws_refusal

WIRE = Path(__file__).parent / "wire"
EC2 = botocore.session.get_session().get_service_model("ec2")
WITH_INSTANCE = (
    "<instanceId>i-1234567890abcdef0</instanceId><launchedAvailabilityZone>us-east-1b</launchedAvailabilityZone>"
)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def parsed(operation: str, name: str, filled: Mapping[str, str] = MappingProxyType({}), *, status: int = 200) -> Any:
    """Parse a file's answer to an operation, with its words in capitals filled in."""
    text = (WIRE / f"{name}.xml").read_text()
    for word, value in filled.items():
        text = text.replace(f">{word}<", f">{value}<").replace(f" {word}\n", f" {value}\n")
    parser = botocore.parsers.create_parser("ec2")
    answer = {"body": text.encode(), "headers": {}, "status_code": status}
    shape = EC2.operation_model(operation).output_shape
    assert shape
    return parser.parse(answer, shape)


def spot_request(state: str, code: str, message: str, instance: str = "") -> SpotRequest:
    filled = {"STATE": state, "CODE": code, "MESSAGE": message, "INSTANCE": instance}
    (raw,) = parsed("DescribeSpotInstanceRequests", "spot_requests", filled)["SpotInstanceRequests"]
    return answers.spot_request(raw)


# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html
# State, code, whether it has an instance, whether it is the account's or the request's doing.
STATES = [
    ("open", "pending-evaluation", False, False),
    ("open", "pending-fulfillment", False, False),
    ("open", "not-scheduled-yet", False, True),
    ("open", "capacity-not-available", False, False),
    ("open", "price-too-low", False, False),
    ("open", "az-group-constraint", False, False),
    ("open", "placement-group-constraint", False, False),
    ("open", "launch-group-constraint", False, False),
    ("open", "constraint-not-fulfillable", False, True),
    ("active", "fulfilled", True, False),
    ("active", "marked-for-termination", True, False),
    ("active", "marked-for-stop", True, False),
    ("active", "request-canceled-and-instance-running", True, False),
    ("cancelled", "request-canceled-and-instance-running", True, False),
    ("cancelled", "canceled-before-fulfillment", False, False),
    ("cancelled", "schedule-expired", False, False),
    ("closed", "instance-terminated-by-price", True, False),
    ("closed", "instance-terminated-no-capacity", True, False),
    ("closed", "instance-terminated-by-user", True, False),
    ("closed", "instance-terminated-by-service", True, False),
    ("closed", "instance-terminated-by-schedule", True, False),
    ("closed", "instance-terminated-launch-group-constraint", True, False),
    ("closed", "limit-exceeded", False, True),
    ("closed", "bad-parameters", False, True),
    ("closed", "system-error", False, True),
    ("failed", "bad-parameters", False, True),
    ("failed", "system-error", False, True),
]


@pytest.mark.parametrize(("state", "code", "has_instance", "is_accounts"), STATES)
def test_a_request_in_each_documented_state(state: str, code: str, has_instance: bool, is_accounts: bool) -> None:
    request = spot_request(state, code, "In AWS's words.", WITH_INSTANCE if has_instance else "")
    assert (request.request_id, request.instance_type, request.code) == ("sir-08b93456", "m5.large", code)
    assert request.has_instance == has_instance
    assert request.zone == ("us-east-1b" if has_instance else "")
    assert request.is_final == (state in ("cancelled", "closed", "failed"))
    assert request.has_failed == (state == "failed")
    assert request.says_terminated == code.startswith("instance-terminated-")
    assert request.created == datetime(2026, 3, 1, 12, 0, 3, tzinfo=UTC)
    assert request.fulfilled == (datetime(2026, 3, 1, 12, 0, 7, tzinfo=UTC) if code == "fulfilled" else None)
    track = Track(request.request_id, START)
    track.note_request(request, START, START)
    end = unready_end(track, None, was_time_up=True, switch_after=timedelta(minutes=15))
    assert end
    assert str(end) == f"{code}: In AWS's words."
    assert (end.cause == "account") == is_accounts


def test_an_empty_instance_element_is_no_instance() -> None:
    assert not spot_request("open", "capacity-not-available", "", "<instanceId/>").has_instance


@pytest.mark.parametrize(
    ("code", "reason", "is_interruption"),
    [
        ("Server.SpotInstanceTermination", "Server.SpotInstanceTermination (2026-03-01 12:05:06 GMT)", True),
        ("Client.UserInitiatedShutdown", "User initiated (2026-03-01 12:05:06 GMT)", False),
        ("Client.InternalError", "", False),
    ],
)
def test_an_instance_that_has_ended_and_why(code: str, reason: str, is_interruption: bool) -> None:
    filled = {"CODE": code, "REASON": reason, "MESSAGE": f"{code}: in AWS's words"}
    ((raw,),) = [one["Instances"] for one in parsed("DescribeInstances", "instances", filled)["Reservations"]]
    instance = answers.instance(raw)
    assert (instance.instance_id, instance.request_id) == ("i-1234567890abcdef0", "sir-08b93456")
    assert instance.has_ended
    assert instance.was_interrupted == is_interruption
    assert instance.reason == f"{code}: in AWS's words"
    assert instance.launched == datetime(2026, 3, 1, 12, 0, 6, tzinfo=UTC)
    assert instance.ended == (datetime(2026, 3, 1, 12, 5, 6, tzinfo=UTC) if reason else None)


@pytest.mark.parametrize(
    ("status", "ebs_status", "is_ready"),
    [
        ("ok", "ok", True),
        ("ok", "not-applicable", True),
        ("initializing", "ok", False),
        ("impaired", "ok", False),
        ("insufficient-data", "ok", False),
        ("ok", "initializing", False),
        ("ok", "impaired", False),
    ],
)
def test_an_instances_status_checks(status: str, ebs_status: str, is_ready: bool) -> None:
    filled = {"INSTANCE_STATUS": status, "EBS_STATUS": ebs_status, "DETAIL": "passed" if is_ready else status}
    (raw,) = parsed("DescribeInstanceStatus", "instance_statuses", filled)["InstanceStatuses"]
    check = answers.instance_check(raw)
    assert (check.is_running, check.is_ready) == (True, is_ready)
    assert (check.zone, check.zone_id) == ("us-east-1b", "use1-az2")


def test_prices_of_the_regions_own_zones_and_not_of_its_local_zones() -> None:
    prices = current_prices(parsed("DescribeSpotPriceHistory", "spot_prices")["SpotPriceHistory"], "us-east-1")
    assert prices.highest("m5.large") == 0.0417
    assert prices.in_zone("m5.large", "us-east-1b") == 0.0389


def test_a_denial_is_told_without_its_encoded_part() -> None:
    answer = parsed("RequestSpotInstances", "denied", status=403)
    answer["ResponseMetadata"] |= {"HTTPStatusCode": 403, "RetryAttempts": 0}
    error = botocore.exceptions.ClientError(answer, "RequestSpotInstances")
    assert aws_refusal.refusal(error, "ec2:RequestSpotInstances") is not None
    told = aws_error.describe(error)
    assert told.startswith("UnauthorizedOperation: You are not authorized")
    assert "4GIOHlTkIaWHQD0Q0m6XSnuUMCm" not in told
