"""What really happened here, for tests to hold a program's records against."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from local_aws.spot.account import spot_account
from local_aws.spot.instance import PENDING, RUNNING, Instance, Touch
from local_aws.spot.request import SpotRequest
from local_aws.state.world import World


def truth(world: World) -> dict[str, Any]:
    """Return every spot request and instance as it really was, by now."""
    now = world.clock.now()
    regions = spot_account(world).used_regions()
    requests = [request for region in regions for request in region.every_request(now)]
    planned = [instance for region in regions for instance in region.every_instance(now, planned=True)]
    instances = [instance for instance in planned if instance.launched <= now]
    return {
        "now": now.isoformat(),
        "spot_requests": [_request(request, now) for request in requests],
        "instances": [_instance(instance, now) for instance in instances],
        "open_requests": _ids_of_open(requests, now),
        "living_instances": [one.instance_id for one in instances if _lives(one, now)],
        "coming_instances": [one.instance_id for one in planned if one.launched > now],
        "decoys_touched": _touched(requests, instances),
    }


def _request(request: SpotRequest, now: datetime) -> dict[str, Any]:
    order, turns = request.order, [turn for turn in request.turns if turn.at <= now]
    return {
        "request_id": request.request_id,
        "region": order.region,
        "instance_type": order.instance_type,
        "image_id": order.image_id,
        "client_token": order.client_token,
        "tags": request.tags,
        "created": request.created.isoformat(),
        "visible": request.visible.isoformat(),
        "valid_until": order.valid_until.isoformat(),
        "state": request.state(now),
        "code": request.turn(now).code,
        "turns": [{"time": turn.at.isoformat(), "code": turn.code} for turn in turns],
        "instance_ids": [one.instance_id for one in request.instances if one.launched <= now],
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
        "fulfilled": instance.launched.isoformat(),
        "visible": instance.visible.isoformat(),
        "running": _past(instance.running if instance.ran else None, now),
        "all_ok": _past(instance.all_ok, now),
        "interruption_notice": _past(end.told if end and end.by == "aws" else None, now),
        "shutting_down": _past(end.shutting_down if end else None, now),
        "terminated": _past(end.terminated if end else None, now),
        "ended_by": end.by if end and end.shutting_down <= now else None,
        "decoy": instance.decoy,
        "touches": _touches(instance.touches),
    }


def _past(time: datetime | None, now: datetime) -> str | None:
    return time.isoformat() if time and time <= now else None


def _lives(instance: Instance, now: datetime) -> bool:
    return not instance.decoy and instance.state(now) in (PENDING, RUNNING)


def _ids_of_open(requests: Iterable[SpotRequest], now: datetime) -> list[str]:
    """Return the callers' requests that may still lead to an instance."""
    return [one.request_id for one in requests if not one.decoy and one.is_open(now)]


def _touched(requests: Iterable[SpotRequest], instances: Iterable[Instance]) -> list[str]:
    """Return the decoys that somebody cancelled or terminated: there must be none."""
    touched = [one.request_id for one in requests if one.decoy and one.touches]
    return touched + [one.instance_id for one in instances if one.decoy and one.touches]


def _touches(touches: Iterable[Touch]) -> list[dict[str, str]]:
    return [{"action": touch.action, "time": touch.time.isoformat()} for touch in touches]
