"""The instance metadata service, as boto3 asks it, and role credentials that end."""

import time
import urllib.error
import urllib.request
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, NoCredentialsError

from tests.stand_in import StandIn

ROLE_PATH = "/latest/meta-data/iam/security-credentials/"


@pytest.fixture
def machine(aws: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The stand-in as a machine with a role sees it: no keys in the environment."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "false")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", aws.url)
    return aws


def client_of_role(service: str = "ec2") -> Any:
    session: Any = boto3.Session(botocore_session=botocore.session.Session(), region_name="us-east-1")
    return session.client(service, config=Config(retries={"total_max_attempts": 1}))


def asked(url: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=names)) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def refused(call: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as error:
        call()
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_boto3_finds_the_role_s_credentials_and_aws_knows_them(machine: StandIn) -> None:
    client = client_of_role()
    assert client.describe_regions()["Regions"]
    credentials = client._request_signer._credentials
    assert (credentials.method, credentials.access_key[:4]) == ("iam-role", "ASIA")
    assert client_of_role("sts").get_caller_identity()["Account"] == "123456789012"
    assert machine.control.call_count("metadata", "ok") == 6


def test_only_who_has_a_token_is_answered(machine: StandIn) -> None:
    url = machine.url + ROLE_PATH
    assert asked(url)[0] == asked(url, X_aws_ec2_metadata_token="made up")[0] == 401
    token_url = machine.url + "/latest/api/token"
    assert asked(token_url, "PUT")[0] == asked(token_url, "PUT", X_aws_ec2_metadata_token_ttl_seconds="0")[0] == 400
    assert asked(token_url)[0] == 405
    _, token = asked(token_url, "PUT", X_aws_ec2_metadata_token_ttl_seconds="60")
    assert asked(url, X_aws_ec2_metadata_token=token) == (200, "collector")
    assert asked(url + "other", X_aws_ec2_metadata_token=token)[0] == 404


def test_a_machine_without_a_role_has_no_credentials(machine: StandIn) -> None:
    machine.control.set_instance_role(name=None)
    with pytest.raises(NoCredentialsError):
        client_of_role().describe_regions()


@pytest.mark.parametrize(
    "stumble",
    [
        {"kind": "error", "code": "ServiceUnavailable"},
        {"kind": "stall", "seconds": 0.1},
        {"kind": "reset"},
    ],
)
def test_the_service_can_stumble_so_many_times(
    machine: StandIn, monkeypatch: pytest.MonkeyPatch, stumble: dict[str, Any]
) -> None:
    machine.control.set_faults(stumble | {"action": "metadata", "limit": 2})
    with pytest.raises(NoCredentialsError):
        client_of_role().describe_regions()
    machine.control.set_faults(stumble | {"action": "metadata", "limit": 2})
    monkeypatch.setenv("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "5")
    assert client_of_role().describe_regions()["Regions"]


def test_the_service_can_be_silent_for_a_while_and_then_answer(machine: StandIn) -> None:
    machine.control.set_faults({"kind": "latency", "action": "metadata", "seconds": 0.2, "limit": 1})
    started = time.monotonic()
    assert client_of_role().describe_regions()["Regions"]
    assert time.monotonic() - started >= 0.2


def test_a_fault_of_every_call_leaves_the_metadata_service_alone(machine: StandIn) -> None:
    machine.control.set_faults({"kind": "throttle"})
    assert refused(client_of_role().describe_regions) == ("RequestLimitExceeded", 503)


def test_credentials_that_end_in_mid_run_are_refused_everywhere_and_renewed_ones_are_not(machine: StandIn) -> None:
    old = client_of_role()
    assert old.describe_regions()["Regions"]
    old_sts = client_of_role("sts")
    old_sts.get_caller_identity()
    machine.control.expire_role_credentials()
    for _ in range(2):
        assert refused(old.describe_regions) == ("ExpiredToken", 400)
        assert refused(lambda: old.terminate_instances(InstanceIds=["i-1"], DryRun=True)) == ("ExpiredToken", 400)
    assert refused(old_sts.get_caller_identity) == ("ExpiredToken", 403)
    assert client_of_role().describe_regions()["Regions"]
    assert refused(old.describe_regions) == ("ExpiredToken", 400)


def test_ec2_may_call_it_an_expired_request(machine: StandIn) -> None:
    machine.control.set_instance_role(expired_code="RequestExpired")
    old = client_of_role()
    old.describe_regions()
    machine.control.expire_role_credentials()
    assert refused(old.describe_regions) == ("RequestExpired", 400)


def test_a_key_with_another_token_is_not_valid(machine: StandIn, aws: StandIn) -> None:
    client = client_of_role()
    client.describe_regions()
    credentials = client._request_signer._credentials.get_frozen_credentials()
    mixed = aws.client(
        aws_access_key_id=credentials.access_key, aws_secret_access_key="x", aws_session_token="of another"
    )
    assert refused(mixed.describe_regions) == ("AuthFailure", 401)


@pytest.mark.parametrize("settings", [{"nme": "x"}, {"lifetime_seconds": -1}, {"expired_code": "Tired"}])
def test_invalid_settings_are_refused(aws: StandIn, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        aws.control.set_instance_role(**settings)
