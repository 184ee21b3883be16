"""Refusals: wrong credentials, disabled Regions, denied actions."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.stand_in import StandIn


def _refusal(call: Any, **arguments: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"], error.value.response["ResponseMetadata"]["HTTPStatusCode"]


def test_unknown_credentials_are_refused_with_each_service_s_own_error(aws: StandIn) -> None:
    wrong = {"aws_access_key_id": "AKIAWRONGWRONGWRONG1", "aws_secret_access_key": "wrong"}
    assert _refusal(aws.client("ec2", **wrong).describe_regions) == ("AuthFailure", 401)
    assert _refusal(aws.client("sts", **wrong).get_caller_identity) == ("InvalidClientTokenId", 403)
    assert _refusal(aws.client("ssm", **wrong).get_parameter, Name="/any") == ("UnrecognizedClientException", 400)


def test_a_region_that_is_not_enabled_refuses_the_credentials(aws: StandIn) -> None:
    assert _refusal(aws.client(region="ap-east-1").describe_regions) == ("AuthFailure", 401)


def test_a_denied_action_is_refused_also_as_a_dry_run_and_others_are_not(aws: StandIn) -> None:
    aws.control.deny("GetSpotPlacementScores", "GetParameter", "GetCallerIdentity")
    client = aws.client()
    scores = {"InstanceTypes": ["m5.large"], "TargetCapacity": 1}
    assert _refusal(client.get_spot_placement_scores, **scores) == ("UnauthorizedOperation", 403)
    assert _refusal(client.get_spot_placement_scores, **scores, DryRun=True) == ("UnauthorizedOperation", 403)
    assert _refusal(aws.client("ssm").get_parameter, Name="/any") == ("AccessDeniedException", 400)
    assert _refusal(aws.client("sts").get_caller_identity) == ("AccessDenied", 403)
    assert client.describe_regions()["Regions"]
    aws.control.deny()
    assert client.get_spot_placement_scores(**scores)["SpotPlacementScores"]


def _messages(client: Any, count: int) -> list[str]:
    messages = []
    for _ in range(count):
        with pytest.raises(ClientError) as error:
            client.describe_instance_types()
        messages.append(str(error.value.response["Error"]["Message"]))
    return messages


def test_a_policy_of_the_organisation_closes_one_region_for_every_action(aws: StandIn) -> None:
    aws.control.deny({"region": "eu-south-1"})
    closed = aws.client(region="eu-south-1")
    assert _refusal(closed.describe_regions) == ("UnauthorizedOperation", 403)
    assert _refusal(closed.describe_instances, DryRun=True) == ("UnauthorizedOperation", 403)
    [message] = _messages(closed, 1)
    assert "ec2:DescribeInstanceTypes with an explicit deny in a service control policy" in message
    assert aws.client(region="eu-west-1").describe_regions()["Regions"]
    assert aws.client("sts", region="eu-south-1").get_caller_identity()["Account"]


@pytest.mark.parametrize("explicit", [True, False])
def test_a_denial_says_whether_a_statement_forbids_it_or_none_allows_it(aws: StandIn, explicit: bool) -> None:
    aws.control.deny({"region": "eu-south-1", "explicit": explicit})
    [message] = _messages(aws.client(region="eu-south-1"), 1)
    assert ("with an explicit deny" in message) is explicit
    assert ("because no identity-based policy allows" in message) is not explicit


def test_an_encoded_message_is_long_and_another_one_at_every_answer(aws: StandIn) -> None:
    aws.control.deny({"action": "DescribeInstanceTypes", "encoded": True})
    encoded = [
        message.partition("Encoded authorization failure message: ")[2] for message in _messages(aws.client(), 3)
    ]
    assert len(set(encoded)) == 3
    assert all(len(one) > 1000 and not set(one) & set(" :") for one in encoded)


def test_an_invalid_denial_is_refused_and_the_old_ones_stay(aws: StandIn) -> None:
    aws.control.deny("DescribeRegions")
    for rule in ({"actoin": "DescribeRegions"}, {"ids": 0}):
        with pytest.raises(ValueError, match=r"\w"):
            aws.control.deny(rule)
    assert _refusal(aws.client().describe_regions) == ("UnauthorizedOperation", 403)
