"""An instance's life, drawn at its launch: how long it is pending, and when its status checks give which result.

Or how it fails before it runs, after its request was fulfilled: it goes from pending to terminated, for a reason.
"""

from datetime import datetime, timedelta

from local_aws.market.spot_market import LaunchOutlook
from local_aws.spot.draw import Draw
from local_aws.spot.instance import Check, Ending, Instance
from local_aws.spot.launch_order import LaunchOrder
from local_aws.spot.scenario import Scenario
from local_aws.spot.user_data import shuts_down_after

_FOREVER = timedelta(days=36500)
_PENDING_SPREAD = 0.2  # standard deviation of the duration's logarithm
_CHECK_SPREAD = 0.3  # the same
# When a check has its first result, as a share of the longest wait: system first, the one inside the instance last.
_SHARE_OF_WAIT = {"system": (0.6, 1.0), "ebs": (0.7, 1.0), "instance": (1.0, 1.0)}
# State reasons, as EC2's answers word them. Where EC2 says more, a test writes it: "Client.InternalError: …".
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
_MESSAGES = {
    "Client.InternalError": "Client error on launch",
    "Client.InvalidSnapshot.NotFound": "The snapshot 'snap-0123456789abcdef0' does not exist.",
    "Client.VolumeLimitExceeded": "Volume limit exceeded",
    "Server.InsufficientInstanceCapacity": "Insufficient capacity to satisfy instance request",
    "Server.InternalError": "Internal error on launch",
    "Server.SpotInstanceTermination": "Spot Instance termination",
}


def launch(
    order: LaunchOrder,
    zone_id: str,
    at: datetime,
    ordinal: int,
    draw: Draw,
    outlook: LaunchOutlook,
    scenario: Scenario,
) -> Instance:
    """Return an instance launched at a time; it has an ending already if its user data shuts it down."""
    pending = (
        draw.between(scenario.pending_seconds)
        if scenario.pending_seconds
        else draw.around(outlook.running_seconds, _PENDING_SPREAD)
    )
    running_at = at + pending
    boots = scenario.boots(order.instance_type)
    instance_id = draw.resource_id("i", 17)
    instance = Instance(
        instance_id=instance_id,
        ordinal=ordinal,
        reservation_id=draw.resource_id("r", 17),
        instance_type=order.instance_type,
        image_id=order.image_id,
        architecture=order.image_architecture,
        region=order.region,
        zone_id=zone_id,
        launched_at=at,
        visible_at=at + draw.between((0.0, scenario.invisible_seconds)),
        running_at=running_at,
        checks=_checks(running_at, draw, outlook, scenario, boots=boots),
        user_data=order.user_data,
        specification=order.specification,
        is_protected=Draw(instance_id, "protection").happens(scenario.protected_share),
    )
    wait = shuts_down_after(order.user_data) if boots else None
    if wait is not None:
        instance.end(ending("itself", running_at + wait, draw, scenario))
    return instance


def ending(by: str, at: datetime, draw: Draw, scenario: Scenario) -> Ending:
    """Return an ending that begins at a time; AWS ("aws") gives notice before it shuts an instance down."""
    notice = timedelta(seconds=scenario.interruption_notice_seconds if by == "aws" else 0.0)
    shutting_down_at = at + notice
    return Ending(by, at, shutting_down_at, shutting_down_at + draw.between(scenario.shutting_down_seconds))


def plan_failure(instance: Instance, scenario: Scenario) -> None:
    """Have a launch fail before the instance runs, if the scenario says so."""
    draw = Draw(instance.instance_id, "launch failure")
    if scenario.launch_failure is None or not draw.happens(scenario.launch_failure_share):
        return
    at = min(instance.running_at, instance.launched_at + draw.between(scenario.launch_failure_seconds))
    reason = _with_message(scenario.launch_failure)
    instance.end(Ending("launch failure", at, at, at, reason=reason, request_code=scenario.launch_failure_code))


def _checks(
    running_at: datetime, draw: Draw, outlook: LaunchOutlook, scenario: Scenario, *, boots: bool
) -> tuple[Check, ...]:
    longest = (
        draw.between(scenario.check_seconds)
        if scenario.check_seconds
        else draw.around(outlook.healthy_seconds, _CHECK_SPREAD)
    )
    first_check = draw.between((0.0, scenario.check_interval_seconds))
    is_impaired = draw.happens(scenario.impaired_share)
    kinds = ["instance", "system", *(["ebs"] if draw.happens(scenario.ebs_status_share) else [])]
    checks = []
    for kind in kinds:
        wait = longest * (draw.between(_SHARE_OF_WAIT[kind]) / timedelta(seconds=1))
        result_at = running_at + _next_check(wait, first_check, scenario.check_interval_seconds)
        impaired_until = None
        if kind == "instance" and not boots:
            impaired_until = result_at + _FOREVER
        elif kind == "instance" and is_impaired:
            lasts = _FOREVER if scenario.impaired_seconds is None else timedelta(seconds=scenario.impaired_seconds)
            impaired_until = result_at + lasts
        checks.append(Check(kind, result_at, impaired_until))
    return tuple(checks)


def _next_check(wait: timedelta, first: timedelta, interval_seconds: float) -> timedelta:
    """Return when AWS, which checks at fixed intervals, first checks after a wait."""
    if not interval_seconds:
        return wait
    interval = timedelta(seconds=interval_seconds)
    number = max(0, -((first - wait) // interval))
    return first + number * interval


def _with_message(reason: str) -> str:
    code, _, message = reason.partition(": ")
    return f"{code}: {message or _MESSAGES.get(code, 'The instance failed to launch')}"
