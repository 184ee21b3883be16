"""What becomes of spot requests: evaluated, fulfilled, fulfilled although cancelled, interrupted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from local_aws.spot.draw import Draw
from local_aws.spot.instance import TERMINATED, Instance
from local_aws.spot.launch import ending, launch, plan_failure
from local_aws.spot.launch_order import LaunchOrder
from local_aws.spot.pools import Pools
from local_aws.spot.registry import Registry
from local_aws.spot.request import CANCELLED_BUT_RUNNING, SpotRequest, Status
from local_aws.spot.scenario import Scenario

_SHORTEST_RETRY_SECONDS = 0.1


class Fulfilment:
    """Plan the statuses of one Region's requests, each at its own times; the caller holds the registry's lock."""

    def __init__(self, registry: Registry, pools: Pools, scenario: Callable[[], Scenario]) -> None:
        self._registry = registry
        self._pools = pools
        self._scenario = scenario

    def request(self, order: LaunchOrder, now: datetime) -> SpotRequest:
        """Make one spot request; it is evaluated a little later."""
        scenario = self._scenario_for(order.instance_type)
        ordinal, draw = self._registry.new()
        first = Status(now, "not-scheduled-yet" if order.valid_from > now else "pending-evaluation")
        request = SpotRequest(
            request_id=draw.request_id(),
            ordinal=ordinal,
            order=order,
            created_at=now,
            visible_at=now + draw.between((0.0, scenario.invisible_seconds)),
            statuses=[first, Status(order.valid_until, "schedule-expired")],
            draw=draw,
            tags=dict(order.tags),
        )
        self._registry.requests[request.request_id] = request
        evaluated_at = order.valid_from + draw.between(scenario.evaluation_seconds)
        self._registry.events.add(evaluated_at, lambda at: self._evaluate(request, at))
        return request

    def launch(self, order: LaunchOrder, zone_id: str, at: datetime, own_draw: Draw | None = None) -> Instance:
        """Make an instance that is launched at a time, now or later."""
        ordinal, draw = self._registry.new()
        outlook = self._pools.outlook(order.instance_type, zone_id, at)
        scenario = self._scenario_for(order.instance_type)
        instance = launch(order, zone_id, at, ordinal, own_draw or draw, outlook, scenario)
        self._registry.instances[instance.instance_id] = instance
        return instance

    def cancel(self, request: SpotRequest, now: datetime) -> None:
        """Cancel a request; an open one may still be fulfilled (a race), and a running instance runs on."""
        status = request.status(now)
        if status.state == "active":
            self._replan(request, now, Status(now, CANCELLED_BUT_RUNNING, status.instance))
        elif status.state == "open" and not request.cancel_called:
            scenario, order = self._scenario_for(request.order.instance_type), request.order
            if order.ami_fits and order.zone_ids and request.draw.happens(scenario.cancel_race_probability):
                self._fulfil_despite_cancel(request, now, scenario)
            else:
                self._replan(request, now, Status(now, "canceled-before-fulfillment"))
        request.cancel_called = True

    def end(self, instance: Instance, by: str, now: datetime) -> None:
        """End an instance now, unless something has ended it before."""
        scenario = self._scenario_for(instance.instance_type)
        new = ending(by, now, Draw(instance.instance_id, by), scenario)
        planned = instance.ending
        if planned and planned.notice_at <= now < planned.shutting_down_at:
            new = replace(new, by=planned.by, notice_at=planned.notice_at)  # a notice given is not taken back
        instance.end(new)
        request = self._registry.requests.get(instance.request_id or "")
        if request:
            self._reopen_after(request, instance)

    def _scenario_for(self, instance_type: str) -> Scenario:
        return self._scenario().for_pair(instance_type, self._registry.region)

    def _evaluate(self, request: SpotRequest, at: datetime) -> None:
        """Fail an open request or plan its fulfilment; without capacity, evaluate it again later."""
        if request.cancel_called or request.status(at).state != "open":
            return
        order, scenario = request.order, self._scenario_for(request.order.instance_type)
        end = _end_without_launch(request, scenario)
        if end == "constraint-not-fulfillable":
            self._wait(request, at, end)
            return
        if end:
            self._replan(request, at, Status(at, end))
            return
        zone_id, why_not = self._pools.best_zone(order, at, request.draw, scenario)
        if zone_id is None:
            self._wait(request, at, why_not)
            retry = timedelta(seconds=max(scenario.capacity_retry_seconds, _SHORTEST_RETRY_SECONDS))
            self._registry.events.add(at + retry, lambda later: self._evaluate(request, later))
            return
        fulfilled_at = at + self._time_to_fulfil(request, zone_id, at, scenario)
        if fulfilled_at >= order.valid_until:
            self._wait(request, at, "pending-fulfillment")
        else:
            instance = self._launch_for(request, zone_id, fulfilled_at)
            self._replan(request, at, Status(at, "pending-fulfillment"), Status(fulfilled_at, "fulfilled", instance))
            self._reopen_after(request, instance)

    def _wait(self, request: SpotRequest, at: datetime, code: str) -> None:
        """Leave a request open with this status code; it expires when its order does."""
        if request.status(at).code != code:
            self._replan(request, at, Status(at, code), Status(request.order.valid_until, "schedule-expired"))

    def _time_to_fulfil(self, request: SpotRequest, zone_id: str, at: datetime, scenario: Scenario) -> timedelta:
        if scenario.fulfilment_seconds:
            return request.draw.between(scenario.fulfilment_seconds)
        outlook = self._pools.outlook(request.order.instance_type, zone_id, at)
        return request.draw.around(outlook.fulfilment_seconds, outlook.fulfilment_spread)

    def _fulfil_despite_cancel(self, request: SpotRequest, now: datetime, scenario: Scenario) -> None:
        at = now + request.draw.between(scenario.cancel_race_seconds)
        zone_id, _ = self._pools.best_zone(request.order, at, request.draw, scenario)
        instance = self._launch_for(request, zone_id or request.order.zone_ids[0], at)
        self._replan(request, now, Status(now, scenario.cancel_race_code), Status(at, CANCELLED_BUT_RUNNING, instance))

    def _launch_for(self, request: SpotRequest, zone_id: str, at: datetime) -> Instance:
        instance = self.launch(request.order, zone_id, at, request.draw)
        instance.request_id = request.request_id
        self._pools.hold(instance)
        scenario = self._scenario_for(instance.instance_type)
        plan_failure(instance, scenario)
        if request.draw.happens(scenario.interrupt_share):
            if scenario.interrupt_after_seconds:
                notice_at = instance.running_at + request.draw.between(scenario.interrupt_after_seconds)
                instance.end(ending("aws", notice_at, request.draw, scenario))
            else:
                self._plan_interruption(instance, request.draw, instance.running_at)
        return instance

    def _plan_interruption(self, instance: Instance, draw: Draw, after: datetime) -> None:
        """Plan the market's interruption of an instance; if none comes in the next hours, look again after them."""
        if not instance.holds_capacity(after):
            return
        notice_at, until = self._pools.next_interruption(instance, after, draw)
        if notice_at:
            instance.end(ending("aws", notice_at, draw, self._scenario_for(instance.instance_type)))
        else:
            self._registry.events.add(until, lambda later: self._plan_interruption(instance, draw, later))

    def _replan(self, request: SpotRequest, at: datetime, *statuses: Status) -> None:
        for instance in request.replan(at, *statuses):
            del self._registry.instances[instance.instance_id]
            self._pools.release(instance)

    def _reopen_after(self, request: SpotRequest, instance: Instance) -> None:
        """Evaluate a persistent request again once its instance is terminated."""
        if request.order.persistent and instance.ending and not request.cancel_called:
            self._registry.events.add(instance.ending.terminated_at, lambda at: self._reopen(request, instance, at))

    def _reopen(self, request: SpotRequest, instance: Instance, at: datetime) -> None:
        is_latest = request.status(at).instance is instance
        if is_latest and not request.cancel_called and instance.state(at) == TERMINATED:
            self._wait(request, at, "pending-evaluation")
            self._evaluate(request, at)


def _end_without_launch(request: SpotRequest, scenario: Scenario) -> str | None:
    """Return the status code of a request that is never granted, or None."""
    if not request.order.ami_fits:
        return "bad-parameters"
    return scenario.request_end if request.draw.happens(scenario.request_end_share) else None
