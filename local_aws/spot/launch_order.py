"""What a caller orders: a RequestSpotInstances or RunInstances call, parsed and checked as AWS checks it."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from moto.ec2.exceptions import EC2ClientError

from local_aws.market.geography import Geography

_USER_DATA_LIMIT = 16384  # bytes
_DEFAULT_VALIDITY = timedelta(days=7)  # of a spot request without ValidUntil
_MAX_COUNT = 1000  # instances in one call


class RegionalResources(Protocol):
    """What an order is checked against: the AMIs, subnets and security groups in one Region of an account."""

    geography: Geography
    region: str

    def image_architecture(self, image_id: str) -> str | None:
        """Return an AMI's architecture, or None when this Region has no such AMI."""

    def subnet_zone(self, subnet_id: str) -> str | None:
        """Return the zone id of a subnet, or None when there is no such subnet."""

    def group_name(self, group_id: str) -> str | None:
        """Return a security group's name, or None when there is no such group."""


@dataclass(frozen=True)
class LaunchOrder:
    """What one call orders: how many instances of which type, where, until when."""

    region: str
    instance_type: str
    image_id: str
    image_architecture: str
    count: int
    zone_ids: tuple[str, ...]  # the pools it may be fulfilled from
    valid_from: datetime
    valid_until: datetime
    persistent: bool
    ami_fits: bool  # the AMI has an architecture of the instance type; else the request fails with bad-parameters
    client_token: str
    fingerprint: str  # of all parameters: a repeated client token must come with the same ones
    tags: Mapping[str, str] = field(default_factory=dict)
    price: float | None = None
    user_data: str = ""
    specification: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names_subnet(self) -> bool:
        """Whether it says in which subnet to launch."""
        return bool(_subnet_id(self.specification))


def spot_order(parameters: Mapping[str, Any], resources: RegionalResources, now: datetime) -> LaunchOrder:
    """Parse a RequestSpotInstances call.

    Raises EC2ClientError, with the code AWS would give.
    """
    kind = parameters.get("Type", "one-time")
    if kind not in ("one-time", "persistent"):
        raise EC2ClientError("InvalidParameterValue", f"Invalid value '{kind}' for Type.")
    behavior = parameters.get("InstanceInterruptionBehavior", "terminate")
    if behavior != "terminate" and kind == "one-time":
        message = f"The instance interruption behavior '{behavior}' is only valid for persistent Spot requests."
        raise EC2ClientError("InvalidParameterCombination", message)
    instance_type = (parameters.get("LaunchSpecification") or {}).get("InstanceType", "")
    if instance_type in resources.geography.instance_types and not resources.geography.is_spot(instance_type):
        raise EC2ClientError("Unsupported", f"There are no spot instances of type {instance_type}.")
    valid_from = _aware(parameters.get("ValidFrom"), now)
    valid_until = _aware(parameters.get("ValidUntil"), now + _DEFAULT_VALIDITY)
    if valid_until <= max(now, valid_from):
        raise EC2ClientError("InvalidParameterValue", "The ValidUntil time of a Spot request must be in the future.")
    return _order(
        parameters,
        parameters.get("LaunchSpecification") or {},
        resources,
        count=_count(parameters.get("InstanceCount", 1), "InstanceCount"),
        valid_from=max(now, valid_from),
        valid_until=valid_until,
        persistent=kind == "persistent",
        tags=_tags(parameters, {"spot-instances-request"}).get("spot-instances-request", {}),
        price=_price(parameters.get("SpotPrice")),
    )


def on_demand_order(parameters: Mapping[str, Any], resources: RegionalResources, now: datetime) -> LaunchOrder:
    """Parse a RunInstances call for on-demand instances.

    Raises EC2ClientError, with the code AWS would give.
    """
    if (parameters.get("InstanceMarketOptions") or {}).get("MarketType") == "spot":
        message = "This local AWS launches spot instances by RequestSpotInstances only."
        raise EC2ClientError("UnsupportedOperation", message)
    order = _order(
        parameters,
        parameters,
        resources,
        count=_count(parameters.get("MaxCount", 1), "MaxCount"),
        valid_from=now,
        valid_until=now + _DEFAULT_VALIDITY,
        persistent=False,
        tags=_tags(parameters, {"instance", "volume", "network-interface"}).get("instance", {}),
        price=None,
    )
    if not order.ami_fits:
        message = "The architecture of the specified instance type does not match the architecture of the AMI."
        raise EC2ClientError("InvalidParameterValue", message)
    return order


def _order(
    parameters: Mapping[str, Any],
    specification: Mapping[str, Any],
    resources: RegionalResources,
    **rest: Any,
) -> LaunchOrder:
    instance_type = _instance_type(specification, resources)
    image_id = specification.get("ImageId")
    if not image_id:
        raise EC2ClientError("MissingParameter", "The request must contain the parameter ImageId")
    image_architecture = _image_architecture(image_id, resources)
    _check_groups(specification, resources)
    supported = resources.geography.instance_types[instance_type]["ProcessorInfo"]["SupportedArchitectures"]
    return LaunchOrder(
        region=resources.region,
        instance_type=instance_type,
        image_id=image_id,
        image_architecture=image_architecture,
        zone_ids=_zone_ids(specification, instance_type, resources),
        ami_fits=image_architecture in supported,
        client_token=parameters.get("ClientToken") or "",
        fingerprint=_fingerprint(parameters),
        user_data=_user_data(specification.get("UserData")),
        specification=specification,
        **rest,
    )


def _instance_type(specification: Mapping[str, Any], resources: RegionalResources) -> str:
    instance_type = str(specification.get("InstanceType") or "m1.small")
    if instance_type not in resources.geography.instance_types:
        raise EC2ClientError("InvalidParameterValue", f"Invalid value '{instance_type}' for InstanceType.")
    if not resources.geography.is_offered(instance_type, resources.region):
        message = f"The requested configuration is currently not supported: {instance_type} in {resources.region}."
        raise EC2ClientError("Unsupported", message)
    return instance_type


def _image_architecture(image_id: str, resources: RegionalResources) -> str:
    if not image_id.startswith("ami-"):
        raise EC2ClientError("InvalidAMIID.Malformed", f'Invalid id: "{image_id}" (expecting "ami-...")')
    architecture = resources.image_architecture(image_id)
    if architecture is None:
        raise EC2ClientError("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")
    return architecture


def _zone_ids(specification: Mapping[str, Any], instance_type: str, resources: RegionalResources) -> tuple[str, ...]:
    """Return the ids of the zones the order allows: the one it names, or all that offer the type."""
    offering = resources.geography.zone_ids(resources.region, instance_type)
    placement = specification.get("Placement") or {}
    subnet_id = _subnet_id(specification)
    if subnet_id:
        zone_id = resources.subnet_zone(subnet_id)
        if zone_id is None:
            raise EC2ClientError("InvalidSubnetID.NotFound", f"The subnet ID '{subnet_id}' does not exist")
        return (zone_id,) if zone_id in offering else ()
    name = placement.get("AvailabilityZone")
    if not name:
        return tuple(offering)
    named = [zone.zone_id for zone in resources.geography.zones[resources.region] if zone.name == name]
    if not named:
        raise EC2ClientError("InvalidParameterValue", f"Invalid availability zone: [{name}]")
    return tuple(zone_id for zone_id in named if zone_id in offering)


def _check_groups(specification: Mapping[str, Any], resources: RegionalResources) -> None:
    """Raise AWS's error for a group that is not there, or where the network is told twice."""
    group_ids = specification.get("SecurityGroupIds") or []
    if specification.get("NetworkInterfaces") and (group_ids or specification.get("SubnetId")):
        what = "security groups" if group_ids else "subnet ID"
        message = f"Network interfaces and an instance-level {what} may not be specified on the same request"
        raise EC2ClientError("InvalidParameterCombination", message)
    for group_id in group_ids:
        if resources.group_name(group_id) is None:
            raise EC2ClientError("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")


def _subnet_id(specification: Mapping[str, Any]) -> str | None:
    interfaces = specification.get("NetworkInterfaces") or [{}]
    subnet_id: str | None = specification.get("SubnetId") or interfaces[0].get("SubnetId")
    return subnet_id


def _tags(parameters: Mapping[str, Any], taggable: set[str]) -> dict[str, dict[str, str]]:
    """Return the tags by the type of the resource they are for."""
    tags: dict[str, dict[str, str]] = {}
    for specification in parameters.get("TagSpecifications") or []:
        kind = specification.get("ResourceType", "")
        if kind not in taggable:
            message = f"'{kind}' is not a valid taggable resource type for this operation."
            raise EC2ClientError("InvalidParameterValue", message)
        tags.setdefault(kind, {}).update({tag["Key"]: tag.get("Value", "") for tag in specification.get("Tags", [])})
    return tags


def _user_data(encoded: str | None) -> str:
    try:
        user_data = base64.b64decode(encoded or "", validate=True)
    except binascii.Error:
        message = "Invalid BASE64 encoding of user data."
        raise EC2ClientError("InvalidUserData.Malformed", message) from None
    if len(user_data) > _USER_DATA_LIMIT:
        raise EC2ClientError("InvalidParameterValue", f"User data is limited to {_USER_DATA_LIMIT} bytes")
    return user_data.decode("utf-8", "replace")


def _count(count: int, name: str) -> int:
    if not 1 <= int(count) <= _MAX_COUNT:
        raise EC2ClientError("InvalidParameterValue", f"Value ({count}) for parameter {name} is invalid.")
    return int(count)


def _price(price: str | None) -> float | None:
    try:
        usd = None if price is None else float(price)
    except ValueError:
        usd = 0.0
    if usd is not None and usd <= 0:
        raise EC2ClientError("InvalidParameterValue", f"Value ({price}) for parameter price is invalid.")
    return usd


def _aware(time: datetime | None, otherwise: datetime) -> datetime:
    return otherwise if time is None else time.replace(tzinfo=time.tzinfo or UTC)


def _fingerprint(parameters: Mapping[str, Any]) -> str:
    compared = {name: value for name, value in parameters.items() if name not in ("ClientToken", "DryRun")}
    return json.dumps(compared, sort_keys=True, default=str)
