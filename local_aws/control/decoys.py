"""Decoys: spot requests and instances of other owners, which a program under test must not end."""

from datetime import datetime, timedelta
from typing import Any

from local_aws.spot.account import MotoRegion, SpotAccount, spot_account
from local_aws.spot.instance import Instance
from local_aws.spot.launch_order import LaunchOrder, on_demand_order, spot_order
from local_aws.spot.request import SpotRequest, Status
from local_aws.state.world import World

_KINDS = ("open request", "spot instance", "on-demand instance")


def add_decoys(world: World, body: dict[str, Any]) -> list[str]:
    """Make decoys, and return the ids of every request and instance made.

    The body has their "kind" ("open request", "spot instance" or "on-demand instance"), and may have "region",
    "instance_type", "count" and "tags". Raises ValueError for another kind.
    """
    kind, region = body["kind"], body.get("region", "us-east-1")
    if kind not in _KINDS:
        raise ValueError(f"a decoy is one of {', '.join(_KINDS)}, not {kind!r}")
    now, spot = world.clock.now(), spot_account(world)
    moto_region = spot.moto_region(region)
    order_of = on_demand_order if kind == "on-demand instance" else spot_order
    order = order_of(_parameters(body, moto_region), moto_region, now)
    ids = []
    for _ in range(int(body.get("count", 1))):
        ids += _add_decoy(kind, spot, order, now)
    return ids


def _add_decoy(kind: str, spot: SpotAccount, order: LaunchOrder, now: datetime) -> list[str]:
    region = spot.region(order.region)
    with region.registry.lock:
        if kind == "open request":
            request = _request(spot, order, now)
            request.statuses = [Status(now, "capacity-not-available"), Status(order.valid_until, "schedule-expired")]
            return [request.request_id]
        instance = region.fulfilment.launch(order, order.zone_ids[0], now)
        _make_old(instance, now)
        if kind == "on-demand instance":
            instance.tags = dict(order.tags)
            return [instance.instance_id]
        request = _request(spot, order, now)
        request.statuses = [Status(now, "fulfilled", instance)]
        instance.request_id = request.request_id
        return [request.request_id, instance.instance_id]


def _request(spot: SpotAccount, order: LaunchOrder, now: datetime) -> SpotRequest:
    """Make a request that is never evaluated: its statuses are for the caller to set."""
    registry = spot.region(order.region).registry
    ordinal, draw = registry.new()
    request = SpotRequest(draw.request_id(), ordinal, order, now, now, [], draw, dict(order.tags), decoy=True)
    registry.requests[request.request_id] = request
    return request


def _make_old(instance: Instance, now: datetime) -> None:
    """Make an instance a decoy that was launched an hour ago."""
    instance.decoy = True
    instance.launched_at = instance.visible_at = now - timedelta(hours=1)
    instance.running_at = now - timedelta(minutes=59)


def _parameters(body: dict[str, Any], moto_region: MotoRegion) -> dict[str, Any]:
    """Return the parameters of the call that would have made the decoy."""
    instance_type = body.get("instance_type", "m5.large")
    architecture = moto_region.geography.architecture(instance_type)
    specification = {"InstanceType": instance_type, "ImageId": moto_region.any_image(architecture)}
    tags = [{"Key": key, "Value": value} for key, value in dict(body.get("tags", {})).items()]
    kind = "instance" if body["kind"] == "on-demand instance" else "spot-instances-request"
    tagged = {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}
    if kind == "instance":
        return specification | tagged
    return {"LaunchSpecification": specification} | tagged
