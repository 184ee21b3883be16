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


def test_a_fault_of_one_id_refuses_every_call_that_names_it_and_no_other(aws: StandIn, ec2: Any, ami: str) -> None:
    ids = launched(aws, ec2, ami, 4)
    rule = {"kind": "error", "code": "IncorrectInstanceState", "action": "TerminateInstances", "ids": [ids[2]]}
    aws.control.set_faults(rule)
    for refused_ids in (ids, ids[2:], [ids[2]]):
        with pytest.raises(ClientError, match=f"IncorrectInstanceState.*'{ids[2]}'"):
            ec2.terminate_instances(InstanceIds=refused_ids)
        assert living(aws) == set(ids)
    ec2.terminate_instances(InstanceIds=[one for one in ids if one != ids[2]])
    assert living(aws) == {ids[2]}
    assert aws.control.call_count("TerminateInstances", "IncorrectInstanceState") == 3


def test_a_number_in_place_of_ids_means_the_first_that_a_call_names(aws: StandIn, ec2: Any, ami: str) -> None:
    ids = request(ec2, ami, 4)
    rule = {"kind": "error", "code": "IncorrectSpotRequestState", "action": "CancelSpotInstanceRequests", "ids": 1}
    aws.control.set_faults(rule)
    with pytest.raises(ClientError, match="DryRunOperation"):
        ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=["sir-00000000"], DryRun=True)
    for refused_ids in (ids, ids[:2], ids[:1]):
        with pytest.raises(ClientError, match=f"IncorrectSpotRequestState.*'{ids[0]}'"):
            ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=refused_ids)
    ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=ids[1:])
    assert aws.control.truth()["open_requests"] == ids[:1]


@pytest.mark.parametrize("call", ["terminate", "cancel"])
def test_a_policy_s_condition_that_one_id_fails_denies_the_whole_call(
    aws: StandIn, ec2: Any, ami: str, call: str
) -> None:
    request_ids = request(ec2, ami, 3)
    advance(aws, 20)
    if call == "terminate":
        ids, kind, action = instance_ids(ec2, request_ids), "instance", "TerminateInstances"
    else:
        ids, kind, action = request_ids, "spot-instances-request", "CancelSpotInstanceRequests"

    def end(these: list[str]) -> None:
        if call == "terminate":
            ec2.terminate_instances(InstanceIds=these)
        else:
            ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=these)

    aws.control.deny({"action": action, "ids": [ids[1]], "encoded": True})
    with pytest.raises(ClientError) as refused:
        end(ids)
    assert code_of(refused) == "UnauthorizedOperation"
    message = refused.value.response["Error"]["Message"]
    assert f"ec2:{action} on resource: arn:aws:ec2:us-east-1:123456789012:{kind}/{ids[1]} because" in message
    assert "Encoded authorization failure message: " in message
    end([ids[0], ids[2]])
    touched = aws.control.truth()["instances" if call == "terminate" else "spot_requests"]
    assert [bool(one["touches"]) for one in touched] == [True, False, True]
