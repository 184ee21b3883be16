"""Every AWS action that the programs use: what the checks try, and what the policy grants.

Resources and condition keys are those of AWS's Service Authorization Reference:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html and the pages beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from collect_launch_time.choosing.permissions import CANCEL, DRY_RUNS, TERMINATE
from collect_launch_time.ec2.installation import INSTALLATION_TAG

_Condition = Mapping[str, Mapping[str, str]]
"""Operator, condition key, value, as IAM has them."""


class Where(Enum):
    """In which Regions an action is used."""

    EVERYWHERE = "in every Region of REGIONS"
    ENDPOINT = "in SPS_REGION"
    NOWHERE = "in none: IAM is the same in all of them"


@dataclass(frozen=True)
class Action:
    """One action: which program needs it, where, what it is granted on, and with which arguments it is tried by DryRun.

    The arguments change nothing even where DryRun is overlooked. {partition} in a resource is the one in use.
    """

    name: str
    needed_by: str
    where: Where
    arguments: Mapping[str, Any] = field(default_factory=dict)
    is_tried: bool = True
    resources: tuple[str, ...] = ("*",)
    condition: _Condition = field(default_factory=dict)
    hint: str = ""


_POLL = "collect_sps_and_if"
_PROBE = "collect_launch_time"
_TABLES = "instance_arch_and_ami_id"
_CHECK = "check_setup"
REQUEST = "ec2:RequestSpotInstances"
SCORES = "ec2:GetSpotPlacementScores"
AMIS = "ssm:GetParameter"

_SPOT_REQUESTS = "arn:{partition}:ec2:*:*:spot-instances-request/*"

# EC2's Describe and Get actions know no resource, and no condition key but the Region; quotas not even a resource.
ACTIONS = (
    Action("ec2:DescribeRegions", _POLL, Where.ENDPOINT, {"AllRegions": True}),
    Action("ec2:DescribeInstanceTypeOfferings", _POLL, Where.EVERYWHERE, {"LocationType": "region"}),
    Action(
        SCORES,
        _POLL,
        Where.ENDPOINT,
        {"InstanceTypes": ["m5.large"], "TargetCapacity": 1},
        hint="; not every Region offers this call, us-east-1 and us-west-2 do: see SPS_REGION in spot.toml",
    ),
    Action("ec2:DescribeInstanceTypes", _TABLES, Where.EVERYWHERE),
    # AWS's own parameters belong to no account.
    Action(
        AMIS,
        _TABLES,
        Where.EVERYWHERE,
        resources=("arn:{partition}:ssm:*::parameter/aws/service/ami-amazon-linux-latest/*",),
    ),
    Action("ec2:DescribeAvailabilityZones", _PROBE, Where.EVERYWHERE),
    Action("ec2:DescribeSpotPriceHistory", _PROBE, Where.EVERYWHERE),
    Action("ec2:DescribeSpotInstanceRequests", _PROBE, Where.EVERYWHERE),
    Action("ec2:DescribeInstances", _PROBE, Where.EVERYWHERE, DRY_RUNS["ec2:DescribeInstances"]),
    Action("ec2:DescribeInstanceStatus", _PROBE, Where.EVERYWHERE, DRY_RUNS["ec2:DescribeInstanceStatus"]),
    # All that the reference names but key pairs and placement groups, which no request of ours names. An instance
    # profile would need iam:PassRole. No condition on the tags: EC2's user guide (Example policies, "Work with Spot
    # Instances") calls it not supported, since a request without tags is not looked at as a resource. DryRun shows
    # whether this is granted as a whole.
    Action(
        REQUEST,
        _PROBE,
        Where.EVERYWHERE,
        resources=(
            _SPOT_REQUESTS,
            "arn:{partition}:ec2:*::image/*",
            "arn:{partition}:ec2:*::snapshot/*",
            "arn:{partition}:ec2:*:*:network-interface/*",
            "arn:{partition}:ec2:*:*:security-group/*",
            "arn:{partition}:ec2:*:*:subnet/*",
        ),
    ),
    # Only while a request is made, so that nobody's older request can be made to look like ours.
    Action(
        "ec2:CreateTags",
        _PROBE,
        Where.EVERYWHERE,
        is_tried=False,  # the spot request that is tried carries tags
        resources=(_SPOT_REQUESTS,),
        condition={"StringEquals": {"ec2:CreateAction": "RequestSpotInstances"}},
    ),
    # Whatever the tag's value: the policy is made before the first installation has its id, and may serve several.
    Action(
        CANCEL,
        _PROBE,
        Where.EVERYWHERE,
        DRY_RUNS[CANCEL],
        resources=(_SPOT_REQUESTS,),
        condition={"StringLike": {f"aws:ResourceTag/{INSTALLATION_TAG}": "*"}},
    ),
    # Instances do not inherit their request's tags, so what they are has to do: the market type as the reference lists
    # it for this action; no instance profile, which ours never have and most that do a job for somebody have.
    Action(
        TERMINATE,
        _PROBE,
        Where.EVERYWHERE,
        DRY_RUNS[TERMINATE],
        resources=("arn:{partition}:ec2:*:*:instance/*",),
        condition={
            "StringEquals": {"ec2:InstanceMarketType": "spot"},
            "Null": {"ec2:InstanceProfile": "true"},
        },
    ),
    # The service's name is the same in every partition:
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html
    Action(
        "iam:CreateServiceLinkedRole",
        _PROBE,
        Where.NOWHERE,
        is_tried=False,  # only the account's very first spot request needs it
        resources=("arn:{partition}:iam::*:role/aws-service-role/spot.amazonaws.com/*",),
        condition={"StringEquals": {"iam:AWSServiceName": "spot.amazonaws.com"}},
    ),
    Action("ec2:DescribeImages", _CHECK, Where.EVERYWHERE, is_tried=False),
    Action("servicequotas:ListServiceQuotas", _CHECK, Where.EVERYWHERE, is_tried=False),
)
