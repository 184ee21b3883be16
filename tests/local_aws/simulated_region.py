"""A Region of the local AWS without its server: the time is whatever a test says it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from local_aws.market.geography import Geography
from local_aws.market.spot_market import Market
from local_aws.spot.launch_order import LaunchOrder
from local_aws.spot.region import SpotRegion
from local_aws.spot.request import SpotRequest
from local_aws.spot.scenario import Scenario

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

# Everything at a known time: evaluated after 1 s, fulfilled after 3, running after 13, all ok after 73.
PUNCTUAL: dict[str, Any] = {
    "capacity": 1000,
    "evaluation_seconds": 1,
    "fulfilment_seconds": 2,
    "pending_seconds": 10,
    "check_seconds": 60,
    "check_beat_seconds": 0,
    "shutting_down_seconds": 20,
    "invisible_seconds": 0,
    "cross_cancel_probability": 0,
    "interrupt_share": 0,
}


def after(seconds: float) -> datetime:
    """Return a moment after noon, when the tests begin."""
    return NOON + timedelta(seconds=seconds)


class Stage:
    """us-east-1, with a scenario to be changed at will."""

    def __init__(self, **knobs: Any) -> None:
        self.scenario = Scenario().with_knobs(PUNCTUAL | knobs)
        self.market = _market()
        self.region = SpotRegion("us-east-1", 1, self.market, Geography.load(), lambda: self.scenario)

    def turn(self, **knobs: Any) -> None:
        """Turn knobs."""
        self.scenario = self.scenario.with_knobs(knobs)

    def request(self, count: int = 1, at: datetime = NOON, **changes: Any) -> list[SpotRequest]:
        """Request m5.large, unless told otherwise."""
        return self.region.order_spot(order(count, at, **changes), at)

    def codes(self, requests: list[SpotRequest], seconds: float) -> list[str]:
        """Return the requests' status codes so many seconds after noon."""
        found, at = self.region.requests([request.request_id for request in requests], after(seconds))
        return [request.turn(at).code for request in found]

    def states(self, requests: list[SpotRequest], seconds: float) -> list[str]:
        """Return the states of the requests' instances so many seconds after noon."""
        self.codes(requests, seconds)
        instances = [request.turn(after(seconds)).instance for request in requests]
        return [instance.state(after(seconds)) for instance in instances if instance]


def order(count: int = 1, at: datetime = NOON, **changes: Any) -> LaunchOrder:
    """Return an order that is as sound as any."""
    instance_type = changes.get("instance_type", "m5.large")
    sound = LaunchOrder(
        region="us-east-1",
        instance_type=instance_type,
        image_id="ami-0123456789abcdef0",
        image_architecture="x86_64",
        count=count,
        zone_ids=tuple(Geography.load().zone_ids("us-east-1", instance_type)),
        valid_from=at,
        valid_until=at + timedelta(seconds=600),
        persistent=False,
        is_sound=True,
        client_token="",
        fingerprint="",
    )
    return replace(sound, **changes)


@cache
def _market() -> Market:
    return Market(1, Geography.load())
