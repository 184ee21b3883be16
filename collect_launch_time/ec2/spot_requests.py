"""Request, cancel, terminate: the only calls that spend money, or end what does."""

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import botocore.exceptions

from collect_launch_time.ec2 import answers
from collect_launch_time.ec2.answers import SpotRequest
from collect_launch_time.ec2.by_halves import DoneByHalves, call_by_halves
from collect_launch_time.ec2.installation import tags
from collect_launch_time.ec2.network import ANYWHERE, Network
from collect_launch_time.ec2.region_ec2 import RegionEc2
from common.aws import error_kind

# So that a request that AWS answers late stays valid for its whole timeout; AWS's time is known to a second only.
_VALID_MARGIN_SECONDS = 5
_IDS_A_CALL = 100
# Between the timeout and the instance's own shutdown, counted from the instance's start: later than our own end of the
# probe with its two minutes of retries, so that the shutdown never falsifies a measurement.
_GRACE_MINUTES = 5


@dataclass(frozen=True)
class Order:
    """What RequestSpotInstances is asked for; instance is the instance type."""

    token: str
    instance: str
    count: int
    ami: str
    timeout_seconds: float
    installation_id: str
    network: Network = ANYWHERE


@dataclass(frozen=True)
class Terminated:
    """TerminateInstances's answer about one instance."""

    instance_id: str
    state_before: str
    state_now: str

    @property
    def is_confirmed(self) -> bool:
        """Tell whether AWS says that the instance is shutting down or terminated."""
        return self.state_now in ("shutting-down", "terminated")


def request(ec2: RegionEc2, order: Order) -> list[SpotRequest]:
    """Request one-time spot instances; AWS launches nothing twice for the same order.

    Raises AWS_FAILURES; `is_certainly_refused` tells whether AWS may have acted in spite of the error.
    """
    valid_until = ec2.time.now() + timedelta(seconds=order.timeout_seconds + _VALID_MARGIN_SECONDS)
    # Any, because the model's list of types ends with its release.
    specification: Any = {
        "ImageId": order.ami,
        "InstanceType": order.instance,
        "UserData": user_data(order.timeout_seconds),
        **order.network.specification,
    }
    answer = ec2.client.request_spot_instances(
        ClientToken=order.token,
        InstanceCount=order.count,
        Type="one-time",
        ValidUntil=valid_until.replace(microsecond=0),  # EC2 takes whole seconds
        LaunchSpecification=specification,
        TagSpecifications=[
            {"ResourceType": "spot-instances-request", "Tags": tags(order.installation_id, order.token)},
        ],
    )
    return [answers.spot_request(raw) for raw in answer.get("SpotInstanceRequests", [])]


def user_data(timeout_seconds: float) -> str:
    """Give user data, in Base64, that shuts an instance down some minutes after the timeout if nobody ended it before.

    cloud-init runs it as root at the first boot; `shutdown` schedules and returns at once. The instance of a one-time
    spot request is terminated when it shuts down.
    """
    script = f"#!/bin/bash\nshutdown -h +{switch_minutes(timeout_seconds)}\n"
    return base64.b64encode(script.encode()).decode()


def switch_minutes(timeout_seconds: float) -> int:
    """Give the minutes after its start at which an instance shuts itself down."""
    return math.ceil(timeout_seconds / 60) + _GRACE_MINUTES


def is_certainly_refused(error: BaseException) -> bool:
    """Tell whether AWS certainly made no request: it answered the first attempt with a 4xx error.

    After a lost answer or a 5xx error it may have made one; and an error at a retry says nothing about the attempts
    before. No capacity and a used-up quota are answers, though they may come as a 5xx.
    """
    if not isinstance(error, botocore.exceptions.ClientError):
        return False
    metadata: Mapping[str, Any] = {**error.response.get("ResponseMetadata", {})}
    is_answer = _is_about_what_is_there(error) or 400 <= int(metadata.get("HTTPStatusCode", 500)) < 500
    return metadata.get("RetryAttempts", 0) == 0 and is_answer


def _is_about_what_is_there(error: BaseException) -> bool:
    """Tell whether AWS has answered what it can give: the market has none, or the account's quota is used up."""
    return error_kind.is_no_capacity(error) or error_kind.is_quota_used_up(error)


def cancel(ec2: RegionEc2, request_ids: Sequence[str]) -> DoneByHalves[str]:
    """Cancel spot requests; the answers are the ids that AWS confirmed. This does not terminate their instances."""

    def call(ids: list[str]) -> list[str]:
        answer = ec2.client.cancel_spot_instance_requests(SpotInstanceRequestIds=ids)
        return [str(raw.get("SpotInstanceRequestId")) for raw in answer.get("CancelledSpotInstanceRequests", [])]

    return call_by_halves(call, request_ids, batch_size=_IDS_A_CALL)


def terminate(ec2: RegionEc2, instance_ids: Sequence[str]) -> DoneByHalves[Terminated]:
    """Terminate instances; the answers are AWS's about each. One that it refuses keeps none of the others alive."""

    def call(ids: list[str]) -> list[Terminated]:
        answer = ec2.client.terminate_instances(InstanceIds=ids)
        return [
            Terminated(
                str(raw.get("InstanceId")),
                str(raw.get("PreviousState", {}).get("Name", "")),
                str(raw.get("CurrentState", {}).get("Name", "")),
            )
            for raw in answer.get("TerminatingInstances", [])
        ]

    return call_by_halves(call, instance_ids, batch_size=_IDS_A_CALL)
