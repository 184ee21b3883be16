"""The least IAM policy with which everything runs, for the Regions and the partition in use."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import botocore.exceptions
import botocore.session

from check_setup.permissions.actions import ACTIONS, Action, Where
from common.errors import Refusal

Networks = Mapping[str, Mapping[str, Sequence[str]]]
"""The ids that LAUNCH_SUBNETS and LAUNCH_SECURITY_GROUPS name, by the kind that an ARN has (subnet), then by Region."""


def policy(regions: Sequence[str], endpoint_region: str, networks: Networks | None = None) -> str:
    """Write the policy as JSON, bound to these Regions and the one that is asked for scores; none named: to no Region.

    Spot requests are bound to the subnets and security groups named for these Regions. Raises Refusal if the Regions
    are not all of one partition that botocore knows.
    """
    partition = _partition_of([endpoint_region, *regions])
    statements: dict[str, dict[str, Any]] = {}
    for action in ACTIONS:
        resources = [
            resource.format(partition=partition)
            for named in action.resources
            for resource in _in_networks(named, regions, networks or {})
        ]
        statement: dict[str, Any] = {"Resource": resources[0] if len(resources) == 1 else resources}
        if condition := _condition(action, regions, endpoint_region):
            statement["Condition"] = condition
        same = statements.setdefault(json.dumps(statement), {"Effect": "Allow", "Action": []} | statement)
        same["Action"] = sorted([*same["Action"], action.name])
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements.values())}, indent=2)


def _in_networks(resource: str, regions: Sequence[str], networks: Networks) -> list[str]:
    """Give a resource for each Region where it is a subnet or a group, and any of the Regions names some of its own."""
    by_region = networks.get(resource.rpartition(":")[2].removesuffix("/*"), {})
    if not by_region.keys() & set(regions):
        return [resource]
    prefix = resource.removesuffix("*").replace("ec2:*", "ec2:{region}", 1)
    return [
        prefix.replace("{region}", region) + own for region in sorted(regions) for own in by_region.get(region, "*")
    ]


def _partition_of(regions: Sequence[str]) -> str:
    """Give the partition of Regions (aws, aws-us-gov, aws-cn, aws-eusc …), by botocore's own list: no AWS call.

    Raises Refusal if they are not all of one that it knows.
    """
    known = botocore.session.get_session()
    try:
        partitions = sorted({str(known.get_partition_for_region(region)) for region in regions})
    except botocore.exceptions.UnknownRegionError as error:
        unknown = dict(error.kwargs).get("region_name")
        raise Refusal(f"no AWS partition has a Region {unknown!r}: see REGIONS and SPS_REGION") from None
    if len(partitions) > 1:
        raise Refusal(f"REGIONS and SPS_REGION are of different AWS partitions: {', '.join(partitions)}")
    return partitions[0]


def _condition(action: Action, regions: Sequence[str], endpoint_region: str) -> dict[str, dict[str, Any]]:
    condition: dict[str, dict[str, Any]] = {operator: dict(keys) for operator, keys in action.condition.items()}
    if regions and action.where is not Where.NOWHERE:
        wanted = sorted(regions) if action.where is Where.EVERYWHERE else [endpoint_region]
        # In every request's context, as ec2:Region is in those of EC2 only:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        condition.setdefault("StringEquals", {})["aws:RequestedRegion"] = wanted
    return condition
