"""Another EC2, different from the local AWS wherever AWS's documents leave room: our code must not rely on either.

Every answer has pages of two, newest first; ids are long, and unknown for a while; refusals do not say which id they
mean; every seventh call is throttled, though never its repetition; what a Describe says is half a second old; a
cancelled request may turn out to be fulfilled a second later, and keeps its code when its instance is gone; prices are
kept by change only.
"""

import itertools
import re
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from tests.whole_runs.failures.virtual_time import Epoch

INVISIBLE = 1.5
STALE = 0.5
PAGE = 2
READY_AFTER = 3.0


@dataclass
class Spot:
    """A spot request and the instance it led to."""

    request_id: str
    region: str
    kind: str
    created: float
    tags: dict[str, str]
    token: str
    fulfilled: float | None
    cancelled: float | None = None
    terminated: float | None = None
    instance_id: str = field(default_factory=lambda: "i-" + secrets.token_hex(8).upper())
    is_foreign: bool = False
    is_touched: bool = False

    def state(self, at: float) -> tuple[str, str]:
        has_instance = self.fulfilled is not None and at >= self.fulfilled
        if self.cancelled is not None and at >= self.cancelled:
            return (
                "cancelled",
                "request-canceled-and-instance-running" if has_instance else "canceled-before-fulfillment",
            )
        return ("active", "fulfilled") if has_instance else ("open", "pending-fulfillment")

    def instance_state(self, at: float) -> str | None:
        if self.fulfilled is None or at < self.fulfilled:
            return None
        if self.terminated is not None and at >= self.terminated:
            return "shutting-down"
        return "running" if at >= self.fulfilled + 0.7 else "pending"

    def is_ready(self, at: float) -> bool:
        return self.fulfilled is not None and at >= self.fulfilled + READY_AFTER


class Refused(Exception):
    """An error of EC2's."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.status = code, status


class UnlikeEc2:
    """The endpoint, as a function from request to answer."""

    def __init__(self, *, refused_filters: tuple[str, ...] = ()) -> None:
        self.spots: list[Spot] = []
        self.epoch, self.is_changed = Epoch(), False
        self.protected = ""  # ends of the ids of instances that nobody may terminate
        self._refused_filters = refused_filters
        self._lock = threading.RLock()
        self._pages: dict[str, list[str]] = {}
        self._numbers = itertools.count(1)
        self._throttled: set[tuple[str, ...]] = set()
        for region in ("us-east-1", "eu-west-1"):
            self.spots += [self._made_by_another(region) for _ in range(3)]

    def ours(self) -> list[Spot]:
        return [spot for spot in self.spots if not spot.is_foreign]

    def left(self) -> dict[str, list[str]]:
        """Give what of ours is open, alive or yet to come; and what of others was touched."""
        now = time.monotonic()
        found = {
            "open": [spot.request_id for spot in self.ours() if spot.state(now)[0] == "open"],
            "alive": [spot.instance_id for spot in self.ours() if spot.instance_state(now) in ("pending", "running")],
            "coming": [spot.instance_id for spot in self.ours() if spot.fulfilled and spot.fulfilled > now],
            "touched": [spot.request_id for spot in self.spots if spot.is_foreign and spot.is_touched],
        }
        return {name: ids for name, ids in found.items() if ids}

    def _made_by_another(self, region: str) -> Spot:
        tags = {"spot-collector-installation": "somebody-else"}
        return Spot(_request_id(), region, "m5.large", 0.0, tags, "", 0.0, is_foreign=True)

    # --- the calls

    def answer(
        self, _method: str, _url: str, headers: Mapping[str, Any], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer a request."""
        ask = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
        region, action = re.search(r"/\d{8}/([a-z0-9-]+)/ec2/", str(headers["Authorization"])), ask["Action"]
        assert region
        try:
            with self._lock:
                self._throttle((region[1], *sorted(map("=".join, ask.items()))))
                status, text = (
                    200,
                    f"<{action}Response>{getattr(self, f'_{action}')(region[1], ask)}</{action}Response>",
                )
        except Refused as refused:
            error = f"<Error><Code>{refused.code}</Code><Message>no</Message></Error>"
            status, text = refused.status, f"<Response><Errors>{error}</Errors></Response>"
        return status, {}, text.encode()

    def _DescribeRegions(self, _region: str, _ask: dict[str, str]) -> str:
        names = ("us-east-1", "eu-west-1")
        return _set("regionInfo", [f"<regionName>{name}</regionName>" for name in names])

    def _DescribeAvailabilityZones(self, region: str, _ask: dict[str, str]) -> str:
        return _set("availabilityZoneInfo", [f"<zoneName>{region}a</zoneName><zoneId>zone-1</zoneId>"])

    def _DescribeSpotPriceHistory(self, region: str, ask: dict[str, str]) -> str:
        if "EndTime" in ask:  # nothing changed between now and now
            return _set("spotPriceHistorySet", []) + "<nextToken></nextToken>"
        rows = [
            f"<instanceType>{kind}</instanceType><productDescription>Linux/UNIX</productDescription>"
            f"<spotPrice>{usd}</spotPrice><timestamp>{when}</timestamp><availabilityZone>{zone}</availabilityZone>"
            for kind in _listed(ask, "InstanceType")
            for zone, usd, when in (
                (f"{region}a", "0.090000", "2026-01-01T00:00:00.000Z"),
                (f"{region}a", "0.030000", "2026-02-01T00:00:00.000Z"),
            )
        ]
        return self._paged("spotPriceHistorySet", rows, ask)

    def _RequestSpotInstances(self, region: str, ask: dict[str, str]) -> str:
        token = ask["ClientToken"]
        made = [spot for spot in self.spots if spot.token == token]
        if not made:
            tags = {ask[f"TagSpecification.1.Tag.{n}.Key"]: ask[f"TagSpecification.1.Tag.{n}.Value"] for n in (1, 2)}
            now = time.monotonic()
            for number in range(int(ask["InstanceCount"])):
                kind = ask["LaunchSpecification.InstanceType"]
                made.append(Spot(_request_id(), region, kind, now, tags, token, now + 0.4 + number))
            self.spots += made
        return _set("spotInstanceRequestSet", [_request_xml(spot, time.monotonic()) for spot in made])

    def _DescribeSpotInstanceRequests(self, region: str, ask: dict[str, str]) -> str:
        at = time.monotonic() - STALE
        found = self._visible(region, _listed(ask, "SpotInstanceRequestId"), "request_id")
        found = [spot for spot in found if self._passes(spot, ask)]
        return self._paged("spotInstanceRequestSet", [_request_xml(spot, at) for spot in found], ask)

    def _CancelSpotInstanceRequests(self, region: str, ask: dict[str, str]) -> str:
        found = self._visible(region, _listed(ask, "SpotInstanceRequestId"), "request_id")
        if "DryRun" in ask:
            raise Refused("DryRunOperation", 412)
        now = time.monotonic()
        for spot in found:
            spot.is_touched = True
            if spot.cancelled is None:
                spot.cancelled = now
                if spot.fulfilled is not None and spot.fulfilled > now:
                    spot.fulfilled = now + 1.0 if int(spot.request_id[-1], 16) % 2 else None
        return _set("spotInstanceRequestSet", [f"<spotInstanceRequestId>{spot.request_id}</spotInstanceRequestId>"
                                               "<state>cancelled</state>" for spot in found])  # fmt: skip

    def _DescribeInstances(self, region: str, ask: dict[str, str]) -> str:
        if "DryRun" in ask:
            raise Refused("DryRunOperation", 412)
        at = time.monotonic() - STALE
        found = self._visible(region, _listed(ask, "InstanceId"), "instance_id")
        found = [spot for spot in found if self._passes(spot, ask) and spot.instance_state(at)]
        rows = [f"<reservationId>r-{spot.instance_id}</reservationId>" + _set("instancesSet", [_instance_xml(spot, at)])
                for spot in found]  # fmt: skip
        return self._paged("reservationSet", rows, ask)

    def _DescribeInstanceStatus(self, region: str, ask: dict[str, str]) -> str:
        if "DryRun" in ask:
            raise Refused("DryRunOperation", 412)
        at = time.monotonic() - STALE
        found = self._visible(region, _listed(ask, "InstanceId"), "instance_id")
        return self._paged("instanceStatusSet", [_status_xml(spot, at) for spot in found], ask)

    def _TerminateInstances(self, region: str, ask: dict[str, str]) -> str:
        if "DryRun" in ask:
            raise Refused("DryRunOperation", 412)
        if any(name.endswith(tuple(self.protected)) for name in _listed(ask, "InstanceId")):
            raise Refused("OperationNotPermitted")
        now = time.monotonic()
        found = self._visible(region, _listed(ask, "InstanceId"), "instance_id")
        rows = []
        for spot in found:
            before = spot.instance_state(now)
            spot.terminated, spot.is_touched = spot.terminated or now, True
            rows.append(
                f"<instanceId>{spot.instance_id}</instanceId><currentState><name>shutting-down</name></currentState>"
                f"<previousState><name>{before}</name></previousState>"
            )
        return _set("instancesSet", rows)

    # --- what they share

    def _throttle(self, call: tuple[str, ...]) -> None:
        # One whose every repetition came seventh again would be refused for good: by luck, as others call meanwhile.
        is_seventh = next(self._numbers) % 7 == 0
        if is_seventh and call not in self._throttled:
            self._throttled.add(call)
            raise Refused("RequestLimitExceeded", 503)
        self._throttled.discard(call)

    def _visible(self, region: str, ids: list[str], name: str) -> list[Spot]:
        now = time.monotonic()
        here = [spot for spot in self.spots if spot.region == region and now >= _born(spot, name) + INVISIBLE]
        known = {getattr(spot, name) for spot in here}
        if not set(ids) <= known:
            kind = "SpotInstanceRequestID" if name == "request_id" else "InstanceID"
            raise Refused(f"Invalid{kind}.NotFound")
        return [spot for spot in reversed(here) if not ids or getattr(spot, name) in ids]

    def _passes(self, spot: Spot, ask: dict[str, str]) -> bool:
        for number in itertools.count(1):
            name = ask.get(f"Filter.{number}.Name")
            if name is None:
                return True
            if name in self._refused_filters:
                raise Refused("InvalidParameterValue")
            values = _listed(ask, f"Filter.{number}.Value")
            has = spot.request_id if name == "spot-instance-request-id" else spot.tags.get(name.removeprefix("tag:"))
            if has not in values:
                return False
        return True

    def _paged(self, name: str, rows: list[str], ask: dict[str, str]) -> str:
        rows = self._pages.pop(ask["NextToken"]) if "NextToken" in ask else rows
        token = ""
        if len(rows) > PAGE:
            token = secrets.token_urlsafe(8)
            self._pages[token] = rows[PAGE:]
        return _set(name, rows[:PAGE]) + f"<nextToken>{token}</nextToken>"


def _born(spot: Spot, name: str) -> float:
    return spot.created if name == "request_id" else (spot.fulfilled if spot.fulfilled is not None else float("inf"))


def _request_id() -> str:
    return "sir-" + secrets.token_hex(9)


def _listed(ask: dict[str, str], name: str) -> list[str]:
    return [value for key, value in ask.items() if re.fullmatch(rf"{re.escape(name)}\.\d+", key)]


def _set(name: str, rows: list[str]) -> str:
    return f"<{name}>" + "".join(f"<item>{row}</item>" for row in rows) + f"</{name}>"


def _request_xml(spot: Spot, at: float) -> str:
    state, code = spot.state(at)
    tags = [f"<key>{escape(key)}</key><value>{escape(value)}</value>" for key, value in spot.tags.items()]
    instance = f"<instanceId>{spot.instance_id}</instanceId>" if spot.instance_state(at) else ""
    return (
        f"<spotInstanceRequestId>{spot.request_id}</spotInstanceRequestId><state>{state}</state>"
        f"<status><code>{code}</code></status>{instance}{_set('tagSet', tags)}"
    )


def _instance_xml(spot: Spot, at: float) -> str:
    return (
        f"<instanceId>{spot.instance_id}</instanceId><instanceState><name>{spot.instance_state(at)}</name></instanceState>"
        f"<spotInstanceRequestId>{spot.request_id}</spotInstanceRequestId><instanceType>{spot.kind}</instanceType>"
    )


def _status_xml(spot: Spot, at: float) -> str:
    status = "<status>ok</status>" if spot.is_ready(at) else "<status>initializing</status>"
    return (
        f"<instanceId>{spot.instance_id}</instanceId><instanceState><name>{spot.instance_state(at)}</name></instanceState>"
        f"<instanceStatus>{status}</instanceStatus><systemStatus>{status}</systemStatus>"
    )
