"""Spot requests and instances through unmodified boto3."""

import base64
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.ec2.spot_calls import TAG, advance, code_of, instance_ids, request, spot_parameters
from tests.stand_in import StandIn


def call_500_times(call: Callable[[], Any]) -> None:
    for _ in range(500):
        call()


def test_a_probe_from_request_to_bill(aws: StandIn, ec2: Any, ami: str) -> None:
    ids = request(ec2, ami, 3, ValidUntil=aws.control.now() + timedelta(seconds=600))
    advance(aws, 5)
    [row, *_] = ec2.describe_spot_instance_requests(SpotInstanceRequestIds=ids)["SpotInstanceRequests"]
    assert (row["State"], row["Status"]["Code"]) == ("active", "fulfilled")
    assert row["Tags"] == [TAG]
    assert row["LaunchedAvailabilityZone"].startswith("us-east-1")

    launched = instance_ids(ec2, ids)
    assert ec2.describe_instance_status(InstanceIds=launched)["InstanceStatuses"] == []
    advance(aws, 68)
    ready = ec2.describe_instance_status(InstanceIds=launched)["InstanceStatuses"]
    assert [(row["InstanceStatus"]["Status"], row["SystemStatus"]["Status"]) for row in ready] == [("ok", "ok")] * 3

    assert ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=ids)["CancelledSpotInstanceRequests"] == [
        {"SpotInstanceRequestId": one, "State": "cancelled"} for one in ids
    ]
    rows = ec2.terminate_instances(InstanceIds=launched)["TerminatingInstances"]
    assert {(row["PreviousState"]["Name"], row["CurrentState"]["Name"]) for row in rows} == {
        ("running", "shutting-down")
    }
    advance(aws, 30)

    truth, bill = aws.control.truth(), aws.control.bill()
    assert (truth["open_requests"], truth["living_instances"]) == ([], [])
    assert {one["ended_by"] for one in truth["instances"]} == {"user"}
    assert [round(one["seconds"]) for one in bill["instances"]] == [60, 60, 60]
    assert bill["usd"] == pytest.approx(sum(one["usd"] for one in bill["instances"]))


def test_a_named_subnet_and_group_are_those_of_the_request_and_of_its_instance(
    aws: StandIn, ec2: Any, ami: str
) -> None:
    subnet = ec2.describe_subnets()["Subnets"][1]
    group = ec2.create_security_group(GroupName="probes", Description="probes", VpcId=subnet["VpcId"])["GroupId"]
    network = {"SubnetId": subnet["SubnetId"], "SecurityGroupIds": [group]}
    parameters = spot_parameters(ami)
    ids = request(ec2, ami, LaunchSpecification=parameters["LaunchSpecification"] | network)
    advance(aws, 20)
    [row] = ec2.describe_spot_instance_requests(SpotInstanceRequestIds=ids)["SpotInstanceRequests"]
    [launched] = ec2.describe_instances(InstanceIds=[row["InstanceId"]])["Reservations"][0]["Instances"]
    for shown in (row["LaunchSpecification"], launched):
        assert shown["SubnetId"] == subnet["SubnetId"]
        assert shown["SecurityGroups"] == [{"GroupId": group, "GroupName": "probes"}]
    assert row["LaunchedAvailabilityZone"] == subnet["AvailabilityZone"]


def test_instances_are_found_by_their_request_and_carry_none_of_its_tags(aws: StandIn, ec2: Any, ami: str) -> None:
    ids = request(ec2, ami, 2)
    advance(aws, 20)
    by_request = [{"Name": "spot-instance-request-id", "Values": ids}]
    instances = [
        row for found in ec2.describe_instances(Filters=by_request)["Reservations"] for row in found["Instances"]
    ]
    assert sorted(row["SpotInstanceRequestId"] for row in instances) == sorted(ids)
    assert all(row["Tags"] == [] and row["InstanceLifecycle"] == "spot" for row in instances)
    by_tag = [{"Name": "tag:probe", "Values": ["mine"]}]
    assert ec2.describe_instances(Filters=by_tag)["Reservations"] == []
    assert len(ec2.describe_spot_instance_requests(Filters=by_tag)["SpotInstanceRequests"]) == 2


def test_filters_select_by_state_code_and_wildcard(aws: StandIn, ec2: Any, ami: str) -> None:
    aws.control.set_scenario(capacity=1)
    request(ec2, ami, 3)
    advance(aws, 20)

    def found(*filters: tuple[str, str]) -> int:
        wanted = [{"Name": name, "Values": [value]} for name, value in filters]
        return len(ec2.describe_spot_instance_requests(Filters=wanted)["SpotInstanceRequests"])

    assert found(("state", "open")) == 2
    assert found(("status-code", "fulfilled")) == 1
    assert found(("state", "open"), ("launch.instance-type", "m5.*")) == 2
    assert found(("tag-key", "other")) == 0
    with pytest.raises(ClientError) as refused:
        found(("colour", "red"))
    assert code_of(refused) == "InvalidParameterValue"


@pytest.mark.parametrize("page_size", [None, 2])
def test_answers_come_in_pages_even_if_the_caller_did_not_ask(
    aws: StandIn, ec2: Any, ami: str, page_size: int | None
) -> None:
    aws.control.set_scenario(page_size=page_size)
    ids = request(ec2, ami, 13)
    advance(aws, 20)
    size = {} if page_size else {"PaginationConfig": {"PageSize": 5}}

    def paged(operation: str, member: str, **parameters: Any) -> list[int]:
        pages = ec2.get_paginator(operation).paginate(**parameters, **size)
        return [len(page[member]) for page in pages]

    each = [2, 2, 2, 2, 2, 2, 1] if page_size else [5, 5, 3]
    assert paged("describe_spot_instance_requests", "SpotInstanceRequests") == each
    assert paged("describe_instances", "Reservations") == each
    assert paged("describe_instance_status", "InstanceStatuses") == each
    everything = ec2.get_paginator("describe_spot_instance_requests").paginate(**size).build_full_result()
    assert [row["SpotInstanceRequestId"] for row in everything["SpotInstanceRequests"]] == ids


def test_a_change_between_two_pages_does_not_shift_the_second(aws: StandIn, ec2: Any, ami: str) -> None:
    aws.control.set_scenario(capacity=0)
    ids = request(ec2, ami, 10)
    still_open = [{"Name": "state", "Values": ["open"]}]
    first = ec2.describe_spot_instance_requests(Filters=still_open, MaxResults=5)
    ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=ids[:3])
    second = ec2.describe_spot_instance_requests(Filters=still_open, MaxResults=5, NextToken=first["NextToken"])
    assert [row["SpotInstanceRequestId"] for row in second["SpotInstanceRequests"]] == ids[5:]


@pytest.mark.parametrize(
    ("operation", "parameters", "code"),
    [
        ("describe_instances", {"InstanceIds": ["i-0123456789abcdef0"]}, "InvalidInstanceID.NotFound"),
        ("describe_instance_status", {"InstanceIds": ["i-0123456789abcdef0"]}, "InvalidInstanceID.NotFound"),
        ("describe_instance_status", {"InstanceIds": ["i-1"] * 101}, "InvalidParameterValue"),
        ("describe_instance_status", {"InstanceIds": ["i-1"], "MaxResults": 10}, "InvalidParameterCombination"),
        ("describe_instances", {"InstanceIds": ["i-1"], "MaxResults": 10}, "InvalidParameterCombination"),
        ("describe_instances", {"MaxResults": 4}, "InvalidParameterValue"),
        ("describe_instances", {"NextToken": "nonsense"}, "InvalidNextToken"),
        ("terminate_instances", {"InstanceIds": ["i-0123456789abcdef0"]}, "InvalidInstanceID.NotFound"),
        ("terminate_instances", {"InstanceIds": []}, "MissingParameter"),
        (
            "cancel_spot_instance_requests",
            {"SpotInstanceRequestIds": ["sir-12345678"]},
            "InvalidSpotInstanceRequestID.NotFound",
        ),
        ("request_spot_instances", spot_parameters("ami-0123456789abcdef0"), "InvalidAMIID.NotFound"),
    ],
)
def test_invalid_calls_are_refused(ec2: Any, operation: str, parameters: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(ec2, operation)(**parameters)
    assert code_of(refused) == code


def test_another_regions_ami_does_not_exist_here(aws: StandIn, ec2: Any, ami: str) -> None:
    with pytest.raises(ClientError) as refused:
        request(aws.client(region="eu-west-1"), ami)
    assert code_of(refused) == "InvalidAMIID.NotFound"


def test_a_dry_run_does_nothing(aws: StandIn, ec2: Any, ami: str) -> None:
    for call in (
        lambda: request(ec2, ami, DryRun=True),
        lambda: ec2.terminate_instances(InstanceIds=["i-0123456789abcdef0"], DryRun=True),
        lambda: ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=["sir-12345678"], DryRun=True),
        lambda: ec2.describe_instances(DryRun=True),
        lambda: ec2.describe_instance_status(DryRun=True),
        lambda: ec2.describe_spot_instance_requests(DryRun=True),
    ):
        with pytest.raises(ClientError) as refused:
            call()
        assert code_of(refused) == "DryRunOperation"
    assert aws.control.truth()["spot_requests"] == []


def test_a_lost_answer_repeated_with_its_token_launches_once(aws: StandIn, ec2: Any, ami: str) -> None:
    aws.control.set_faults({"kind": "lost_answer", "action": "RequestSpotInstances", "limit": 1})
    until = aws.control.now() + timedelta(seconds=600)
    with pytest.raises(Exception, match="onnection"):
        request(ec2, ami, 4, ClientToken="once", ValidUntil=until)
    ids = request(ec2, ami, 4, ClientToken="once", ValidUntil=until)
    assert [one["request_id"] for one in aws.control.truth()["spot_requests"]] == ids
    with pytest.raises(ClientError) as refused:
        request(ec2, ami, 5, ClientToken="once", ValidUntil=until)
    assert code_of(refused) == "IdempotentParameterMismatch"


def test_concurrent_callers_with_one_token_launch_once(aws: StandIn, ec2: Any, ami: str) -> None:
    answers: list[list[str]] = []
    callers = [
        threading.Thread(target=lambda: answers.append(request(ec2, ami, 5, ClientToken="once"))) for _ in range(8)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(answers) == 8
    assert len({tuple(ids) for ids in answers}) == 1


def test_an_exceeded_quota_and_too_many_calls_are_different_errors(aws: StandIn, ec2: Any, ami: str) -> None:
    aws.control.set_scenario(vcpu_quota={"standard": 2})
    with pytest.raises(ClientError) as refused:
        request(ec2, ami, 2)
    assert code_of(refused) == "MaxSpotInstanceCountExceeded"
    with pytest.raises(ClientError) as refused:
        call_500_times(ec2.describe_spot_instance_requests)
    assert code_of(refused) == "RequestLimitExceeded"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503


def test_decoys_are_visible_and_the_truth_lists_those_that_were_touched(aws: StandIn, ec2: Any) -> None:
    [open_request] = aws.control.add_decoys("open request", tags={"probe": "another's"})
    [_, spot] = aws.control.add_decoys("spot instance", tags={"probe": "another's"})
    [on_demand] = aws.control.add_decoys("on-demand instance")
    running = [row["InstanceId"] for row in ec2.describe_instance_status()["InstanceStatuses"]]
    assert running == [spot, on_demand]
    truth = aws.control.truth()
    assert (truth["decoys_touched"], truth["living_instances"], truth["open_requests"]) == ([], [], [])

    ec2.terminate_instances(InstanceIds=[on_demand])
    ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[open_request])
    assert aws.control.truth()["decoys_touched"] == [open_request, on_demand]
    assert aws.control.bill()["usd"] == 0


def test_a_test_can_interrupt_an_instance(aws: StandIn, ec2: Any, ami: str) -> None:
    ids = request(ec2, ami, 2)
    advance(aws, 20)
    [first, second] = instance_ids(ec2, ids)
    assert aws.control.interrupt("us-east-1", first) == [first]
    advance(aws, 130)
    states = {
        row["InstanceId"]: row["InstanceState"]["Name"]
        for row in ec2.describe_instance_status(IncludeAllInstances=True)["InstanceStatuses"]
    }
    assert states == {first: "shutting-down", second: "running"}


def test_tags_can_be_created_and_deleted_later(aws: StandIn, ec2: Any, ami: str) -> None:
    [request_id] = request(ec2, ami)
    advance(aws, 20)
    [instance_id] = instance_ids(ec2, [request_id])
    ec2.create_tags(Resources=[request_id, instance_id], Tags=[{"Key": "later", "Value": "1"}])
    rows = ec2.describe_tags(Filters=[{"Name": "key", "Values": ["later"]}])["Tags"]
    assert {(row["ResourceId"], row["ResourceType"]) for row in rows} == {
        (request_id, "spot-instances-request"),
        (instance_id, "instance"),
    }
    ec2.delete_tags(Resources=[instance_id], Tags=[{"Key": "later"}])
    assert len(ec2.describe_tags(Filters=[{"Name": "key", "Values": ["later"]}])["Tags"]) == 1


def test_user_data_can_be_read_back(aws: StandIn, ec2: Any, ami: str) -> None:
    ids = request(ec2, ami)
    advance(aws, 20)
    [instance_id] = instance_ids(ec2, ids)
    answer = ec2.describe_instance_attribute(InstanceId=instance_id, Attribute="userData")
    assert base64.b64decode(answer["UserData"]["Value"]) == b"#!/bin/sh\nshutdown -h +20\n"


def test_on_demand_instances_are_launched_in_one_reservation(aws: StandIn, ec2: Any, ami: str) -> None:
    launch = {"ImageId": ami, "InstanceType": "m5.large", "MinCount": 2, "MaxCount": 2, "ClientToken": "once"}
    reservation = ec2.run_instances(**launch)
    again = ec2.run_instances(**launch)
    assert [one["InstanceId"] for one in again["Instances"]] == [one["InstanceId"] for one in reservation["Instances"]]
    [found] = ec2.describe_instances()["Reservations"]
    assert len(found["Instances"]) == 2


def test_invalid_control_requests_are_refused_and_change_nothing(aws: StandIn, ec2: Any) -> None:
    before = aws.control.set_scenario()
    with pytest.raises(ValueError, match="capacty"):
        aws.control.set_scenario(capacty=1)
    with pytest.raises(ValueError, match="decoy"):
        aws.control.add_decoys("reserved instance")
    assert aws.control.set_scenario() == before
