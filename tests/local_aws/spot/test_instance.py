"""Instances: pending, running, checked, interrupted, shut down, forgotten."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from moto.ec2.exceptions import EC2ClientError

from local_aws.spot.instance import Instance
from tests.local_aws.simulated_region import SimulatedRegion, after, order

READY = 73  # 1 s evaluated, 2 s fulfilled, 10 s pending, 60 s checked


def launched(simulated: SimulatedRegion, count: int = 1, seconds: float = 5, **changes: Any) -> list[Instance]:
    simulated.request(count, **changes)
    return simulated.region.every_instance(after(seconds))


def statuses(instance: Instance, seconds: float) -> set[str]:
    return {check.status(after(seconds)) for check in instance.checks}


def test_an_instance_is_pending_then_running() -> None:
    [instance] = launched(SimulatedRegion())
    assert [instance.state(after(seconds)) for seconds in (3, 12.9, 13)] == ["pending", "pending", "running"]


def test_its_checks_are_initializing_until_the_last_one_is_ok() -> None:
    [instance] = launched(SimulatedRegion())
    assert statuses(instance, 14) == {"initializing"}
    assert "initializing" in statuses(instance, READY - 0.1)
    assert statuses(instance, READY) == {"ok"}
    assert instance.all_ok_at == after(READY)


def test_checks_have_results_at_intervals_of_a_minute() -> None:
    [instance] = launched(SimulatedRegion(check_seconds=[100, 280], check_interval_seconds=60))
    results = sorted({check.first_result_at - instance.running_at for check in instance.checks})
    assert all((later - results[0]) % timedelta(seconds=60) == timedelta() for later in results)
    assert timedelta(seconds=100) <= results[-1] <= timedelta(seconds=340)


def test_the_status_of_attached_volumes_may_be_absent() -> None:
    for share, kinds in ((0, {"instance", "system"}), (1, {"instance", "system", "ebs"})):
        [instance] = launched(SimulatedRegion(ebs_status_share=share))
        assert {check.kind for check in instance.checks} == kinds


def test_an_impaired_instance_becomes_ok_later_or_never() -> None:
    [later] = launched(SimulatedRegion(impaired_share=1, impaired_seconds=100))
    assert statuses(later, READY + 99) == {"impaired", "ok"}
    assert later.all_ok_at == after(READY + 100)
    [never] = launched(SimulatedRegion(impaired_share=1))
    assert statuses(never, 10**6) == {"impaired", "ok"}


def test_a_terminated_instance_shuts_down_and_is_forgotten_an_hour_later() -> None:
    simulated = SimulatedRegion()
    [instance] = launched(simulated)
    [(_, before)] = simulated.region.terminate([instance.instance_id], after(50))
    assert before == "running"
    assert [instance.state(after(seconds)) for seconds in (49, 50, 69, 70)] == [
        "running",
        "shutting-down",
        "shutting-down",
        "terminated",
    ]
    assert instance.all_ok_at is None
    assert simulated.region.instances([instance.instance_id], after(3600))[0] == [instance]
    with pytest.raises(EC2ClientError):
        simulated.region.instances([instance.instance_id], after(70 + 3600))


def test_terminating_again_changes_nothing() -> None:
    simulated = SimulatedRegion()
    [instance] = launched(simulated)
    simulated.region.terminate([instance.instance_id, instance.instance_id], after(50))
    first = instance.ending
    [(_, before)] = simulated.region.terminate([instance.instance_id], after(100))
    assert (before, instance.ending) == ("terminated", first)


def test_one_unknown_id_fails_the_whole_terminate() -> None:
    simulated = SimulatedRegion()
    [instance] = launched(simulated)
    with pytest.raises(EC2ClientError) as refused:
        simulated.region.terminate([instance.instance_id, "i-0123456789abcdef0"], after(50))
    assert refused.value.code == "InvalidInstanceID.NotFound"
    assert instance.state(after(500)) == "running"
    assert instance.touches == []


def test_an_instance_terminated_while_pending_never_runs() -> None:
    simulated = SimulatedRegion()
    [instance] = launched(simulated)
    simulated.region.terminate([instance.instance_id], after(8))
    assert not instance.ever_runs
    assert instance.stopped_running_at is None


def test_a_new_instance_is_unknown_for_a_while_although_its_request_names_it() -> None:
    simulated = SimulatedRegion(invisible_seconds=10)
    [request] = simulated.request()
    simulated.region.every_instance(after(100))
    instance = request.status(after(100)).instance
    assert instance
    too_early = max(instance.visible_at - timedelta(seconds=0.01), request.visible_at)
    assert request.status(too_early).instance is instance
    for refused_call in (simulated.region.instances, simulated.region.terminate):
        with pytest.raises(EC2ClientError):
            refused_call([instance.instance_id], instance.visible_at - timedelta(seconds=0.01))


def test_an_interruption_shows_on_the_request_two_minutes_before_the_end() -> None:
    simulated = SimulatedRegion(interrupt_share=1, interrupt_after_seconds=50)
    requests = simulated.request()
    notice = 13 + 50
    assert simulated.codes(requests, notice - 1) == ["fulfilled"]
    assert simulated.codes(requests, notice) == ["instance-terminated-no-capacity"]
    assert requests[0].state(after(notice)) == "closed"
    assert simulated.states(requests, notice + 119) == ["running"]
    assert simulated.states(requests, notice + 120) == ["shutting-down"]


def test_instances_can_be_interrupted_at_once() -> None:
    simulated = SimulatedRegion()
    instances = launched(simulated, 3, 20)
    assert simulated.region.interrupt([instances[0].instance_id], after(30)) == instances[:1]
    assert [one.state(after(150)) for one in instances] == ["shutting-down", "running", "running"]
    assert [one.instance_id for one in simulated.region.interrupt([], after(160))] == [
        one.instance_id for one in instances[1:]
    ]


def test_an_instance_terminated_after_its_notice_still_counts_as_interrupted() -> None:
    simulated = SimulatedRegion()
    requests = simulated.request()
    [instance] = simulated.region.every_instance(after(20))
    simulated.region.interrupt([], after(30))
    simulated.region.terminate([instance.instance_id], after(40))
    assert simulated.states(requests, 41) == ["shutting-down"]
    assert simulated.codes(requests, 35) == simulated.codes(requests, 41) == ["instance-terminated-no-capacity"]


def test_the_market_interrupts_more_where_capacity_is_scarce() -> None:
    def interrupted(instance_types: list[str]) -> int:
        total = 0
        for instance_type in instance_types:
            simulated = SimulatedRegion(capacity=None, interrupt_share=1, fulfilment_seconds=1)
            instances = launched(simulated, 10, 3 * 3600, instance_type=instance_type)
            total += sum(one.ending is not None and one.ending.notice_at <= after(3 * 3600) for one in instances)
        return total

    by_slack = SimulatedRegion().types_with_slack
    assert interrupted(by_slack(1.0, 9.0)[:4]) < interrupted(by_slack(-0.5, 0.0)[:4])


def test_an_instance_shuts_itself_down_and_its_request_is_closed() -> None:
    simulated = SimulatedRegion()
    [request] = simulated.request(user_data="#!/bin/sh\nshutdown -h +10\n")
    assert simulated.states([request], 13 + 599) == ["running"]
    assert simulated.states([request], 13 + 600) == ["shutting-down"]
    assert (request.state(after(613)), *simulated.codes([request], 613)) == ("closed", "instance-terminated-by-user")
    [instance] = simulated.region.every_instance(after(700))
    assert instance.ending
    assert instance.ending.by == "itself"


def test_delays_come_from_the_market_if_the_scenario_sets_none() -> None:
    simulated = SimulatedRegion(pending_seconds=None, check_seconds=None, check_interval_seconds=60)
    instances = launched(simulated, 200, 20)
    pending = sorted((one.running_at - one.launched_at).total_seconds() for one in instances)
    healthy = sorted((one.all_ok_at - one.running_at).total_seconds() for one in instances if one.all_ok_at)
    assert 10 < pending[100] < 40
    assert 120 < healthy[100] < 300
    assert pending[0] < pending[-1]


def test_on_demand_instances_share_a_reservation_and_have_tags_of_their_own() -> None:
    simulated = SimulatedRegion()
    instances = simulated.region.order_on_demand(order(3, tags={"owner": "somebody"}), after(0))
    assert len({one.reservation_id for one in instances}) == 1
    assert Counter(one.tags["owner"] for one in instances) == {"somebody": 3}
    assert all(one.request_id is None for one in instances)
