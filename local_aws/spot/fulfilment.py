"""What the market makes of spot requests: evaluated, fulfilled, crossed by a cancel, interrupted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from local_aws.spot.draw import Draw
from local_aws.spot.instance import TERMINATED, Instance
from local_aws.spot.launch import ending, launch
from local_aws.spot.launch_order import LaunchOrder
from local_aws.spot.pools import Pools
from local_aws.spot.registry import Registry
from local_aws.spot.request import SpotRequest, Turn
from local_aws.spot.scenario import Scenario

RUNS_ON = "request-canceled-and-instance-running"


class Fulfilment:
    """Carry the requests of one Region on, each at its own times."""

    def __init__(self, registry: Registry, pools: Pools, scenario: Callable[[], Scenario]) -> None:
        self._registry = registry
        self._pools = pools
        self._scenario = scenario

    def knobs(self, instance_type: str) -> Scenario:
        """Return the scenario as it is for an instance type here and now."""
        return self._scenario().of(instance_type, self._registry.region)

    def request(self, order: LaunchOrder, now: datetime) -> SpotRequest:
        """Make one spot request, to be evaluated a little later."""
        knobs = self.knobs(order.instance_type)
        ordinal, draw = self._registry.new()
        first = Turn(now, "not-scheduled-yet" if order.valid_from > now else "pending-evaluation")
        request = SpotRequest(
            request_id=draw.request_id(),
            ordinal=ordinal,
            order=order,
            created=now,
            visible=now + draw.between((0.0, knobs.invisible_seconds)),
            turns=[first, Turn(order.valid_until, "schedule-expired")],
            draw=draw,
            tags=dict(order.tags),
        )
        self._registry.requests[request.request_id] = request
        evaluated = order.valid_from + draw.between(knobs.evaluation_seconds)
        self._registry.agenda.add(evaluated, lambda at: self._evaluate(request, at))
        return request

    def launch(self, order: LaunchOrder, zone_id: str, at: datetime, own_draw: Draw | None = None) -> Instance:
        """Let an instance come to be at a time, perhaps one that lies ahead."""
        ordinal, draw = self._registry.new()
        outlook = self._pools.outlook(order.instance_type, zone_id, at)
        knobs = self.knobs(order.instance_type)
        instance = launch(order, zone_id, at, ordinal, own_draw or draw, outlook, knobs)
        self._registry.instances[instance.instance_id] = instance
        return instance

    def cancel(self, request: SpotRequest, now: datetime) -> None:
        """Cancel a request, unless its fulfilment is on its way already; a running instance runs on."""
        turn = request.turn(now)
        if turn.state == "active":
            self._replan(request, now, Turn(now, RUNS_ON, turn.instance))
        elif turn.state == "open" and not request.cancel_called:
            knobs, order = self.knobs(request.order.instance_type), request.order
            if order.is_sound and order.zone_ids and request.draw.happens(knobs.cross_cancel_probability):
                self._cross(request, now, knobs)
            else:
                self._replan(request, now, Turn(now, "canceled-before-fulfillment"))
        request.cancel_called = True

    def end(self, instance: Instance, by: str, now: datetime) -> None:
        """Let something end an instance, as far as nothing ended it before."""
        end = ending(by, now, Draw(instance.instance_id, by), self.knobs(instance.instance_type))
        planned = instance.ending
        if planned and planned.told <= now < planned.shutting_down:
            end = replace(end, by=planned.by, told=planned.told)  # it had been told to go: that stays
        instance.end(end)
        request = self._registry.requests.get(instance.request_id or "")
        if request:
            self._reopen_after(request, instance)

    def _evaluate(self, request: SpotRequest, at: datetime) -> None:
        """Decide what becomes of an open request; without capacity, again a beat later."""
        if request.cancel_called or request.turn(at).state != "open":
            return
        order, knobs = request.order, self.knobs(request.order.instance_type)
        if not order.is_sound or request.draw.happens(knobs.system_error_share):
            self._replan(request, at, Turn(at, "system-error" if order.is_sound else "bad-parameters"))
            return
        zone_id, why_not = self._pools.best_zone(order, at, request.draw, knobs)
        if zone_id is None:
            self._wait(request, at, why_not)
            beat = timedelta(seconds=max(knobs.capacity_beat_seconds, 0.1))
            self._registry.agenda.add(at + beat, lambda later: self._evaluate(request, later))
            return
        fulfilled = at + self._time_to_fulfil(request, zone_id, at, knobs)
        if fulfilled >= order.valid_until:
            self._wait(request, at, "pending-fulfillment")
        else:
            instance = self._launch_for(request, zone_id, fulfilled)
            self._replan(request, at, Turn(at, "pending-fulfillment"), Turn(fulfilled, "fulfilled", instance))
            self._reopen_after(request, instance)

    def _wait(self, request: SpotRequest, at: datetime, code: str) -> None:
        if request.turn(at).code != code:
            self._replan(request, at, Turn(at, code), Turn(request.order.valid_until, "schedule-expired"))

    def _time_to_fulfil(self, request: SpotRequest, zone_id: str, at: datetime, knobs: Scenario) -> timedelta:
        if knobs.fulfilment_seconds:
            return request.draw.between(knobs.fulfilment_seconds)
        outlook = self._pools.outlook(request.order.instance_type, zone_id, at)
        return request.draw.around(outlook.fulfilment_seconds, outlook.fulfilment_spread)

    def _cross(self, request: SpotRequest, now: datetime, knobs: Scenario) -> None:
        """Fulfil a request although it was cancelled: the two were on their way at the same time."""
        at = now + request.draw.between(knobs.crossing_seconds)
        zone_id, _ = self._pools.best_zone(request.order, at, request.draw, knobs)
        instance = self._launch_for(request, zone_id or request.order.zone_ids[0], at)
        self._replan(request, now, Turn(now, knobs.crossing_shows), Turn(at, RUNS_ON, instance))

    def _launch_for(self, request: SpotRequest, zone_id: str, at: datetime) -> Instance:
        instance = self.launch(request.order, zone_id, at, request.draw)
        instance.request_id = request.request_id
        self._pools.take(instance)
        knobs = self.knobs(instance.instance_type)
        if request.draw.happens(knobs.interrupt_share):
            if knobs.interrupt_after_seconds:
                notice = instance.running + request.draw.between(knobs.interrupt_after_seconds)
                instance.end(ending("aws", notice, request.draw, knobs))
            else:
                self._plan_interruption(instance, request.draw, instance.running)
        return instance

    def _plan_interruption(self, instance: Instance, draw: Draw, after: datetime) -> None:
        """Let the market interrupt an instance when it will; it is asked some hours ahead, and then again."""
        if not instance.holds_capacity(after):
            return
        notice, until = self._pools.next_interruption(instance, after, draw)
        if notice:
            instance.end(ending("aws", notice, draw, self.knobs(instance.instance_type)))
        else:
            self._registry.agenda.add(until, lambda later: self._plan_interruption(instance, draw, later))

    def _replan(self, request: SpotRequest, at: datetime, *turns: Turn) -> None:
        for never in request.replan(at, *turns):
            del self._registry.instances[never.instance_id]
            self._pools.give_back(never)

    def _reopen_after(self, request: SpotRequest, instance: Instance) -> None:
        """Evaluate a persistent request again once its instance is gone."""
        if request.order.persistent and instance.ending and not request.cancel_called:
            self._registry.agenda.add(instance.ending.terminated, lambda at: self._reopen(request, instance, at))

    def _reopen(self, request: SpotRequest, instance: Instance, at: datetime) -> None:
        is_latest = request.turn(at).instance is instance
        if is_latest and not request.cancel_called and instance.state(at) == TERMINATED:
            self._wait(request, at, "pending-evaluation")
            self._evaluate(request, at)
