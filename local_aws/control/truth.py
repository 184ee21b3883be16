"""The ground truth: what really happened, so that tests can compare a program's records with it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from local_aws.spot.account import spot_account
from local_aws.spot.instance import PENDING, RUNNING, Instance, Touch
from local_aws.spot.request import SpotRequest
from local_aws.state.world import World


def truth(world: World) -> dict[str, Any]:
    """Return every spot request and instance as it was up to now, and the ids of those a test asks for most.

    "open_requests" and "living_instances" are the callers' own, not decoys; "coming_instances" are planned already,
    but not launched yet; "decoys_touched" are the decoys that a caller cancelled or terminated.
    """
    now = world.clock.now()
    regions = spot_account(world).used_regions()
    requests = [request for region in regions for request in region.every_request(now)]
    planned = [instance for region in regions for instance in region.every_instance(now, planned=True)]
    instances = [instance for instance in planned if instance.launched_at <= now]
    return {
        "now": now.isoformat(),
        "spot_requests": [_request(request, now) for request in requests],
        "instances": [_instance(instance, now) for instance in instances],
        "open_requests": [request.request_id for request in requests if not request.decoy and request.is_open(now)],
        "living_instances": [instance.instance_id for instance in instances if _lives(instance, now)],
        "coming_instances": [instance.instance_id for instance in planned if instance.launched_at > now],
        "decoys_touched": _decoys_touched(requests, instances),
    }


def _request(request: SpotRequest, now: datetime) -> dict[str, Any]:
    order, statuses = request.order, [status for status in request.statuses if status.since <= now]
    return {
        "request_id": request.request_id,
        "region": order.region,
        "instance_type": order.instance_type,
        "image_id": order.image_id,
        "client_token": order.client_token,
        "tags": request.tags,
        "created": request.created_at.isoformat(),
        "visible": request.visible_at.isoformat(),
        "valid_until": order.valid_until.isoformat(),
        "state": request.state(now),
        "code": request.status(now).code,
        "statuses": [{"time": status.since.isoformat(), "code": status.code} for status in statuses],
        "instance_ids": [instance.instance_id for instance in request.instances if instance.launched_at <= now],
        "decoy": request.decoy,
        "touches": _touches(request.touches),
    }


def _instance(instance: Instance, now: datetime) -> dict[str, Any]:
    end = instance.ending
    return {
        "instance_id": instance.instance_id,
        "request_id": instance.request_id,
        "region": instance.region,
        "zone_id": instance.zone_id,
        "instance_type": instance.instance_type,
        "tags": instance.tags,
        "client_token": instance.client_token,
        "user_data": instance.user_data,
        "state": instance.state(now),
        "fulfilled": instance.launched_at.isoformat(),
        "visible": instance.visible_at.isoformat(),
        "running": _past(instance.running_at if instance.ever_runs else None, now),
        "all_ok": _past(instance.all_ok_at, now),
        "interruption_notice": _past(end.notice_at if end and end.by == "aws" else None, now),
        "shutting_down": _past(end.shutting_down_at if end else None, now),
        "terminated": _past(end.terminated_at if end else None, now),
        "ended_by": end.by if end and end.shutting_down_at <= now else None,
        "state_reason": end.reason if end and end.reason and end.shutting_down_at <= now else None,
        "protected": instance.is_protected,
        "decoy": instance.decoy,
        "touches": _touches(instance.touches),
    }


def _past(time: datetime | None, now: datetime) -> str | None:
    return time.isoformat() if time and time <= now else None


def _lives(instance: Instance, now: datetime) -> bool:
    return not instance.decoy and instance.state(now) in (PENDING, RUNNING)


def _decoys_touched(requests: Iterable[SpotRequest], instances: Iterable[Instance]) -> list[str]:
    touched = [request.request_id for request in requests if request.decoy and request.touches]
    return touched + [instance.instance_id for instance in instances if instance.decoy and instance.touches]


def _touches(touches: Iterable[Touch]) -> list[dict[str, str]]:
    return [{"action": touch.action, "time": touch.time.isoformat()} for touch in touches]
