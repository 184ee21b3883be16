"""One id of many that AWS refuses: what becomes of the others named in the same call."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.ec2.spot_calls import advance, code_of, instance_ids, request
from tests.stand_in import StandIn


def launched(aws: StandIn, ec2: Any, ami: str, count: int) -> list[str]:
    ids = request(ec2, ami, count)
    advance(aws, 20)
    return instance_ids(ec2, ids)


def zones(ec2: Any, ids: list[str]) -> dict[str, str]:
    reservations = ec2.describe_instances(InstanceIds=ids)["Reservations"]
    rows = [row for reservation in reservations for row in reservation["Instances"]]
    return {row["InstanceId"]: row["Placement"]["AvailabilityZone"] for row in rows}


def living(aws: StandIn) -> set[str]:
    return set(aws.control.truth()["living_instances"])


def test_a_protected_instance_spares_its_zone_and_no_other(aws: StandIn, ec2: Any, ami: str) -> None:
    ids = launched(aws, ec2, ami, 18)
    zone_of = zones(ec2, ids)
    aws.control.protect("us-east-1", ids[0])
    with pytest.raises(ClientError) as refused:
        ec2.terminate_instances(InstanceIds=ids)
    error = refused.value.response
    assert (code_of(refused), error["ResponseMetadata"]["HTTPStatusCode"]) == ("OperationNotPermitted", 400)
    assert f"'{ids[0]}' may not be terminated" in error["Error"]["Message"]
    spared = {one for one in ids if zone_of[one] == zone_of[ids[0]]}
    assert 1 < len(spared) < len(ids)
    assert living(aws) == spared

    ec2.terminate_instances(InstanceIds=sorted(spared - {ids[0]}))
    assert living(aws) == {ids[0]}
    aws.control.protect("us-east-1", ids[0], protected=False)
    ec2.terminate_instances(InstanceIds=[ids[0]])
    assert living(aws) == set()


def test_a_protected_instance_that_has_ended_protects_nobody(aws: StandIn, ec2: Any, ami: str) -> None:
    ids = launched(aws, ec2, ami, 18)
    aws.control.protect("us-east-1", ids[0])
    aws.control.interrupt("us-east-1", ids[0])
    advance(aws, 130)
    ec2.terminate_instances(InstanceIds=ids)
    assert living(aws) == set()


def test_instances_can_be_protected_from_their_launch_on(aws: StandIn, ec2: Any, ami: str) -> None:
    aws.control.set_scenario(pairs={"m5.*@us-east-1": {"protected_share": 1}})
    ids = launched(aws, ec2, ami, 2)
    with pytest.raises(ClientError) as refused:
        ec2.terminate_instances(InstanceIds=ids)
    assert code_of(refused) == "OperationNotPermitted"
    assert living(aws) == set(ids)
    assert all(one["protected"] for one in aws.control.truth()["instances"])


def test_only_known_instances_can_be_protected(aws: StandIn) -> None:
    with pytest.raises(ValueError, match="i-0"):
        aws.control.protect("us-east-1", "i-0")
