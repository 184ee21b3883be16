"""What EC2 answers about spot requests and instances, as far as a probe needs it; absent fields are no surprise."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from collect_launch_time.ec2.installation import INSTALLATION_TAG, TOKEN_TAG

# A request in one of these has no instance yet to come, apart from one that crosses our cancel.
_FINAL = frozenset({"cancelled", "closed", "failed"})
# An instance in one of these is on its way out, or out.
_ENDED = frozenset({"shutting-down", "terminated"})
_DEAD = _ENDED | {"stopping", "stopped"}
_FINE = frozenset({"ok", "not-applicable"})
# "User initiated (2026-03-01 12:00:00 GMT)"
_REASON_TIME = re.compile(r"\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:GMT|UTC)\)")


@dataclass(frozen=True)
class SpotRequest:
    """A spot request as DescribeSpotInstanceRequests has it."""

    request_id: str
    state: str
    code: str
    instance_id: str = ""
    instance_type: str = ""
    zone: str = ""
    zone_id: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_final(self) -> bool:
        """Tell whether it can no longer be fulfilled."""
        return self.state in _FINAL

    @property
    def has_instance(self) -> bool:
        """Tell whether it led to an instance, be its id known or not."""
        return bool(self.instance_id) or self.state == "active" or self.code.startswith(_WITH_INSTANCE)

    @property
    def says_terminated(self) -> bool:
        """Tell whether AWS reports the instance as terminated; a lack of capacity is reported two minutes before."""
        return self.code.startswith("instance-terminated-")

    @property
    def token(self) -> str:
        """Give the client token it was made with, which its tag repeats."""
        return self.tags.get(TOKEN_TAG, "")

    def is_of(self, installation_id: str) -> bool:
        """Tell whether it carries the tag of an installation."""
        return self.tags.get(INSTALLATION_TAG) == installation_id


_WITH_INSTANCE = ("fulfilled", "request-canceled-and-instance", "marked-for-", "instance-")


@dataclass(frozen=True)
class InstanceCheck:
    """An instance as DescribeInstanceStatus has it."""

    instance_id: str
    state: str
    is_ready: bool
    zone: str = ""
    zone_id: str = ""

    @property
    def is_running(self) -> bool:
        """Tell whether it runs."""
        return self.state == "running"

    @property
    def is_dead(self) -> bool:
        """Tell whether it will never (again) be ready."""
        return self.state in _DEAD


@dataclass(frozen=True)
class Instance:
    """An instance as DescribeInstances has it."""

    instance_id: str
    request_id: str
    state: str
    instance_type: str = ""
    zone: str = ""
    launched: datetime | None = None
    reason_code: str = ""
    ended: datetime | None = None  # by AWS's clock

    @property
    def has_ended(self) -> bool:
        """Tell whether it is shutting down or gone."""
        return self.state in _ENDED

    @property
    def was_interrupted(self) -> bool:
        """Tell whether AWS took it back, which we do not pay for within its first hour."""
        return self.reason_code.startswith("Server.SpotInstance")


def spot_request(raw: Mapping[str, Any]) -> SpotRequest:
    """Read one element of SpotInstanceRequests."""
    return SpotRequest(
        request_id=str(raw.get("SpotInstanceRequestId", "")),
        state=str(raw.get("State", "")),
        code=str(raw.get("Status", {}).get("Code", "")),
        instance_id=str(raw.get("InstanceId") or ""),
        instance_type=str(raw.get("LaunchSpecification", {}).get("InstanceType", "")),
        zone=str(raw.get("LaunchedAvailabilityZone") or ""),
        zone_id=str(raw.get("LaunchedAvailabilityZoneId") or ""),
        tags={str(tag.get("Key")): str(tag.get("Value")) for tag in raw.get("Tags") or []},
    )


def instance_check(raw: Mapping[str, Any]) -> InstanceCheck:
    """Read one element of InstanceStatuses; the EBS status counts where it is reported."""
    state = str(raw.get("InstanceState", {}).get("Name", ""))
    needed = [raw.get(name, {}).get("Status") == "ok" for name in ("InstanceStatus", "SystemStatus")]
    volumes = raw.get("AttachedEbsStatus", {}).get("Status", "ok") in _FINE
    return InstanceCheck(
        instance_id=str(raw.get("InstanceId", "")),
        state=state,
        is_ready=state == "running" and all(needed) and volumes,
        zone=str(raw.get("AvailabilityZone") or ""),
        zone_id=str(raw.get("AvailabilityZoneId") or ""),
    )


def instance(raw: Mapping[str, Any]) -> Instance:
    """Read one element of a reservation's Instances."""
    launched = raw.get("LaunchTime")
    told = _REASON_TIME.search(str(raw.get("StateTransitionReason") or ""))
    return Instance(
        instance_id=str(raw.get("InstanceId", "")),
        request_id=str(raw.get("SpotInstanceRequestId") or ""),
        state=str(raw.get("State", {}).get("Name", "")),
        instance_type=str(raw.get("InstanceType", "")),
        zone=str(raw.get("Placement", {}).get("AvailabilityZone") or ""),
        launched=launched if isinstance(launched, datetime) else None,
        reason_code=str(raw.get("StateReason", {}).get("Code") or ""),
        ended=datetime.strptime(told[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) if told else None,
    )
