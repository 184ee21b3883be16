"""A spot request is tried only where DryRun is honoured."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

import configs
from check_setup.permissions.dry_spot_request import Untried, dry_spot_request
from collect_launch_time.ec2.network import Network
from tests.check_setup.permissions.guarded_client import GuardedClient


class Ec2:
    """An endpoint that honours DryRun, or overlooks it."""

    def __init__(self, *, honours: bool) -> None:
        self.honours = honours
        self.requested: list[dict[str, Any]] = []

    def describe_spot_instance_requests(self, *, DryRun: bool) -> dict[str, Any]:
        assert DryRun
        return self._answer("DescribeSpotInstanceRequests")

    def request_spot_instances(self, **request: Any) -> dict[str, Any]:
        self.requested.append(request)
        return self._answer("RequestSpotInstances")

    def _answer(self, action: str) -> dict[str, Any]:
        if self.honours:
            raise ClientError({"Error": {"Code": "DryRunOperation", "Message": "it would have succeeded"}}, action)
        return {}


def test_an_endpoint_that_overlooks_dry_run_is_never_asked_for_spot_instances() -> None:
    ec2 = Ec2(honours=False)
    with pytest.raises(Untried, match="could cost money"):
        dry_spot_request(ec2, configs.HOME, "us-east-1")
    assert ec2.requested == []


def test_what_is_tried_is_a_dry_run_that_nobody_would_sell_to_and_carries_tags() -> None:
    ec2 = Ec2(honours=True)
    with pytest.raises(ClientError, match="DryRunOperation"):
        dry_spot_request(ec2, configs.HOME, "us-east-1")
    (request,) = ec2.requested
    assert request["DryRun"] is True
    assert float(request["SpotPrice"]) < 0.001
    assert request["TagSpecifications"]


def test_each_network_of_the_settings_is_tried() -> None:
    ec2 = Ec2(honours=True)
    networks = [Network("subnet-0000000a", ("sg-0000000a",)), Network("subnet-0000000b", ("sg-0000000a",))]
    with pytest.raises(ClientError, match="DryRunOperation"):
        dry_spot_request(ec2, configs.HOME, "us-east-1", networks)
    assert [one["LaunchSpecification"]["SubnetId"] for one in ec2.requested] == ["subnet-0000000a", "subnet-0000000b"]
    assert {tuple(one["LaunchSpecification"]["SecurityGroupIds"]) for one in ec2.requested} == {("sg-0000000a",)}


def test_a_region_without_a_known_ami_is_not_tried() -> None:
    with pytest.raises(Untried, match="IMAGE_ID"):
        dry_spot_request(Ec2(honours=True), configs.HOME, "xx-none-1")


def test_where_it_cannot_be_told_whether_dry_run_is_honoured_nothing_is_tried() -> None:
    ec2 = GuardedClient("ec2", "us-east-1", {"Statement": []})
    with pytest.raises(Untried, match="cannot be told"):
        dry_spot_request(ec2, configs.HOME, "us-east-1")
    assert [operation for operation, _ in ec2.calls] == ["DescribeSpotInstanceRequests"]
