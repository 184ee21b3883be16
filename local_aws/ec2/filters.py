"""The filters of the Describe calls on spot requests and instances."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from moto.ec2.exceptions import EC2ClientError

from local_aws.market.geography import Geography
from local_aws.spot.instance import RUNNING, STATE_CODES, Check, Instance
from local_aws.spot.request import CODES, FAULTS, SpotRequest

Kind = TypeVar("Kind", SpotRequest, Instance)
_Reader = Callable[[Kind, datetime, Geography], Iterable[str]]


def passing(
    resources: Iterable[Kind],
    filters: Mapping[str, Sequence[str]],
    readers: Mapping[str, _Reader[Kind]],
    at: datetime,
    geography: Geography,
) -> list[Kind]:
    """Return the resources that pass all filters; in their values, * stands for any text and ? for any character.

    Raises EC2ClientError for an unknown filter.
    """
    tests = [(_reader(name, readers), _pattern(values)) for name, values in filters.items()]
    return [
        resource
        for resource in resources
        if all(any(pattern.fullmatch(value) for value in read(resource, at, geography)) for read, pattern in tests)
    ]


def _reader(name: str, readers: Mapping[str, _Reader[Kind]]) -> _Reader[Kind]:
    if name.startswith("tag:"):
        key = name.removeprefix("tag:")
        return lambda resource, _at, _geography: [resource.tags[key]] if key in resource.tags else []
    if name == "tag-key":
        return lambda resource, _at, _geography: resource.tags
    if name not in readers:
        raise EC2ClientError("InvalidParameterValue", f"The filter '{name}' is invalid")
    return readers[name]


def _pattern(values: Sequence[str]) -> re.Pattern[str]:
    parts = [re.escape(value).replace(r"\*", ".*").replace(r"\?", ".") for value in values]
    return re.compile("|".join(parts), re.DOTALL)


def _launched_zone(request: SpotRequest, at: datetime, geography: Geography) -> list[str]:
    instance = request.status(at).instance
    return [geography.zone[instance.zone_id].name] if instance else []


def _instance_id(request: SpotRequest, at: datetime) -> list[str]:
    instance = request.status(at).instance
    return [instance.instance_id] if instance else []


def _timestamp(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z")


REQUEST_FILTERS: dict[str, _Reader[SpotRequest]] = {
    "create-time": lambda request, _at, _geography: [_timestamp(request.created_at)],
    "fault-code": lambda request, at, _: [code for code in [request.status(at).code] if code in FAULTS],
    "instance-id": lambda request, at, _: _instance_id(request, at),
    "launch.image-id": lambda request, _at, _geography: [request.order.image_id],
    "launch.instance-type": lambda request, _at, _geography: [request.order.instance_type],
    "launched-availability-zone": _launched_zone,
    "launched-availability-zone-id": lambda request, at, _: [
        instance.zone_id for instance in [request.status(at).instance] if instance
    ],
    "product-description": lambda _request, _at, _geography: ["Linux/UNIX"],
    "spot-instance-request-id": lambda request, _at, _geography: [request.request_id],
    "spot-price": lambda request, _at, _geography: [f"{request.order.price:.6f}"] if request.order.price else [],
    "state": lambda request, at, _: [request.state(at)],
    "status-code": lambda request, at, _: [request.status(at).code],
    "status-message": lambda request, at, _: [CODES[request.status(at).code][1]],
    "type": lambda request, _at, _geography: ["persistent" if request.order.persistent else "one-time"],
    "valid-until": lambda request, _at, _geography: [_timestamp(request.order.valid_until)],
}

_COMMON_FILTERS: dict[str, _Reader[Instance]] = {
    "availability-zone": lambda instance, _, geography: [geography.zone[instance.zone_id].name],
    "availability-zone-id": lambda instance, _at, _geography: [instance.zone_id],
    "instance-state-code": lambda instance, at, _: [str(STATE_CODES[instance.state(at)])],
    "instance-state-name": lambda instance, at, _: [instance.state(at)],
}

INSTANCE_FILTERS: dict[str, _Reader[Instance]] = _COMMON_FILTERS | {
    "architecture": lambda instance, _at, _geography: [instance.architecture],
    "client-token": lambda instance, _at, _geography: [instance.client_token] if instance.client_token else [],
    "image-id": lambda instance, _at, _geography: [instance.image_id],
    "instance-id": lambda instance, _at, _geography: [instance.instance_id],
    "instance-lifecycle": lambda instance, _at, _geography: ["spot"] if instance.request_id else [],
    "instance-type": lambda instance, _at, _geography: [instance.instance_type],
    "launch-time": lambda instance, _at, _geography: [_timestamp(instance.launched_at)],
    "reservation-id": lambda instance, _at, _geography: [instance.reservation_id],
    "spot-instance-request-id": lambda instance, _at, _geography: [instance.request_id] if instance.request_id else [],
}


def _status_of(kind: str) -> _Reader[Instance]:
    def read(instance: Instance, at: datetime, _: Geography) -> list[str]:
        checks = [check for check in instance.checks if check.kind == kind]
        return [_status(check, instance, at) for check in checks]

    return read


def _status(check: Check, instance: Instance, at: datetime) -> str:
    return check.status(at) if instance.state(at) == RUNNING else "not-applicable"


STATUS_FILTERS: dict[str, _Reader[Instance]] = _COMMON_FILTERS | {
    "instance-status.status": _status_of("instance"),
    "system-status.status": _status_of("system"),
    "attached-ebs-status.status": _status_of("ebs"),
}
