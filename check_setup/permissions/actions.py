"""Which AWS actions the programs use: what the permission checks ask, and what the least policy grants."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Action:
    """One action: which program needs it, where and with which arguments it is tried by DryRun, what it is granted on.

    tried is "everywhere" (in every Region that is used), "endpoint" (at SPS_REGION), or empty. The arguments change
    nothing even where DryRun is overlooked.
    """

    name: str
    needed_by: str
    tried: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    resource: str = "*"
    condition: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hint: str = ""


POLL = "collect_sps_and_if"
PROBE = "collect_launch_time"
TABLES = "instance_arch_and_ami_id"
CHECK = "check_setup"

ACTIONS = (
    Action("ec2:DescribeRegions", POLL, "endpoint", {"AllRegions": True}),
    Action("ec2:DescribeInstanceTypeOfferings", POLL, "everywhere", {"LocationType": "region"}),
    Action(
        "ec2:GetSpotPlacementScores",
        POLL,
        "endpoint",
        {"InstanceTypes": ["m5.large"], "TargetCapacity": 1, "RegionNames": ["us-east-1"]},
        hint="; not every Region offers this call, us-east-1 and us-west-2 do: see SPS_REGION in configs.py",
    ),
    Action("ec2:DescribeInstanceTypes", TABLES, "everywhere"),
    Action(
        "ssm:GetParameter",
        TABLES,
        "everywhere",
        resource="arn:aws:ssm:*::parameter/aws/service/ami-amazon-linux-latest/*",
    ),
    Action("ec2:DescribeAvailabilityZones", PROBE, "everywhere"),
    Action("ec2:DescribeSpotPriceHistory", PROBE, "everywhere"),
    Action("ec2:DescribeSpotInstanceRequests", PROBE, "everywhere"),
    Action("ec2:DescribeInstances", PROBE, "everywhere"),
    Action("ec2:DescribeInstanceStatus", PROBE, "everywhere"),
    Action("ec2:RequestSpotInstances", PROBE, "everywhere"),
    Action(
        "ec2:CreateTags",
        PROBE,
        "",  # the spot request that is tried carries tags
        resource="arn:aws:ec2:*:*:spot-instances-request/*",
        condition={"StringEquals": {"ec2:CreateAction": "RequestSpotInstances"}},
    ),
    Action("ec2:CancelSpotInstanceRequests", PROBE, "everywhere", {"SpotInstanceRequestIds": ["sir-00000000"]}),
    Action("ec2:TerminateInstances", PROBE, "everywhere", {"InstanceIds": ["i-00000000000000000"]}),
    Action(
        "iam:CreateServiceLinkedRole",
        PROBE,
        "",  # only the account's very first spot request needs it
        resource="arn:aws:iam::*:role/aws-service-role/spot.amazonaws.com/*",
        condition={"StringEquals": {"iam:AWSServiceName": "spot.amazonaws.com"}},
    ),
    Action("servicequotas:ListServiceQuotas", CHECK, ""),
)


def policy() -> str:
    """Write the least IAM policy with which everything runs, as JSON."""
    statements: dict[tuple[str, str], list[str]] = {}
    for action in ACTIONS:
        statements.setdefault((action.resource, json.dumps(action.condition)), []).append(action.name)
    document = {
        "Version": "2012-10-17",
        "Statement": [_statement(names, resource, json.loads(c)) for (resource, c), names in statements.items()],
    }
    return json.dumps(document, indent=2)


def _statement(names: list[str], resource: str, condition: Mapping[str, Any]) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Action": sorted(names), "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})
