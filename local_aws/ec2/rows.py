"""Spot requests, instances and their status checks, as AWS's answers show them."""

from datetime import datetime
from typing import Any

from local_aws.market.geography import Geography
from local_aws.spot.account import MotoRegion
from local_aws.spot.instance import PENDING, RUNNING, STATE_CODES, Instance
from local_aws.spot.request import CODES, FAULTS, SpotRequest

_Row = dict[str, Any]

_COPIED_FROM_SPECIFICATION = ("KeyName", "IamInstanceProfile", "SubnetId", "AddressingType", "EbsOptimized")
_IMPAIRED_DETAIL = {"ok": "passed", "impaired": "failed", "initializing": "initializing"}
_CHECK_MEMBERS = {"instance": "InstanceStatus", "system": "SystemStatus", "ebs": "AttachedEbsStatus"}
_REASONS = {
    "user": "Client.UserInitiatedShutdown: User initiated shutdown",
    "itself": "Client.InstanceInitiatedShutdown: Instance initiated shutdown",
    "aws": "Server.SpotInstanceTermination: Spot instance termination",
}


def request_row(request: SpotRequest, at: datetime, moto_region: MotoRegion) -> _Row:
    """Return a member of DescribeSpotInstanceRequests' answer."""
    status, order = request.status(at), request.order
    row: _Row = {
        "CreateTime": request.created_at,
        "LaunchSpecification": _specification(request, moto_region),
        "ProductDescription": "Linux/UNIX",
        "SpotInstanceRequestId": request.request_id,
        "SpotPrice": f"{order.price or _on_demand(request, moto_region):.6f}",
        "State": request.state(at),
        "Status": {"Code": status.code, "Message": CODES[status.code][1], "UpdateTime": status.since},
        "Tags": _tags(request.tags),
        "Type": "persistent" if order.persistent else "one-time",
        "ValidUntil": order.valid_until,
        "InstanceInterruptionBehavior": "terminate",
    }
    if status.instance:
        row["InstanceId"] = status.instance.instance_id
        row["LaunchedAvailabilityZone"] = _zone_name(status.instance, moto_region.geography)
        row["LaunchedAvailabilityZoneId"] = status.instance.zone_id
    if status.code in FAULTS:
        row["Fault"] = {"Code": status.code, "Message": CODES[status.code][1]}
    return row


def reservation_row(instances: list[Instance], at: datetime, moto_region: MotoRegion, owner: str) -> _Row:
    """Return a reservation with its instances, a member of DescribeInstances' answer."""
    row: _Row = {
        "ReservationId": instances[0].reservation_id,
        "OwnerId": owner,
        "Groups": [],
        "Instances": [_instance_row(instance, index, at, moto_region) for index, instance in enumerate(instances)],
    }
    if instances[0].request_id:
        row["RequesterId"] = "722737459838"  # the account of the spot service itself
    return row


def _instance_row(instance: Instance, index: int, at: datetime, moto_region: MotoRegion) -> _Row:
    """Return one instance of a reservation."""
    state = instance.state(at)
    row: _Row = {
        "AmiLaunchIndex": index,
        "Architecture": instance.architecture,
        "ClientToken": instance.client_token,
        "EbsOptimized": False,
        "EnaSupport": True,
        "Hypervisor": "xen",
        "ImageId": instance.image_id,
        "InstanceId": instance.instance_id,
        "InstanceType": instance.instance_type,
        "LaunchTime": instance.launched_at,
        "Monitoring": {"State": "disabled"},
        "Placement": {
            "AvailabilityZone": _zone_name(instance, moto_region.geography),
            "AvailabilityZoneId": instance.zone_id,
            "GroupName": "",
            "Tenancy": "default",
        },
        "PlatformDetails": "Linux/UNIX",
        "RootDeviceName": "/dev/xvda",
        "RootDeviceType": "ebs",
        "SecurityGroups": moto_region.groups(instance.specification.get("SecurityGroupIds") or []),
        "State": state_row(state),
        "StateTransitionReason": "",
        "Tags": _tags(instance.tags),
        "VirtualizationType": "hvm",
    }
    network = moto_region.network(instance.zone_id, instance.specification.get("SubnetId"))
    if network and state in (PENDING, RUNNING):
        row |= {"SubnetId": network.subnet_id, "VpcId": network.vpc_id}
    if instance.request_id:
        row |= {"InstanceLifecycle": "spot", "SpotInstanceRequestId": instance.request_id}
    if instance.specification.get("KeyName"):
        row["KeyName"] = instance.specification["KeyName"]
    if instance.ending and state not in (PENDING, RUNNING):
        reason = instance.ending.reason or _REASONS[instance.ending.by]
        code, _, message = reason.partition(": ")
        row["StateReason"] = {"Code": code, "Message": reason}
        row["StateTransitionReason"] = f"{message} ({instance.ending.shutting_down_at:%Y-%m-%d %H:%M:%S} GMT)"
    return row


def status_row(instance: Instance, at: datetime, geography: Geography) -> _Row:
    """Return a member of DescribeInstanceStatus' answer."""
    state = instance.state(at)
    row: _Row = {
        "AvailabilityZone": _zone_name(instance, geography),
        "AvailabilityZoneId": instance.zone_id,
        "InstanceId": instance.instance_id,
        "InstanceState": state_row(state),
    }
    for check in instance.checks:
        member = _CHECK_MEMBERS[check.kind]
        if state != RUNNING:
            row[member] = {"Status": "not-applicable"}
            continue
        status = check.status(at)
        detail: _Row = {"Name": "reachability", "Status": _IMPAIRED_DETAIL[status]}
        if status == "impaired":
            detail["ImpairedSince"] = check.first_result_at
        row[member] = {"Status": status, "Details": [detail]}
    return row


def state_row(state: str) -> _Row:
    """Return an instance's state with its code."""
    return {"Code": STATE_CODES[state], "Name": state}


def _specification(request: SpotRequest, moto_region: MotoRegion) -> _Row:
    order = request.order
    row: _Row = {
        "ImageId": order.image_id,
        "InstanceType": order.instance_type,
        "Monitoring": {"Enabled": False},
        "SecurityGroups": moto_region.groups(order.specification.get("SecurityGroupIds") or []),
    }
    placement = order.specification.get("Placement") or {}
    if placement.get("AvailabilityZone"):
        row["Placement"] = {"AvailabilityZone": placement["AvailabilityZone"]}
    row |= {name: order.specification[name] for name in _COPIED_FROM_SPECIFICATION if order.specification.get(name)}
    return row


def _on_demand(request: SpotRequest, moto_region: MotoRegion) -> float:
    """Return the price of a request without one: AWS takes the on-demand price."""
    return moto_region.on_demand_price(request.order.instance_type)


def _zone_name(instance: Instance, geography: Geography) -> str:
    return geography.zone[instance.zone_id].name


def _tags(tags: dict[str, str]) -> list[_Row]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
