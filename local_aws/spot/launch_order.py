"""What a caller orders: a RequestSpotInstances or RunInstances call, read and checked as AWS checks it."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from moto.ec2.exceptions import EC2ClientError

from local_aws.market.geography import Geography

_USER_DATA_LIMIT = 16384
_LASTS = timedelta(days=7)  # a spot request without ValidUntil
_MOST_AT_ONCE = 1000


class Account(Protocol):
    """What an order is checked against, in one Region of one account."""

    geography: Geography
    region: str

    def image_architecture(self, image_id: str) -> str | None:
        """Return an AMI's architecture, or nothing when this Region has no such AMI."""

    def subnet_zone(self, subnet_id: str) -> str | None:
        """Return the zone id of a subnet, or nothing when there is no such subnet."""


@dataclass(frozen=True)
class LaunchOrder:
    """How many instances of what, where, until when: one call's worth."""

    region: str
    instance_type: str
    image_id: str
    image_architecture: str
    count: int
    zone_ids: tuple[str, ...]  # the pools it may be fulfilled from
    valid_from: datetime
    valid_until: datetime
    persistent: bool
    is_sound: bool  # else the request fails with bad-parameters
    client_token: str
    fingerprint: str  # of all parameters: a token used again must come with the same
    tags: Mapping[str, str] = field(default_factory=dict)
    price: float | None = None
    user_data: str = ""
    specification: Mapping[str, Any] = field(default_factory=dict)


def spot_order(parameters: Mapping[str, Any], account: Account, now: datetime) -> LaunchOrder:
    """Read a RequestSpotInstances call.

    Raises EC2ClientError as AWS would.
    """
    kind = parameters.get("Type", "one-time")
    if kind not in ("one-time", "persistent"):
        raise EC2ClientError("InvalidParameterValue", f"Invalid value '{kind}' for Type.")
    behavior = parameters.get("InstanceInterruptionBehavior", "terminate")
    if behavior != "terminate" and kind == "one-time":
        message = f"The instance interruption behavior '{behavior}' is only valid for persistent Spot requests."
        raise EC2ClientError("InvalidParameterCombination", message)
    instance_type = (parameters.get("LaunchSpecification") or {}).get("InstanceType", "")
    if instance_type in account.geography.instance_types and not account.geography.is_spot(instance_type):
        raise EC2ClientError("Unsupported", f"There are no spot instances of type {instance_type}.")
    valid_from = _aware(parameters.get("ValidFrom"), now)
    valid_until = _aware(parameters.get("ValidUntil"), now + _LASTS)
    if valid_until <= max(now, valid_from):
        raise EC2ClientError("InvalidParameterValue", "The ValidUntil time of a Spot request must be in the future.")
    return _order(
        parameters,
        parameters.get("LaunchSpecification") or {},
        account,
        count=_count(parameters.get("InstanceCount", 1), "InstanceCount"),
        valid_from=max(now, valid_from),
        valid_until=valid_until,
        persistent=kind == "persistent",
        tags=_tags(parameters, {"spot-instances-request"}),
        price=_price(parameters.get("SpotPrice")),
    )


def on_demand_order(parameters: Mapping[str, Any], account: Account, now: datetime) -> LaunchOrder:
    """Read a RunInstances call for on-demand instances.

    Raises EC2ClientError as AWS would.
    """
    if (parameters.get("InstanceMarketOptions") or {}).get("MarketType") == "spot":
        message = "This local AWS launches spot instances by RequestSpotInstances only."
        raise EC2ClientError("UnsupportedOperation", message)
    order = _order(
        parameters,
        parameters,
        account,
        count=_count(parameters.get("MaxCount", 1), "MaxCount"),
        valid_from=now,
        valid_until=now + _LASTS,
        persistent=False,
        tags=_tags(parameters, {"instance", "volume", "network-interface"}).get("instance", {}),
        price=None,
    )
    if not order.is_sound:
        message = "The architecture of the specified instance type does not match the architecture of the AMI."
        raise EC2ClientError("InvalidParameterValue", message)
    return order


def _order(
    parameters: Mapping[str, Any],
    specification: Mapping[str, Any],
    account: Account,
    *,
    tags: Mapping[str, Any],
    **rest: Any,
) -> LaunchOrder:
    instance_type = _instance_type(specification, account)
    image_id = specification.get("ImageId")
    if not image_id:
        raise EC2ClientError("MissingParameter", "The request must contain the parameter ImageId")
    image_architecture = _image_architecture(image_id, account)
    supported = account.geography.instance_types[instance_type]["ProcessorInfo"]["SupportedArchitectures"]
    return LaunchOrder(
        region=account.region,
        instance_type=instance_type,
        image_id=image_id,
        image_architecture=image_architecture,
        zone_ids=_zone_ids(specification, instance_type, account),
        is_sound=image_architecture in supported,
        client_token=parameters.get("ClientToken") or "",
        fingerprint=_fingerprint(parameters),
        tags=tags.get("spot-instances-request", {}) if "spot-instances-request" in tags else tags,
        user_data=_user_data(specification.get("UserData")),
        specification=specification,
        **rest,
    )


def _instance_type(specification: Mapping[str, Any], account: Account) -> str:
    instance_type = str(specification.get("InstanceType") or "m1.small")
    if instance_type not in account.geography.instance_types:
        raise EC2ClientError("InvalidParameterValue", f"Invalid value '{instance_type}' for InstanceType.")
    if not account.geography.is_offered(instance_type, account.region):
        message = f"The requested configuration is currently not supported: {instance_type} in {account.region}."
        raise EC2ClientError("Unsupported", message)
    return instance_type


def _image_architecture(image_id: str, account: Account) -> str:
    if not image_id.startswith("ami-"):
        raise EC2ClientError("InvalidAMIID.Malformed", f'Invalid id: "{image_id}" (expecting "ami-...")')
    architecture = account.image_architecture(image_id)
    if architecture is None:
        raise EC2ClientError("InvalidAMIID.NotFound", f"The image id '[{image_id}]' does not exist")
    return architecture


def _zone_ids(specification: Mapping[str, Any], instance_type: str, account: Account) -> tuple[str, ...]:
    """Return the zones the order names, or all that offer the type."""
    offering = account.geography.zone_ids(account.region, instance_type)
    placement = specification.get("Placement") or {}
    interfaces = specification.get("NetworkInterfaces") or [{}]
    subnet_id = specification.get("SubnetId") or interfaces[0].get("SubnetId")
    if subnet_id:
        zone_id = account.subnet_zone(subnet_id)
        if zone_id is None:
            raise EC2ClientError("InvalidSubnetID.NotFound", f"The subnet ID '{subnet_id}' does not exist")
        return (zone_id,) if zone_id in offering else ()
    name = placement.get("AvailabilityZone")
    if not name:
        return tuple(offering)
    named = [zone.zone_id for zone in account.geography.zones[account.region] if zone.name == name]
    if not named:
        raise EC2ClientError("InvalidParameterValue", f"Invalid availability zone: [{name}]")
    return tuple(zone_id for zone_id in named if zone_id in offering)


def _tags(parameters: Mapping[str, Any], taggable: set[str]) -> dict[str, dict[str, str]]:
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
    if not 1 <= int(count) <= _MOST_AT_ONCE:
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
    told = {name: value for name, value in parameters.items() if name not in ("ClientToken", "DryRun")}
    return json.dumps(told, sort_keys=True, default=str)
