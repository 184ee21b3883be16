"""The control API: one route for each thing to read or change, with JSON in and out."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from werkzeug.wrappers import Request, Response

from local_aws.control.bill import bill
from local_aws.control.decoys import add_decoys
from local_aws.control.truth import truth
from local_aws.ec2.catalog import catalog_of
from local_aws.spot.account import spot_account
from local_aws.state import settings
from local_aws.state.token_buckets import TokenBuckets
from local_aws.state.world import World

CONTROL_PREFIX = "/_local_aws/"

_REFILLED_AFTER = timedelta(seconds=60)  # any of them, from empty

_Handler = Callable[[World, Any], Any]


def control(world: World, request: Request) -> Response:
    """Answer one control request; an invalid one with status 400 and an error that says why."""
    handler = _ROUTES.get((request.method, request.path.removeprefix(CONTROL_PREFIX)))
    if handler is None:
        known = ", ".join(f"{method} {name}" for method, name in _ROUTES)
        return _json({"error": f"there is no {request.method} {request.path}; there are {known}"}, 404)
    try:
        return _json(handler(world, json.loads(request.get_data() or b"null")))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return _json({"error": f"{type(error).__name__}: {error}"}, 400)


def _state(world: World, _: Any = None) -> dict[str, Any]:
    """Return the clock, the seed, and the faults, denials and limits in force."""
    return {
        "seed": world.seed,
        "now": world.clock.now().isoformat(),
        "speed": world.clock.speed,
        "faults": world.faults.as_json(),
        "denials": world.access.denials_as_json(),
        "instance_role": settings.as_json(world.access.instance_role.settings),
        "configuration_limit": world.configurations.limit,
        "advisor_published": world.advisor.published_at(world.clock.now()).isoformat(),
    }


def put_clock(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Set the time ("now", ISO 8601 with an offset), the speed (market seconds per real second), or both.

    A jump ahead leaves the token buckets full: AWS would have refilled them meanwhile.
    """
    if "speed" in body:
        world.clock.speed = float(body["speed"])
    if "now" in body:
        before = world.clock.now()
        world.clock.set(datetime.fromisoformat(body["now"]))
        if world.clock.now() - before > _REFILLED_AFTER:
            world.token_buckets = TokenBuckets()
    return _state(world)


def put_faults(world: World, rules: list[dict[str, Any]]) -> dict[str, Any]:
    """Replace all fault rules; an empty list ends all faults."""
    world.faults.replace(rules)
    return _state(world)


def put_denials(world: World, rules: list[Any]) -> dict[str, Any]:
    """Deny these calls, and no others: actions by their name, such as "DescribeRegions", or objects (see access.py)."""
    world.access.deny(rules)
    return _state(world)


def _put_instance_role(world: World, changes: dict[str, Any]) -> dict[str, Any]:
    """Change settings of the role whose credentials the metadata service gives out (see instance_role.py)."""
    world.access.instance_role.change(changes)
    return _state(world)


def _expire_role_credentials(world: World, _: Any = None) -> dict[str, Any]:
    """End the role's credentials given out so far; whoever asks the metadata service again gets new ones."""
    world.access.instance_role.expire()
    return _state(world)


def _put_configuration_limit(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Set the "limit", or use "used_by_others" new configurations now, as another program of the account would."""
    if "limit" in body:
        world.configurations.limit = int(body["limit"])
    if "used_by_others" in body:
        region = body.get("endpoint_region", "us-east-1")
        count = int(body["used_by_others"])
        world.configurations.use_by_others(world.account, region, count, world.clock.now())
    return _state(world)


def _get_scenario(world: World, _: Any = None) -> dict[str, Any]:
    """Return every setting of how launches go."""
    return spot_account(world).scenario.as_json()


def put_scenario(world: World, settings: dict[str, Any]) -> dict[str, Any]:
    """Change some settings of how launches go; what was planned for existing requests and instances stays."""
    spot = spot_account(world)
    spot.scenario = spot.scenario.changed(settings)
    return _get_scenario(world)


def _get_catalog(world: World, _: Any = None) -> dict[str, Any]:
    """Return every setting of what AWS's listings say and leave out."""
    return settings.as_json(catalog_of(world).catalog)


def put_catalog(world: World, changes: dict[str, Any]) -> dict[str, Any]:
    """Change some settings of what AWS's listings say and leave out (see catalog.py)."""
    kept = catalog_of(world)
    kept.catalog = kept.catalog.changed(changes)
    return _get_catalog(world)


def _protect(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Protect "instance_ids" of a "region" against TerminateInstances, or with "protected" false no longer."""
    region, ids = spot_account(world).region(body["region"]), body["instance_ids"]
    region.protect(ids, world.clock.now(), protected=body.get("protected", True))
    return {"instance_ids": ids}


def _interrupt(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Interrupt spot instances of a "region" now: those in "instance_ids", or all."""
    region = spot_account(world).region(body["region"])
    interrupted = region.interrupt(body.get("instance_ids", []), world.clock.now())
    return {"instance_ids": [instance.instance_id for instance in interrupted]}


def _reset(world: World, _: Any = None) -> dict[str, Any]:
    """Forget every caller, fault and change; the clock goes back to where it started."""
    world.reset()
    return _state(world)


_ROUTES: dict[tuple[str, str], _Handler] = {
    ("GET", "state"): _state,
    ("PUT", "clock"): put_clock,
    ("PUT", "faults"): put_faults,
    ("PUT", "denials"): put_denials,
    ("PUT", "instance-role"): _put_instance_role,
    ("POST", "role-expiry"): _expire_role_credentials,
    ("PUT", "configuration-limit"): _put_configuration_limit,
    ("GET", "calls"): lambda world, _: world.calls.as_json(),
    ("GET", "truth"): lambda world, _: truth(world),
    ("GET", "bill"): lambda world, _: bill(world),
    ("GET", "scenario"): _get_scenario,
    ("PUT", "scenario"): put_scenario,
    ("GET", "catalog"): _get_catalog,
    ("PUT", "catalog"): put_catalog,
    ("POST", "interruption"): _interrupt,
    ("POST", "protection"): _protect,
    ("POST", "decoys"): lambda world, body: {"ids": add_decoys(world, body)},
    ("POST", "reset"): _reset,
}


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value), status=status, content_type="application/json")
