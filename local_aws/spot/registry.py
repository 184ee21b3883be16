"""Every spot request and instance of one Region, and who may see them already, or still."""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Protocol, TypeVar

from moto.ec2.exceptions import EC2ClientError

from local_aws.spot.agenda import Agenda
from local_aws.spot.draw import Draw
from local_aws.spot.instance import Instance
from local_aws.spot.request import SpotRequest


class _Resource(Protocol):
    def is_seen(self, at: datetime) -> bool:
        """Say whether AWS's answers know of it."""


Kind = TypeVar("Kind", bound=_Resource)


class Registry:
    """What there is in a Region, in the order it came to be."""

    def __init__(self, region: str, seed: int) -> None:
        self.region = region
        self.lock = threading.RLock()
        self.requests: dict[str, SpotRequest] = {}
        self.instances: dict[str, Instance] = {}
        self.agenda = Agenda()
        self._seed = seed
        self._ordinals = count(1)

    def new(self) -> tuple[int, Draw]:
        """Return the next resource's number, and its own stream of chance."""
        ordinal = next(self._ordinals)
        return ordinal, Draw(self._seed, self.region, ordinal)

    def seen_requests(self, request_ids: Sequence[str], at: datetime) -> list[SpotRequest]:
        """Return the requests with these ids, once each, or all that there are.

        Raises EC2ClientError for one that AWS does not know, yet or any more.
        """
        found, unknown = _seen(self.requests, request_ids, at)
        if unknown:
            message = f"The spot instance request ID '{unknown[0]}' does not exist"
            raise EC2ClientError("InvalidSpotInstanceRequestID.NotFound", message)
        return found

    def seen_instances(self, instance_ids: Sequence[str], at: datetime) -> list[Instance]:
        """Return the instances with these ids, once each, or all that there are.

        Raises EC2ClientError for those that AWS does not know, yet or any more.
        """
        found, unknown = _seen(self.instances, instance_ids, at)
        if unknown:
            ids, do = ", ".join(unknown), "s '{}' do" if len(unknown) > 1 else " '{}' does"
            raise EC2ClientError("InvalidInstanceID.NotFound", f"The instance ID{do.format(ids)} not exist")
        return found


def _seen(resources: Mapping[str, Kind], ids: Sequence[str], at: datetime) -> tuple[list[Kind], list[str]]:
    if not ids:
        return [resource for resource in resources.values() if resource.is_seen(at)], []
    found: list[Kind] = []
    unknown: list[str] = []
    for resource_id in dict.fromkeys(ids):
        resource = resources.get(resource_id)
        if resource is not None and resource.is_seen(at):
            found.append(resource)
        else:
            unknown.append(resource_id)
    return found, unknown
