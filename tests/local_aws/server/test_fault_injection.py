"""Injected faults, as boto3 sees them."""

import http.client
import time
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


def test_latency_delays_the_real_answer(aws: StandIn) -> None:
    client = aws.client()
    client.describe_regions()
    aws.control.set_faults({"kind": "latency", "seconds": 0.25})
    started = time.monotonic()
    assert client.describe_regions()["Regions"]
    assert time.monotonic() - started >= 0.25
