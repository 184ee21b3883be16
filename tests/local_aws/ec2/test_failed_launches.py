"""Requests that AWS does not grant, instances that never run, and types that do not go with an AMI: through boto3."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.ec2.conftest import AMI_PARAMETER
from tests.local_aws.ec2.spot_calls import advance, code_of, instance_ids, request, spot_parameters
from tests.stand_in import StandIn


def described(ec2: Any, ids: list[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ec2.describe_spot_instance_requests(SpotInstanceRequestIds=ids)["SpotInstanceRequests"]
    return rows


def of_type(ami: str, instance_type: str) -> dict[str, Any]:
    return {**spot_parameters(ami)["LaunchSpecification"], "InstanceType": instance_type}


def arm_ami(aws: StandIn) -> str:
    name = AMI_PARAMETER.replace("x86_64", "arm64")
    return str(aws.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])


@pytest.mark.parametrize(
    ("code", "state"), [("bad-parameters", "failed"), ("limit-exceeded", "closed"), ("system-error", "failed")]
)
def test_a_request_ends_by_a_fault_of_its_own(aws: StandIn, ec2: Any, ami: str, code: str, state: str) -> None:
    aws.control.set_scenario(pairs={"m5.large@us-east-1": {"request_end": code}})
    [row] = described(ec2, request(ec2, ami)[:1])
    assert row["State"] == "open"
    advance(aws, 5)
    [row] = described(ec2, [row["SpotInstanceRequestId"]])
    assert (row["State"], row["Status"]["Code"], row["Fault"]["Code"]) == (state, code, code)
    assert "InstanceId" not in row


def test_a_constraint_that_is_not_fulfillable_holds_the_request(aws: StandIn, ec2: Any, ami: str) -> None:
    aws.control.set_scenario(request_end="constraint-not-fulfillable")
    ids = request(ec2, ami)
    advance(aws, 100)
    [row] = described(ec2, ids)
    assert (row["State"], row["Status"]["Code"]) == ("open", "constraint-not-fulfillable")
    ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=ids)
    assert aws.control.truth()["open_requests"] == []


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        ("Client.VolumeLimitExceeded", "Client.VolumeLimitExceeded: Volume limit exceeded"),
        ("Client.InternalError", "Client.InternalError: Client error on launch"),
        (
            "Client.InvalidSnapshot.NotFound: the key policy does not allow it",
            "Client.InvalidSnapshot.NotFound: the key policy does not allow it",
        ),
        (
            "Server.InsufficientInstanceCapacity",
            "Server.InsufficientInstanceCapacity: Insufficient capacity to satisfy instance request",
        ),
        ("Server.SpotInstanceTermination", "Server.SpotInstanceTermination: Spot Instance termination"),
    ],
)
def test_a_launch_fails_after_its_request_was_fulfilled(
    aws: StandIn, ec2: Any, ami: str, failure: str, message: str
) -> None:
    aws.control.set_scenario(
        launch_failure=failure, launch_failure_seconds=5, launch_failure_code="instance-terminated-by-service"
    )
    ids = request(ec2, ami)
    advance(aws, 4)
    [instance_id] = instance_ids(ec2, ids)
    assert [row["Status"]["Code"] for row in described(ec2, ids)] == ["fulfilled"]
    advance(aws, 4.5)
    [row] = described(ec2, ids)
    assert (row["State"], row["Status"]["Code"]) == ("closed", "instance-terminated-by-service")
    [reservation] = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"]
    [instance] = reservation["Instances"]
    assert instance["State"]["Name"] == "terminated"
    assert instance["StateReason"] == {"Code": failure.partition(":")[0], "Message": message}
    assert aws.control.bill()["usd"] == 0
    [truth] = aws.control.truth()["instances"]
    assert (truth["running"], truth["ended_by"], truth["state_reason"]) == (None, "launch failure", message)


def test_only_a_share_of_the_launches_may_fail(aws: StandIn, ec2: Any, ami: str) -> None:
    aws.control.set_scenario(launch_failure="Client.InternalError", launch_failure_share=0.5)
    request(ec2, ami, 20)
    advance(aws, 60)
    assert {one["state"] for one in aws.control.truth()["instances"]} == {"terminated", "running"}


def test_a_launch_fails_before_the_instance_runs_however_long_it_would_take(aws: StandIn, ec2: Any, ami: str) -> None:
    aws.control.set_scenario(launch_failure="Server.InternalError", launch_failure_seconds=1000)
    request(ec2, ami, 3)
    advance(aws, 60)
    assert {one["running"] for one in aws.control.truth()["instances"]} == {None}


def test_graviton_1_runs_is_billed_and_never_passes_its_checks_nor_reads_its_user_data(aws: StandIn, ec2: Any) -> None:
    specification = of_type(arm_ami(aws), "a1.large")
    ids = request(ec2, "", LaunchSpecification=specification)
    advance(aws, 3600)
    [row] = ec2.describe_instance_status(InstanceIds=instance_ids(ec2, ids))["InstanceStatuses"]
    assert (row["InstanceState"]["Name"], row["InstanceStatus"]["Status"]) == ("running", "impaired")
    assert row["SystemStatus"]["Status"] == "ok"
    [billed] = aws.control.bill()["instances"]
    assert billed["seconds"] > 3500


def test_other_types_can_be_made_unbootable(aws: StandIn, ec2: Any, ami: str) -> None:
    aws.control.set_scenario(unbootable_types=["m5.*"])
    request(ec2, ami)
    advance(aws, 600)
    [truth] = aws.control.truth()["instances"]
    assert (truth["state"], truth["all_ok"]) == ("running", None)


def test_a_paravirtual_type_takes_no_hvm_ami_and_says_so(aws: StandIn, ec2: Any, ami: str) -> None:
    def virtualization_types() -> list[str]:
        [row] = ec2.describe_instance_types(InstanceTypes=["m1.small"])["InstanceTypes"]
        types: list[str] = row["SupportedVirtualizationTypes"]
        return types

    assert "hvm" in virtualization_types()
    aws.control.set_scenario(paravirtual_types=["m1.*", "t1.*"])
    assert virtualization_types() == ["paravirtual"]
    with pytest.raises(ClientError, match="virtualization type of 'hvm'") as refused:
        request(ec2, "", LaunchSpecification=of_type(ami, "m1.small"))
    assert code_of(refused) == "InvalidParameterCombination"
    assert request(ec2, ami)


def test_a_withdrawn_ami_is_not_found_in_its_region(aws: StandIn, ec2: Any, ami: str) -> None:
    aws.control.set_scenario(withdrawn_images=[ami])
    with pytest.raises(ClientError) as refused:
        request(ec2, ami)
    assert code_of(refused) == "InvalidAMIID.NotFound"
    aws.control.set_scenario(withdrawn_images=[])
    assert request(ec2, ami)


@pytest.mark.parametrize(("network", "code"), [("no VPC", "VPCIdNotSpecified"), ("no subnet", "MissingInput")])
def test_without_a_default_network_a_request_must_name_its_subnet(
    aws: StandIn, ec2: Any, ami: str, network: str, code: str
) -> None:
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    aws.control.set_scenario(pairs={"*@us-east-1": {"default_network": network}})
    with pytest.raises(ClientError) as refused:
        request(ec2, ami)
    assert code_of(refused) == code
    with pytest.raises(ClientError, match="DryRunOperation"):
        request(ec2, ami, DryRun=True)
    assert request(ec2, "", LaunchSpecification=of_type(ami, "m5.large") | {"SubnetId": subnet})
    elsewhere = aws.client(region="eu-west-1")
    there = str(aws.client("ssm", region="eu-west-1").get_parameter(Name=AMI_PARAMETER)["Parameter"]["Value"])
    assert request(elsewhere, there)
