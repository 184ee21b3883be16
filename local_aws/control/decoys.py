"""Decoys: spot requests and instances of other owners, which nobody but them may end."""

from datetime import datetime, timedelta
from typing import Any

from local_aws.spot.account import RegionalAccount, SpotAccount, spot_account
from local_aws.spot.instance import Instance
from local_aws.spot.launch_order import LaunchOrder, on_demand_order, spot_order
from local_aws.spot.request import SpotRequest, Turn
from local_aws.state.world import World

KINDS = ("open request", "spot instance", "on-demand instance")


def add_decoys(world: World, wish: dict[str, Any]) -> list[str]:
    """Make decoys, and return the ids of all that came to be.

    A wish names the kind ("open request", "spot instance", "on-demand instance"), and may name region,
    instance_type, count and tags.
    """
    kind, region = wish["kind"], wish.get("region", "us-east-1")
    if kind not in KINDS:
        raise ValueError(f"a decoy is one of {', '.join(KINDS)}, not {kind!r}")
    now, spot = world.clock.now(), spot_account(world)
    parameters = _parameters(wish, spot.in_moto(region))
    read = on_demand_order if kind == "on-demand instance" else spot_order
    order = read(parameters, spot.in_moto(region), now)
    ids = []
    for _ in range(int(wish.get("count", 1))):
        ids += _one(kind, spot, order, now)
    return ids


def _one(kind: str, spot: SpotAccount, order: LaunchOrder, now: datetime) -> list[str]:
    with spot.region(order.region).registry.lock:
        if kind == "open request":
            request = _request(spot, order, now)
            request.turns = [Turn(now, "capacity-not-available"), Turn(order.valid_until, "schedule-expired")]
            return [request.request_id]
        instance = spot.region(order.region).fulfilment.launch(order, order.zone_ids[0], now)
        _settle(instance, now)
        if kind == "on-demand instance":
            instance.tags = dict(order.tags)
            return [instance.instance_id]
        request = _request(spot, order, now)
        request.turns = [Turn(now, "fulfilled", instance)]
        instance.request_id = request.request_id
        return [request.request_id, instance.instance_id]


def _request(spot: SpotAccount, order: LaunchOrder, now: datetime) -> SpotRequest:
    """Make a request with which the market has nothing to do."""
    registry = spot.region(order.region).registry
    ordinal, draw = registry.new()
    request = SpotRequest(draw.request_id(), ordinal, order, now, now, [], draw, dict(order.tags), decoy=True)
    registry.requests[request.request_id] = request
    return request


def _settle(instance: Instance, now: datetime) -> None:
    """Let an instance be one that has been running for long."""
    instance.decoy = True
    instance.launched = instance.visible = now - timedelta(hours=1)
    instance.running = now - timedelta(minutes=59)


def _parameters(wish: dict[str, Any], account: RegionalAccount) -> dict[str, Any]:
    instance_type = wish.get("instance_type", "m5.large")
    architecture = account.geography.architecture(instance_type)
    specification = {"InstanceType": instance_type, "ImageId": account.any_image(architecture)}
    tags = [{"Key": key, "Value": value} for key, value in dict(wish.get("tags", {})).items()]
    kind = "instance" if wish["kind"] == "on-demand instance" else "spot-instances-request"
    tagged = {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}
    if kind == "instance":
        return specification | tagged
    return {"LaunchSpecification": specification} | tagged
