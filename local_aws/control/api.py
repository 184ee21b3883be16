"""The stand-in's own levers, under /_local_aws/: set the clock, play faults, look behind the scenes."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from local_aws.control import bill, decoys, truth
from local_aws.spot.account import spot_account
from local_aws.state.world import World

PREFIX = "/_local_aws/"

Handler = Callable[[World, Any], Any]


def control(world: World, request: Request) -> Response:
    """Answer one control request; what makes no sense is a 400 that says why."""
    handler = _ROUTES.get((request.method, request.path.removeprefix(PREFIX)))
    if handler is None:
        known = ", ".join(f"{method} {name}" for method, name in _ROUTES)
        return _json({"error": f"there is no {request.method} {request.path}; there are {known}"}, 404)
    try:
        return _json(handler(world, json.loads(request.get_data() or b"null")))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return _json({"error": f"{type(error).__name__}: {error}"}, 400)


def state(world: World, _: Any = None) -> dict[str, Any]:
    """Return the clock, the rules in force and the seed."""
    return {
        "seed": world.seed,
        "now": world.clock.now().isoformat(),
        "speed": world.clock.speed,
        "faults": world.faults.as_json(),
        "denied_actions": sorted(world.access.denied_actions),
        "configuration_limit": world.configurations.limit,
        "advisor_published": world.advisor.published_at(world.clock.now()).isoformat(),
    }


def put_clock(world: World, wish: dict[str, Any]) -> dict[str, Any]:
    """Set the time ("now", ISO 8601 with an offset), the speed, or both."""
    if "speed" in wish:
        world.clock.speed = float(wish["speed"])
    if "now" in wish:
        world.clock.set(datetime.fromisoformat(wish["now"]))
    return state(world)


def put_faults(world: World, rules: list[dict[str, Any]]) -> dict[str, Any]:
    """Play these faults, in the place of all others; an empty list ends them."""
    world.faults.replace(rules)
    return state(world)


def put_denied_actions(world: World, actions: list[str]) -> dict[str, Any]:
    """Deny these actions (names as DescribeRegions), and no others."""
    world.access.denied_actions = frozenset(actions)
    return state(world)


def put_configuration_limit(world: World, wish: dict[str, Any]) -> dict[str, Any]:
    """Set the "limit", or let another program of the account use "used_by_others" places now."""
    if "limit" in wish:
        world.configurations.limit = int(wish["limit"])
    if "used_by_others" in wish:
        region = wish.get("endpoint_region", "us-east-1")
        count = int(wish["used_by_others"])
        world.configurations.use_by_others(world.account, region, count, world.clock.now())
    return state(world)


def scenario(world: World, _: Any = None) -> dict[str, Any]:
    """Return how launches go."""
    return spot_account(world).scenario.as_json()


def put_scenario(world: World, knobs: dict[str, Any]) -> dict[str, Any]:
    """Turn some knobs of how launches go; the others stay, and so does what was drawn already."""
    spot = spot_account(world)
    spot.scenario = spot.scenario.with_knobs(knobs)
    return scenario(world)


def interrupt(world: World, wish: dict[str, Any]) -> dict[str, Any]:
    """Let AWS interrupt a "region"'s spot instances now: those with "instance_ids", or all."""
    here = spot_account(world).region(wish["region"])
    interrupted = here.interrupt(wish.get("instance_ids", []), world.clock.now())
    return {"instance_ids": [instance.instance_id for instance in interrupted]}


def reset(world: World, _: Any = None) -> dict[str, Any]:
    """Forget every caller, fault and change; the clock goes back to where it began."""
    world.forget()
    return state(world)


_ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "state"): state,
    ("PUT", "clock"): put_clock,
    ("PUT", "faults"): put_faults,
    ("PUT", "denied-actions"): put_denied_actions,
    ("PUT", "configuration-limit"): put_configuration_limit,
    ("GET", "calls"): lambda world, _: world.calls.as_json(),
    ("GET", "truth"): lambda world, _: truth.truth(world),
    ("GET", "bill"): lambda world, _: bill.bill(world),
    ("GET", "scenario"): scenario,
    ("PUT", "scenario"): put_scenario,
    ("POST", "interruption"): interrupt,
    ("POST", "decoys"): lambda world, wish: {"ids": decoys.add_decoys(world, wish)},
    ("POST", "reset"): reset,
}


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value), status=status, content_type="application/json")
