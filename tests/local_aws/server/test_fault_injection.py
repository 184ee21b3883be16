"""Injected faults, as boto3 sees them."""

import http.client
import time
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from tests.stand_in import StandIn

DESCRIBE = {"action": "DescribeRegions"}


def _error(client: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as error:
        client.describe_regions()
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_throttling_has_each_service_s_own_code(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "throttle"})
    assert _error(aws.client()) == ("RequestLimitExceeded", 503)
    with pytest.raises(ClientError, match="Throttling"):
        aws.client("sts").get_caller_identity()
    with pytest.raises(ClientError, match="ThrottlingException"):
        aws.client("ssm").get_parameter(Name="/any")


def test_a_server_error_is_a_500(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "server_error"})
    assert _error(aws.client()) == ("InternalError", 500)


def test_botocore_s_own_retries_succeed_after_a_few_faults(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "throttle", "limit": 1}, {"kind": "reset", "limit": 1})
    client = aws.client(config=Config(retries={"mode": "standard", "total_max_attempts": 4}))
    assert client.describe_regions()["Regions"]
    assert [(call["outcome"], call["count"]) for call in aws.control.calls()] == [
        ("ok", 1),
        ("reset", 1),
        ("throttle", 1),
    ]


def test_a_reset_is_a_tcp_reset_and_the_action_is_not_carried_out(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "reset"})
    address = urlsplit(aws.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port)
    key = "Credential=AKIAIOSFODNN7EXAMPLE/20260301/us-east-1/ec2/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 {key}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/", "Action=DescribeRegions&Version=2016-11-15", headers)
    with pytest.raises(ConnectionResetError) as reset:
        connection.getresponse()
    assert not isinstance(reset.value, http.client.RemoteDisconnected)  # as it would be after a FIN
    aws.control.set_faults({"kind": "reset", "action": "GetSpotPlacementScores"})
    with pytest.raises(ConnectionClosedError):
        aws.client().get_spot_placement_scores(InstanceTypes=["m5.large"], TargetCapacity=1)
    assert aws.control.score_queries() == []


def test_when_the_answer_is_lost_the_action_was_carried_out(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "lost_answer", "action": "GetSpotPlacementScores"})
    with pytest.raises(ConnectionClosedError):
        aws.client().get_spot_placement_scores(InstanceTypes=["m5.large"], TargetCapacity=1)
    assert len(aws.control.score_queries()) == 1
    assert aws.control.call_count("GetSpotPlacementScores", "lost_answer") == 1


def test_a_stalled_call_gets_no_answer(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "stall"} | DESCRIBE)
    with_timeout = aws.client(config=Config(read_timeout=0.2, retries={"total_max_attempts": 1}))
    with pytest.raises(ReadTimeoutError):
        with_timeout.describe_regions()
    aws.control.set_faults({"kind": "stall", "seconds": 0.1} | DESCRIBE)
    with pytest.raises(ConnectionClosedError):
        aws.client().describe_regions()


def test_garbage_is_an_answer_that_botocore_cannot_parse(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "garbage"})
    with pytest.raises(ResponseParserError):
        aws.client().describe_regions()


def test_an_incomplete_answer_lacks_one_member_of_its_first_item(aws: StandIn) -> None:
    client = aws.client()
    whole = client.describe_regions()["Regions"]
    aws.control.set_faults({"kind": "incomplete", "member": 1})
    first, *others = client.describe_regions()["Regions"]
    assert others == whole[1:]
    assert len(first) == len(whole[0]) - 1
    assert first.items() <= whole[0].items()


def test_an_incomplete_answer_of_json_lacks_a_member_too(aws: StandIn) -> None:
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    whole = aws.client("ssm").get_parameter(Name=name)["Parameter"]
    aws.control.set_faults({"kind": "incomplete", "member": 0})
    assert set(whole) - set(aws.client("ssm").get_parameter(Name=name)["Parameter"]) == {"Name"}


def test_latency_delays_the_real_answer(aws: StandIn) -> None:
    client = aws.client()
    client.describe_regions()
    aws.control.set_faults({"kind": "latency", "seconds": 0.25})
    started = time.monotonic()
    assert client.describe_regions()["Regions"]
    assert time.monotonic() - started >= 0.25


def test_an_answer_that_drips_outlasts_every_timeout_between_two_bytes_and_comes_whole(aws: StandIn) -> None:
    action = {"action": "GetSpotPlacementScores"}
    client = aws.client(config=Config(read_timeout=2, retries={"total_max_attempts": 1}))
    aws.control.set_faults({"kind": "drip", "seconds": 0.003} | action)
    started = time.monotonic()
    assert client.get_spot_placement_scores(InstanceTypes=["m5.large"], TargetCapacity=1)["SpotPlacementScores"]
    assert time.monotonic() - started > 2


def _error_of(client: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as error:
        client.describe_regions()
    response: dict[str, Any] = {**error.value.response}
    return response


@pytest.mark.parametrize(
    ("code", "words", "status"),
    [
        ("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
        ("RequestExpired", "Request has expired.", 400),
        ("PendingVerification", "Your request for accessing resources in this region is being validated", 400),
        ("Blocked", "This account is currently blocked", 400),
        ("OptInRequired", "You are not subscribed to this service", 401),
        ("UnsupportedOperation", "The functionality you requested is not available in this region.", 400),
        ("InsufficientInstanceCapacity", "There is no Spot capacity available that matches your request.", 500),
        ("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded", 400),
        ("Unsupported", "The requested configuration is currently not supported", 400),
    ],
)
def test_an_error_comes_in_aws_s_own_words_and_with_its_status_and_in_its_region_only(
    aws: StandIn, code: str, words: str, status: int
) -> None:
    aws.control.set_faults({"kind": "error", "code": code, "region": "eu-south-1"})
    response = _error_of(aws.client(region="eu-south-1"))
    assert response["Error"]["Code"] == code
    assert response["Error"]["Message"].startswith(words)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert aws.client(region="eu-west-1").describe_regions()["Regions"]
    assert aws.control.call_count("DescribeRegions", code) == 1


def test_an_error_may_have_any_code_words_and_status(aws: StandIn) -> None:
    message = "Not authorized for images: [ami-0123456789abcdef0]"
    aws.control.set_faults({"kind": "error", "code": "AuthFailure", "message": message, "status": 403})
    response = _error_of(aws.client())
    assert response["Error"] == {"Code": "AuthFailure", "Message": message}
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_an_error_may_come_once_and_pass_by_itself(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "error", "code": "AuthFailure", "limit": 1})
    client = aws.client()
    assert _error_of(client)["Error"]["Code"] == "AuthFailure"
    assert client.describe_regions()["Regions"]


@pytest.mark.parametrize("hours", [5, -3])
def test_an_error_may_show_that_the_caller_s_clock_is_off(aws: StandIn, hours: int) -> None:
    aws.control.set_faults({"kind": "error", "code": "RequestExpired", "date_hours": hours})
    date = parsedate_to_datetime(_error_of(aws.client())["ResponseMetadata"]["HTTPHeaders"]["date"])
    assert abs(date - aws.control.now() - timedelta(hours=hours)) < timedelta(seconds=30)


def test_an_error_about_what_is_asked_for_spares_a_dry_run_and_one_about_the_caller_does_not(aws: StandIn) -> None:
    client, asked = aws.client(), {"InstanceTypes": ["m5.large"], "TargetCapacity": 1, "DryRun": True}
    for rule, answer in (
        ({"code": "Unsupported"}, "DryRunOperation"),
        ({"code": "Unsupported", "dry_runs": True}, "Unsupported"),
        ({"code": "Blocked"}, "Blocked"),
        ({"code": "Blocked", "dry_runs": False}, "DryRunOperation"),
    ):
        aws.control.set_faults({"kind": "error"} | rule)
        with pytest.raises(ClientError, match=answer):
            client.get_spot_placement_scores(**asked)


def test_an_error_may_be_of_one_instance_type(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "error", "code": "Unsupported", "instance_type": "m5.*"})
    client = aws.client()
    with pytest.raises(ClientError, match="Unsupported"):
        client.get_spot_placement_scores(InstanceTypes=["c5.large", "m5.large"], TargetCapacity=1)
    assert client.get_spot_placement_scores(InstanceTypes=["c5.large"], TargetCapacity=1)


def test_other_services_give_errors_in_their_own_format(aws: StandIn) -> None:
    aws.control.set_faults({"kind": "error", "code": "AccessDenied", "message": "no", "status": 403})
    for call in (
        aws.client("sts").get_caller_identity,
        lambda: aws.client("ssm").get_parameter(Name="/any"),
    ):
        with pytest.raises(ClientError, match=r"\(AccessDenied\).*: no"):
            call()
