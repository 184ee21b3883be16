"""EC2's answers about spot requests and instances as typed data; any field may be absent from them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from collect_launch_time.ec2.installation import INSTALLATION_TAG, TOKEN_TAG

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import InstanceStatusTypeDef, InstanceTypeDef, SpotInstanceRequestTypeDef

# Of a request in one of these states no instance will come any more, unless it was being fulfilled while we cancelled.
_FAILED = "failed"
_FINAL_STATES = frozenset({"cancelled", "closed", _FAILED})
# Status codes that imply an instance, beside the state `active` and an instance id.
_FULFILLED = "fulfilled"
_CODES_WITH_INSTANCE = (_FULFILLED, "request-canceled-and-instance", "marked-for-", "instance-")
_TERMINATING_STATES = frozenset({"shutting-down", "terminated"})
_DEAD_STATES = _TERMINATING_STATES | {"stopping", "stopped"}
_GOOD_EBS_STATUSES = frozenset({"ok", "not-applicable"})
# As in "User initiated (2026-03-01 12:00:00 GMT)".
_TRANSITION_TIME = re.compile(r"\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:GMT|UTC)\)")


@dataclass(frozen=True)
class SpotRequest:
    """A spot request, from DescribeSpotInstanceRequests; what AWS did not tell is an empty string."""

    request_id: str
    state: str
    code: str
    instance_id: str = ""
    instance_type: str = ""
    zone: str = ""
    zone_id: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    message: str = ""  # of the status code
    created: datetime | None = None  # by AWS's clock
    status_since: datetime | None = None  # since when it has the status code, by AWS's clock

    @property
    def is_final(self) -> bool:
        """Tell whether it can no longer be fulfilled."""
        return self.state in _FINAL_STATES

    @property
    def has_failed(self) -> bool:
        """Tell whether AWS rejected it for good, so that it never led to an instance."""
        return self.state == _FAILED

    @property
    def fulfilled(self) -> datetime | None:
        """Give when AWS fulfilled it, by its own clock; None once a later status hides it."""
        return self.status_since if self.code == _FULFILLED else None

    @property
    def has_instance(self) -> bool:
        """Tell whether it led to an instance, even if the instance's id is not known."""
        return bool(self.instance_id) or self.state == "active" or self.code.startswith(_CODES_WITH_INSTANCE)

    @property
    def says_terminated(self) -> bool:
        """Tell whether AWS calls the instance terminated; for lack of capacity it says so two minutes in advance."""
        return self.code.startswith("instance-terminated-")

    @property
    def token(self) -> str:
        """Give the client token it was made with, from its tag."""
        return self.tags.get(TOKEN_TAG, "")

    def belongs_to(self, installation_id: str) -> bool:
        """Tell whether it carries an installation's tag."""
        return self.tags.get(INSTALLATION_TAG) == installation_id


@dataclass(frozen=True)
class InstanceCheck:
    """An instance's state and status checks, from DescribeInstanceStatus."""

    instance_id: str
    state: str
    is_ready: bool
    zone: str = ""
    zone_id: str = ""

    @property
    def is_running(self) -> bool:
        """Tell whether its state is running."""
        return self.state == "running"

    @property
    def is_dead(self) -> bool:
        """Tell whether it will not become ready any more."""
        return self.state in _DEAD_STATES


@dataclass(frozen=True)
class Instance:
    """An instance, from DescribeInstances."""

    instance_id: str
    request_id: str
    state: str
    instance_type: str = ""
    zone: str = ""
    launched: datetime | None = None
    reason_code: str = ""
    ended: datetime | None = None  # AWS's time of its last change of state, where the reason tells one
    reason: str = ""  # in AWS's words

    @property
    def has_ended(self) -> bool:
        """Tell whether it is shutting down or terminated."""
        return self.state in _TERMINATING_STATES

    @property
    def was_interrupted(self) -> bool:
        """Tell whether AWS interrupted it, which is free within its first hour."""
        return self.reason_code.startswith("Server.SpotInstance")


def spot_request(raw: SpotInstanceRequestTypeDef) -> SpotRequest:
    """Parse one element of SpotInstanceRequests."""
    status = raw.get("Status", {})
    return SpotRequest(
        request_id=str(raw.get("SpotInstanceRequestId", "")),
        state=str(raw.get("State", "")),
        code=str(status.get("Code", "")),
        message=str(status.get("Message") or ""),
        created=_moment(raw.get("CreateTime")),
        status_since=_moment(status.get("UpdateTime")),
        instance_id=str(raw.get("InstanceId") or ""),
        instance_type=str(raw.get("LaunchSpecification", {}).get("InstanceType", "")),
        zone=str(raw.get("LaunchedAvailabilityZone") or ""),
        zone_id=str(raw.get("LaunchedAvailabilityZoneId") or ""),
        tags={str(tag.get("Key")): str(tag.get("Value")) for tag in raw.get("Tags") or []},
    )


def instance_check(raw: InstanceStatusTypeDef) -> InstanceCheck:
    """Parse one element of InstanceStatuses; the status of attached volumes counts where it is reported."""
    state = str(raw.get("InstanceState", {}).get("Name", ""))
    checks = raw.get("InstanceStatus", {}), raw.get("SystemStatus", {})
    are_checks_ok = all(check.get("Status") == "ok" for check in checks)
    are_volumes_ok = raw.get("AttachedEbsStatus", {}).get("Status", "ok") in _GOOD_EBS_STATUSES
    return InstanceCheck(
        instance_id=str(raw.get("InstanceId", "")),
        state=state,
        is_ready=state == "running" and are_checks_ok and are_volumes_ok,
        zone=str(raw.get("AvailabilityZone") or ""),
        zone_id=str(raw.get("AvailabilityZoneId") or ""),
    )


def instance(raw: InstanceTypeDef) -> Instance:
    """Parse one element of a reservation's Instances."""
    transition = _TRANSITION_TIME.search(str(raw.get("StateTransitionReason") or ""))
    return Instance(
        instance_id=str(raw.get("InstanceId", "")),
        request_id=str(raw.get("SpotInstanceRequestId") or ""),
        state=str(raw.get("State", {}).get("Name", "")),
        instance_type=str(raw.get("InstanceType", "")),
        zone=str(raw.get("Placement", {}).get("AvailabilityZone") or ""),
        launched=_moment(raw.get("LaunchTime")),
        reason_code=str(raw.get("StateReason", {}).get("Code") or ""),
        reason=str(raw.get("StateReason", {}).get("Message") or ""),
        ended=_utc(transition[1]) if transition else None,
    )


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
