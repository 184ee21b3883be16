"""What really happened here, for tests to hold a program's records against."""

from typing import Any

from local_aws.world import World


def truth(world: World) -> dict[str, Any]:
    """Return every spot request and instance as it really was."""
    return {"spot_requests": [], "instances": [], "now": world.clock.now().isoformat()}


def bill(world: World) -> dict[str, Any]:
    """Return what this account has spent, in USD."""
    return {"usd": 0.0, "now": world.clock.now().isoformat()}
