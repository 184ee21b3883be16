"""Instances: pending, running, checked, interrupted, switched off, gone."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from moto.ec2.exceptions import EC2ClientError

from local_aws.spot.instance import Instance
from tests.local_aws.simulated_region import Stage, after, order

READY = 73  # 1 s evaluated, 2 s fulfilled, 10 s pending, 60 s checked


def launched(stage: Stage, count: int = 1, seconds: float = 5, **changes: Any) -> list[Instance]:
    stage.request(count, **changes)
    return stage.region.every_instance(after(seconds))


def statuses(instance: Instance, seconds: float) -> set[str]:
    return {check.status(after(seconds)) for check in instance.checks}


def test_an_instance_is_pending_then_running() -> None:
    [instance] = launched(Stage())
    assert [instance.state(after(seconds)) for seconds in (3, 12.9, 13)] == ["pending", "pending", "running"]


def test_its_checks_are_initializing_until_the_last_one_is_ok() -> None:
    [instance] = launched(Stage())
    assert statuses(instance, 14) == {"initializing"}
    assert "initializing" in statuses(instance, READY - 0.1)
    assert statuses(instance, READY) == {"ok"}
    assert instance.all_ok == after(READY)


def test_checks_speak_at_beats_of_a_minute() -> None:
    [instance] = launched(Stage(check_seconds=[100, 280], check_beat_seconds=60))
    speaks = sorted({check.speaks - instance.running for check in instance.checks})
    assert all((later - speaks[0]) % timedelta(seconds=60) == timedelta() for later in speaks)
    assert timedelta(seconds=100) <= speaks[-1] <= timedelta(seconds=340)


def test_the_status_of_attached_volumes_may_be_absent() -> None:
    for share, kinds in ((0, {"instance", "system"}), (1, {"instance", "system", "ebs"})):
        [instance] = launched(Stage(ebs_status_share=share))
        assert {check.kind for check in instance.checks} == kinds


def test_an_impaired_instance_is_ok_later_or_never() -> None:
    [later] = launched(Stage(impaired_share=1, impaired_seconds=100))
    assert statuses(later, READY + 99) == {"impaired", "ok"}
    assert later.all_ok == after(READY + 100)
    [never] = launched(Stage(impaired_share=1))
    assert statuses(never, 10**6) == {"impaired", "ok"}


def test_a_terminated_instance_shuts_down_and_is_forgotten_an_hour_later() -> None:
    stage = Stage()
    [instance] = launched(stage)
    [(_, before)] = stage.region.terminate([instance.instance_id], after(50))
    assert before == "running"
    assert [instance.state(after(seconds)) for seconds in (49, 50, 69, 70)] == [
        "running",
        "shutting-down",
        "shutting-down",
        "terminated",
    ]
    assert instance.all_ok is None
    assert stage.region.instances([instance.instance_id], after(3600))[0] == [instance]
    with pytest.raises(EC2ClientError):
        stage.region.instances([instance.instance_id], after(70 + 3600))


def test_terminating_again_changes_nothing() -> None:
    stage = Stage()
    [instance] = launched(stage)
    stage.region.terminate([instance.instance_id, instance.instance_id], after(50))
    first = instance.ending
    [(_, before)] = stage.region.terminate([instance.instance_id], after(100))
    assert (before, instance.ending) == ("terminated", first)


def test_one_unknown_id_fails_the_whole_terminate() -> None:
    stage = Stage()
    [instance] = launched(stage)
    with pytest.raises(EC2ClientError) as refused:
        stage.region.terminate([instance.instance_id, "i-0123456789abcdef0"], after(50))
    assert refused.value.code == "InvalidInstanceID.NotFound"
    assert instance.state(after(500)) == "running"
    assert instance.touches == []


def test_an_instance_terminated_while_pending_never_runs() -> None:
    stage = Stage()
    [instance] = launched(stage)
    stage.region.terminate([instance.instance_id], after(8))
    assert not instance.ran
    assert instance.stopped_running is None


def test_a_new_instance_is_unknown_for_a_while_though_its_request_names_it() -> None:
    stage = Stage(invisible_seconds=10)
    [request] = stage.request()
    stage.region.every_instance(after(100))
    instance = request.turn(after(100)).instance
    assert instance
    unseen = max(instance.visible - timedelta(seconds=0.01), request.visible)
    assert request.turn(unseen).instance is instance
    for refused_call in (stage.region.instances, stage.region.terminate):
        with pytest.raises(EC2ClientError):
            refused_call([instance.instance_id], instance.visible - timedelta(seconds=0.01))


def test_an_interruption_shows_on_the_request_two_minutes_before_the_end() -> None:
    stage = Stage(interrupt_share=1, interrupt_after_seconds=50)
    requests = stage.request()
    notice = 13 + 50
    assert stage.codes(requests, notice - 1) == ["fulfilled"]
    assert stage.codes(requests, notice) == ["instance-terminated-no-capacity"]
    assert requests[0].state(after(notice)) == "closed"
    assert stage.states(requests, notice + 119) == ["running"]
    assert stage.states(requests, notice + 120) == ["shutting-down"]


def test_instances_can_be_interrupted_now() -> None:
    stage = Stage()
    instances = launched(stage, 3, 20)
    assert stage.region.interrupt([instances[0].instance_id], after(30)) == instances[:1]
    assert [one.state(after(150)) for one in instances] == ["shutting-down", "running", "running"]
    assert [one.instance_id for one in stage.region.interrupt([], after(160))] == [
        one.instance_id for one in instances[1:]
    ]


def test_terminating_within_the_notice_leaves_it_an_interruption() -> None:
    stage = Stage()
    requests = stage.request()
    [instance] = stage.region.every_instance(after(20))
    stage.region.interrupt([], after(30))
    stage.region.terminate([instance.instance_id], after(40))
    assert stage.states(requests, 41) == ["shutting-down"]
    assert stage.codes(requests, 35) == stage.codes(requests, 41) == ["instance-terminated-no-capacity"]


def test_the_market_interrupts_more_where_capacity_is_scarce() -> None:
    def interrupted(*instance_types: str) -> int:
        total = 0
        for instance_type in instance_types:
            stage = Stage(capacity=None, interrupt_share=1, fulfilment_seconds=1)
            instances = launched(stage, 10, 3 * 3600, instance_type=instance_type)
            total += sum(one.ending is not None and one.ending.told <= after(3 * 3600) for one in instances)
        return total

    assert interrupted("c5.large", "r5.large", "t3.micro") < interrupted("g5.xlarge", "g6.xlarge", "g4dn.xlarge")


def test_an_instance_switches_itself_off_and_its_request_is_closed() -> None:
    stage = Stage()
    [request] = stage.request(user_data="#!/bin/sh\nshutdown -h +10\n")
    assert stage.states([request], 13 + 599) == ["running"]
    assert stage.states([request], 13 + 600) == ["shutting-down"]
    assert (request.state(after(613)), *stage.codes([request], 613)) == ("closed", "instance-terminated-by-user")
    [instance] = stage.region.every_instance(after(700))
    assert instance.ending
    assert instance.ending.by == "itself"


def test_delays_follow_from_the_market_if_the_scenario_leaves_them_to_it() -> None:
    stage = Stage(pending_seconds=None, check_seconds=None, check_beat_seconds=60)
    instances = launched(stage, 200, 20)
    pending = sorted((one.running - one.launched).total_seconds() for one in instances)
    healthy = sorted((one.all_ok - one.running).total_seconds() for one in instances if one.all_ok)
    assert 10 < pending[100] < 40
    assert 120 < healthy[100] < 300
    assert pending[0] < pending[-1]


def test_on_demand_instances_share_a_reservation_and_have_tags_of_their_own() -> None:
    stage = Stage()
    instances = stage.region.order_on_demand(order(3, tags={"owner": "somebody"}), after(0))
    assert len({one.reservation_id for one in instances}) == 1
    assert Counter(one.tags["owner"] for one in instances) == {"somebody": 3}
    assert all(one.request_id is None for one in instances)
