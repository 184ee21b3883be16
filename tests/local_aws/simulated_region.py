"""A Region of the local AWS without its server: every call passes the time, so tests choose it."""

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

# Everything at a known time: evaluated after 1 s, fulfilled after 3, running after 13, all checks ok after 73.
PUNCTUAL: dict[str, Any] = {
    "capacity": 1000,
    "evaluation_seconds": 1,
    "fulfilment_seconds": 2,
    "pending_seconds": 10,
    "check_seconds": 60,
    "check_interval_seconds": 0,
    "shutting_down_seconds": 20,
    "invisible_seconds": 0,
    "cancel_race_probability": 0,
    "interrupt_share": 0,
}


def after(seconds: float) -> datetime:
    """Return a time this long after noon, when the tests begin."""
    return NOON + timedelta(seconds=seconds)


class SimulatedRegion:
    """us-east-1, with a scenario that tests change."""

    def __init__(self, **settings: Any) -> None:
        self.scenario = Scenario().changed(PUNCTUAL | settings)
        self.market = _market()
        self.region = SpotRegion("us-east-1", 1, self.market, Geography.load(), lambda: self.scenario)

    def change_scenario(self, **settings: Any) -> None:
        """Change settings of the scenario; the others stay."""
        self.scenario = self.scenario.changed(settings)

    def types_with_slack(self, low: float, high: float) -> list[str]:
        """Return the large types whose best zone has a slack between two at noon, by name."""
        geography = Geography.load()
        slack = {
            name: max(self.market.slack(name, zone_id, NOON) for zone_id in geography.zone_ids("us-east-1", name))
            for name in sorted(geography.offered["us-east-1"])
            if name.endswith(".large")
        }
        return [name for name, best in slack.items() if low < best < high]

    def request(self, count: int = 1, at: datetime = NOON, **changes: Any) -> list[SpotRequest]:
        """Request m5.large instances; changes are to the LaunchOrder."""
        return self.region.order_spot(order(count, at, **changes), at)

    def codes(self, requests: list[SpotRequest], seconds: float) -> list[str]:
        """Return the requests' status codes, in seconds after noon."""
        found, at = self.region.requests([request.request_id for request in requests], after(seconds))
        return [request.status(at).code for request in found]

    def states(self, requests: list[SpotRequest], seconds: float) -> list[str]:
        """Return the states of the requests' instances, in seconds after noon."""
        self.codes(requests, seconds)
        instances = [request.status(after(seconds)).instance for request in requests]
        return [instance.state(after(seconds)) for instance in instances if instance]


def order(count: int = 1, at: datetime = NOON, **changes: Any) -> LaunchOrder:
    """Return a valid order for m5.large, with these changes."""
    instance_type = changes.get("instance_type", "m5.large")
    valid = LaunchOrder(
        region="us-east-1",
        instance_type=instance_type,
        image_id="ami-0123456789abcdef0",
        image_architecture="x86_64",
        count=count,
        zone_ids=tuple(Geography.load().zone_ids("us-east-1", instance_type)),
        valid_from=at,
        valid_until=at + timedelta(seconds=600),
        persistent=False,
        ami_fits=True,
        client_token="",
        fingerprint="",
    )
    return replace(valid, **changes)


@cache
def _market() -> Market:
    return Market(1, Geography.load())
