"""An instance's life, drawn at its launch: how long it is pending, and when its checks say what."""

from datetime import datetime, timedelta

from local_aws.market.spot_market import LaunchOutlook
from local_aws.spot.draw import Draw
from local_aws.spot.instance import Check, Ending, Instance
from local_aws.spot.launch_order import LaunchOrder
from local_aws.spot.scenario import Scenario
from local_aws.spot.user_data import shuts_down_after

FOR_EVER = timedelta(days=36500)
_PENDING_SPREAD = 0.2  # of the logarithm
_CHECK_SPREAD = 0.3
# The system check is the first to be through, the one from inside the instance the last.
_PART_OF_WAIT = {"system": (0.6, 1.0), "ebs": (0.7, 1.0), "instance": (1.0, 1.0)}


def launch(
    order: LaunchOrder,
    zone_id: str,
    at: datetime,
    ordinal: int,
    draw: Draw,
    outlook: LaunchOutlook,
    knobs: Scenario,
) -> Instance:
    """Return an instance that is launched at a time, with its life up to its end by itself, if it has one."""
    pending = (
        draw.between(knobs.pending_seconds)
        if knobs.pending_seconds
        else draw.around(outlook.running_seconds, _PENDING_SPREAD)
    )
    running = at + pending
    instance = Instance(
        instance_id=draw.resource_id("i", 17),
        ordinal=ordinal,
        reservation_id=draw.resource_id("r", 17),
        instance_type=order.instance_type,
        image_id=order.image_id,
        architecture=order.image_architecture,
        region=order.region,
        zone_id=zone_id,
        launched=at,
        visible=at + draw.between((0.0, knobs.invisible_seconds)),
        running=running,
        checks=_checks(running, draw, outlook, knobs),
        user_data=order.user_data,
        specification=order.specification,
    )
    wait = shuts_down_after(order.user_data)
    if wait is not None:
        instance.end(ending("itself", running + wait, draw, knobs))
    return instance


def ending(by: str, at: datetime, draw: Draw, knobs: Scenario) -> Ending:
    """Return an end that begins at a time; AWS gives notice before it."""
    notice = timedelta(seconds=knobs.interruption_notice_seconds if by == "aws" else 0.0)
    shutting_down = at + notice
    return Ending(by, at, shutting_down, shutting_down + draw.between(knobs.shutting_down_seconds))


def _checks(running: datetime, draw: Draw, outlook: LaunchOutlook, knobs: Scenario) -> tuple[Check, ...]:
    longest = (
        draw.between(knobs.check_seconds)
        if knobs.check_seconds
        else draw.around(outlook.healthy_seconds, _CHECK_SPREAD)
    )
    first_beat = draw.between((0.0, knobs.check_beat_seconds))
    impaired = draw.happens(knobs.impaired_share)
    kinds = ["instance", "system", *(["ebs"] if draw.happens(knobs.ebs_status_share) else [])]
    checks = []
    for kind in kinds:
        wait = longest * (draw.between(_PART_OF_WAIT[kind]) / timedelta(seconds=1))
        speaks = running + _at_a_beat(wait, first_beat, knobs.check_beat_seconds)
        until = None
        if impaired and kind == "instance":
            until = speaks + (FOR_EVER if knobs.impaired_seconds is None else timedelta(seconds=knobs.impaired_seconds))
        checks.append(Check(kind, speaks, until))
    return tuple(checks)


def _at_a_beat(wait: timedelta, first: timedelta, every_seconds: float) -> timedelta:
    """Return the first time AWS looks once the wait is over."""
    if not every_seconds:
        return wait
    every = timedelta(seconds=every_seconds)
    beats = max(0, -((first - wait) // every))
    return first + beats * every
