"""Request, cancel, terminate: the only module that spends money, or ends what does."""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import botocore.exceptions

from collect_launch_time.ec2 import answers
from collect_launch_time.ec2.answers import SpotRequest
from collect_launch_time.ec2.installation import tags
from collect_launch_time.ec2.known_ids import for_known
from collect_launch_time.ec2.region_ec2 import RegionEc2

# A request that is answered late still has its whole timeout; the Date header has whole seconds only.
_VALID_MARGIN_SECONDS = 5
_IDS_AT_ONCE = 100
# Counted from the instance's start. Later than our own end of a probe and its retries of two minutes, so that it
# never falsifies a measurement; the spot instance of a one-time request is terminated when it shuts down.
_GRACE_MINUTES = 5


@dataclass(frozen=True)
class Order:
    """What is asked of the market: so many spot instances of a type, for so long."""

    token: str
    instance: str
    count: int
    ami: str
    timeout_seconds: float
    installation: str


@dataclass(frozen=True)
class Terminated:
    """What TerminateInstances said of an instance."""

    instance_id: str
    was: str
    now: str

    @property
    def is_ending(self) -> bool:
        """Tell whether it is on its way out."""
        return self.now in ("shutting-down", "terminated")


def request(ec2: RegionEc2, order: Order) -> list[SpotRequest]:
    """Ask for one-time spot instances; repeated with the same order, AWS launches nothing twice.

    Raises AWS_FAILURES; whether AWS acted all the same is told by `never_arrived`.
    """
    valid_until = ec2.time.now() + timedelta(seconds=order.timeout_seconds + _VALID_MARGIN_SECONDS)
    answer = ec2.client.request_spot_instances(
        ClientToken=order.token,
        InstanceCount=order.count,
        Type="one-time",
        ValidUntil=valid_until.replace(microsecond=0),  # EC2's times have whole seconds
        LaunchSpecification={
            "ImageId": order.ami,
            "InstanceType": order.instance,
            "UserData": user_data(order.timeout_seconds),
        },
        TagSpecifications=[
            {"ResourceType": "spot-instances-request", "Tags": tags(order.installation, order.token)},
        ],
    )
    return [answers.spot_request(raw) for raw in answer.get("SpotInstanceRequests", [])]


def user_data(timeout_seconds: float) -> str:
    """Give user data, in Base64, by which an instance shuts itself down if nobody else ends it.

    cloud-init runs it as root at the first boot; shutdown schedules and returns at once.
    """
    script = f"#!/bin/bash\nshutdown -h +{switch_minutes(timeout_seconds)}\n"
    return base64.b64encode(script.encode()).decode()


def switch_minutes(timeout_seconds: float) -> int:
    """Give the minutes after its start at which an instance shuts itself down."""
    return math.ceil(timeout_seconds / 60) + _GRACE_MINUTES


def never_arrived(error: BaseException) -> bool:
    """Tell whether it is certain that AWS made no request: it said no at the first attempt, in words of its own.

    After a lost answer or a server's error it may have acted; and a "no" to a repetition says nothing of the first.
    """
    if not isinstance(error, botocore.exceptions.ClientError):
        return False
    about: dict[str, Any] = error.response.get("ResponseMetadata", {})
    return about.get("RetryAttempts", 0) == 0 and 400 <= int(about.get("HTTPStatusCode", 500)) < 500


def cancel(ec2: RegionEc2, request_ids: Sequence[str]) -> frozenset[str]:
    """Cancel spot requests and give the ids for which AWS said so. It does not terminate their instances.

    Raises AWS_FAILURES; ids AWS does not know are passed over.
    """

    def call(ids: list[str]) -> list[str]:
        answer = ec2.client.cancel_spot_instance_requests(SpotInstanceRequestIds=ids)
        return [str(one.get("SpotInstanceRequestId")) for one in answer.get("CancelledSpotInstanceRequests", [])]

    known = for_known(call, request_ids, at_once=_IDS_AT_ONCE)
    return frozenset(request_id for answer in known.answers for request_id in answer)


def terminate(ec2: RegionEc2, instance_ids: Sequence[str]) -> tuple[list[Terminated], frozenset[str]]:
    """Terminate instances; give what AWS said of each, and the ids it does not know (yet, or any more).

    Raises AWS_FAILURES.
    """

    def call(ids: list[str]) -> list[Terminated]:
        answer = ec2.client.terminate_instances(InstanceIds=ids)
        return [
            Terminated(
                str(one.get("InstanceId")),
                str(one.get("PreviousState", {}).get("Name", "")),
                str(one.get("CurrentState", {}).get("Name", "")),
            )
            for one in answer.get("TerminatingInstances", [])
        ]

    known = for_known(call, instance_ids, at_once=_IDS_AT_ONCE)
    return [one for answer in known.answers for one in answer], known.unknown
