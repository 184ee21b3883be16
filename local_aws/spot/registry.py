"""Everything there is in one Region: its spot requests, its instances, and the events that are due."""

import heapq
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Protocol, TypeVar

from moto.ec2.exceptions import EC2ClientError

from local_aws.spot.draw import Draw
from local_aws.spot.instance import Instance
from local_aws.spot.request import SpotRequest

_Event = Callable[[datetime], None]


class _Resource(Protocol):
    def is_visible(self, at: datetime) -> bool:
        """Return whether AWS's answers contain it."""


_Kind = TypeVar("_Kind", bound=_Resource)


class EventQueue:
    """Decisions that depend on the state of the market at their time, carried out in the order of time.

    Time passes only when a call comes in: each first runs what has become due since the last one.
    """

    def __init__(self) -> None:
        self._events: list[tuple[datetime, int, _Event]] = []
        self._order = count()

    def add(self, at: datetime, event: _Event) -> None:
        """Have a function called for a time, and with it: not with the time at which the queue is run."""
        heapq.heappush(self._events, (at, next(self._order), event))

    def run(self, until: datetime) -> None:
        """Run all events due by a time, also those that are added meanwhile."""
        while self._events and self._events[0][0] <= until:
            at, _, event = heapq.heappop(self._events)
            event(at)


class Registry:
    """A Region's requests and instances, in the order they were made; hold its lock while reading or changing any."""

    def __init__(self, region: str, seed: int) -> None:
        self.region = region
        self.lock = threading.RLock()
        self.requests: dict[str, SpotRequest] = {}
        self.instances: dict[str, Instance] = {}
        self.events = EventQueue()
        self._seed = seed
        self._ordinals = count(1)

    def new(self) -> tuple[int, Draw]:
        """Return the next resource's ordinal, and its own stream of random numbers."""
        ordinal = next(self._ordinals)
        return ordinal, Draw(self._seed, self.region, ordinal)

    def visible_requests(self, request_ids: Sequence[str], at: datetime) -> list[SpotRequest]:
        """Return the requests with these ids, once each; without ids, all.

        Raises EC2ClientError if one is not visible yet, or forgotten.
        """
        found, unknown = _visible(self.requests, request_ids, at)
        if unknown:
            message = f"The spot instance request ID '{unknown[0]}' does not exist"
            raise EC2ClientError("InvalidSpotInstanceRequestID.NotFound", message)
        return found

    def visible_instances(self, instance_ids: Sequence[str], at: datetime) -> list[Instance]:
        """Return the instances with these ids, once each; without ids, all.

        Raises EC2ClientError if some are not visible yet, or forgotten.
        """
        found, unknown = _visible(self.instances, instance_ids, at)
        if unknown:
            ids, do = ", ".join(unknown), "s '{}' do" if len(unknown) > 1 else " '{}' does"
            raise EC2ClientError("InvalidInstanceID.NotFound", f"The instance ID{do.format(ids)} not exist")
        return found


def _visible(resources: Mapping[str, _Kind], ids: Sequence[str], at: datetime) -> tuple[list[_Kind], list[str]]:
    """Return the visible ones of these resources, and the ids that none of them has; without ids, all visible."""
    if not ids:
        return [resource for resource in resources.values() if resource.is_visible(at)], []
    found: list[_Kind] = []
    unknown: list[str] = []
    for resource_id in dict.fromkeys(ids):
        resource = resources.get(resource_id)
        if resource is not None and resource.is_visible(at):
            found.append(resource)
        else:
            unknown.append(resource_id)
    return found, unknown
