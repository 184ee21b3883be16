"""Spot requests: what becomes of them, and when."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from moto.ec2.exceptions import EC2ClientError

from local_aws.market.geography import Geography
from local_aws.spot.region import SpotRegion
from local_aws.spot.request import SpotRequest
from local_aws.spot.scenario import Scenario
from tests.local_aws.simulated_region import NOON, Stage, after, order


def _history(request: SpotRequest) -> list[tuple[datetime, str]]:
    return [(turn.at, turn.code) for turn in request.turns]


def code_of(error: pytest.ExceptionInfo[EC2ClientError]) -> str:
    return str(error.value.code)


def test_a_request_is_evaluated_then_pending_then_fulfilled() -> None:
    stage = Stage()
    requests = stage.request()
    assert stage.codes(requests, 0.5) == ["pending-evaluation"]
    assert stage.codes(requests, 1.5) == ["pending-fulfillment"]
    assert stage.codes(requests, 3) == ["fulfilled"]


def test_what_happens_does_not_depend_on_how_often_one_looks() -> None:
    looked_often, looked_once = (Stage(capacity=None, fulfilment_seconds=None) for _ in range(2))
    watched, unwatched = looked_often.request(20), looked_once.request(20)
    for second in range(599):
        looked_often.codes(watched, second)
    assert looked_often.codes(watched, 599) == looked_once.codes(unwatched, 599)
    assert [_history(request) for request in watched] == [_history(request) for request in unwatched]


def test_capacity_decides_how_many_of_a_call_are_fulfilled() -> None:
    stage = Stage(capacity=3)
    requests = stage.request(10)
    assert Counter(stage.codes(requests, 20)) == {"fulfilled": 3, "capacity-not-available": 7}


def test_a_waiting_request_is_fulfilled_once_there_is_capacity_again() -> None:
    stage = Stage(capacity=1, capacity_beat_seconds=30)
    [first], [second] = stage.request(), stage.request(at=after(0.1))
    assert stage.codes([first, second], 10) == ["fulfilled", "capacity-not-available"]
    instance = first.turn(after(10)).instance
    assert instance
    stage.region.terminate([instance.instance_id], after(15))
    assert stage.codes([second], 20) == ["capacity-not-available"]
    assert stage.codes([second], 1 + 30 + 2 + 0.2) == ["fulfilled"]


def test_a_request_nobody_fulfils_expires_at_valid_until() -> None:
    stage = Stage(capacity=0)
    requests = stage.request()
    assert stage.codes(requests, 599) == ["capacity-not-available"]
    assert stage.codes(requests, 600) == ["schedule-expired"]
    assert requests[0].state(after(600)) == "cancelled"


def test_a_fulfilment_that_would_come_after_valid_until_never_comes() -> None:
    stage = Stage(fulfilment_seconds=1000)
    requests = stage.request()
    assert stage.codes(requests, 599) == ["pending-fulfillment"]
    assert stage.codes(requests, 2000) == ["schedule-expired"]
    assert stage.region.every_instance(after(3000)) == []


def test_a_price_below_the_spot_price_is_too_low() -> None:
    stage = Stage()
    requests = stage.request(price=0.0001)
    assert stage.codes(requests, 10) == ["price-too-low"]


def test_a_wrong_architecture_fails_the_request() -> None:
    stage = Stage()
    requests = stage.request(is_sound=False)
    assert stage.codes(requests, 10) == ["bad-parameters"]
    assert requests[0].state(after(10)) == "failed"


def test_a_request_may_fail_by_a_system_error() -> None:
    stage = Stage(system_error_share=1)
    assert stage.codes(stage.request(), 10) == ["system-error"]


def test_a_cancelled_open_request_is_never_fulfilled() -> None:
    stage = Stage()
    requests = stage.request(5)
    stage.region.cancel([request.request_id for request in requests], after(2))
    assert set(stage.codes(requests, 500)) == {"canceled-before-fulfillment"}
    assert stage.region.every_instance(after(500)) == []


def test_cancelling_twice_is_as_good_as_once() -> None:
    stage = Stage(cross_cancel_probability=0.5)
    requests = stage.request(20)
    ids = [request.request_id for request in requests]
    for second in (1.5, 1.6, 1.7, 5, 10):
        stage.region.cancel(ids, after(second))
    crossed = Counter(stage.codes(requests, 20))["request-canceled-and-instance-running"]
    assert 0 < crossed < 20
    assert len(stage.region.every_instance(after(20))) == crossed


def test_a_cancelled_active_request_leaves_its_instance_running() -> None:
    stage = Stage()
    requests = stage.request()
    stage.codes(requests, 5)
    stage.region.cancel([requests[0].request_id], after(5))
    assert stage.codes(requests, 100) == ["request-canceled-and-instance-running"]
    assert requests[0].state(after(100)) == "cancelled"
    assert stage.states(requests, 100) == ["running"]


@pytest.mark.parametrize("shown", ["pending-fulfillment", "canceled-before-fulfillment"])
def test_a_fulfilment_may_cross_with_the_cancel(shown: str) -> None:
    stage = Stage(cross_cancel_probability=1, crossing_seconds=2, crossing_shows=shown)
    requests = stage.request()
    stage.region.cancel([requests[0].request_id], after(1.5))
    assert stage.codes(requests, 3) == [shown]
    assert stage.codes(requests, 3.5) == ["request-canceled-and-instance-running"]
    assert stage.states(requests, 3.5) == ["pending"]


def test_the_same_token_makes_the_same_requests_only_once() -> None:
    stage = Stage()
    first = stage.request(3, client_token="a", fingerprint="x")
    again = stage.request(3, at=after(30), client_token="a", fingerprint="x")
    assert [request.request_id for request in again] == [request.request_id for request in first]
    assert len(stage.region.every_instance(after(60))) == 3


def test_the_same_token_with_other_parameters_is_refused() -> None:
    stage = Stage()
    stage.request(client_token="a", fingerprint="x")
    with pytest.raises(EC2ClientError) as refused:
        stage.request(client_token="a", fingerprint="y")
    assert code_of(refused) == "IdempotentParameterMismatch"


def test_a_token_whose_call_was_refused_is_not_used_up() -> None:
    stage = Stage(vcpu_quota={"standard": 2})
    with pytest.raises(EC2ClientError):
        stage.request(2, client_token="a", fingerprint="x")
    stage.turn(vcpu_quota={"standard": 100})
    assert len(stage.request(2, client_token="a", fingerprint="x")) == 2


def test_open_requests_count_for_the_quota_and_ended_ones_do_not() -> None:
    stage = Stage(capacity=0, vcpu_quota={"standard": 4})
    waiting = stage.request(2)
    with pytest.raises(EC2ClientError) as refused:
        stage.request(1, at=after(5))
    assert code_of(refused) == "MaxSpotInstanceCountExceeded"
    stage.region.cancel([request.request_id for request in waiting], after(6))
    assert stage.request(2, at=after(7))


def test_running_instances_count_for_the_quota_until_they_end() -> None:
    stage = Stage(vcpu_quota={"standard@us-east-1": 2})
    stage.request()
    with pytest.raises(EC2ClientError):
        stage.request(at=after(100))
    [instance] = stage.region.every_instance(after(100))
    stage.region.terminate([instance.instance_id], after(101))
    assert stage.request(at=after(102))


def test_a_new_request_is_unknown_for_a_while() -> None:
    stage = Stage(invisible_seconds=10)
    [request] = stage.request()
    unseen = request.visible - timedelta(seconds=0.01)
    assert NOON < request.visible <= after(10)
    assert stage.region.requests([], unseen)[0] == []
    for refused_call in (stage.region.requests, stage.region.cancel):
        with pytest.raises(EC2ClientError) as refused:
            refused_call([request.request_id], unseen)
        assert code_of(refused) == "InvalidSpotInstanceRequestID.NotFound"
    assert stage.region.requests([request.request_id], request.visible)[0] == [request]


def test_one_unknown_id_fails_the_whole_cancel() -> None:
    stage = Stage()
    [request] = stage.request()
    with pytest.raises(EC2ClientError):
        stage.region.cancel([request.request_id, "sir-unknown1"], after(1))
    assert stage.codes([request], 5) == ["fulfilled"]
    assert request.touches == []


def test_an_ended_request_is_forgotten_after_four_hours() -> None:
    stage = Stage()
    [request] = stage.request()
    stage.region.cancel([request.request_id], after(1))
    four_hours = 4 * 3600
    assert stage.codes([request], four_hours) == ["canceled-before-fulfillment"]
    with pytest.raises(EC2ClientError):
        stage.codes([request], four_hours + 2)


def test_a_request_whose_instance_still_runs_is_not_forgotten() -> None:
    stage = Stage()
    [request] = stage.request()
    stage.codes([request], 5)
    stage.region.cancel([request.request_id], after(5))
    assert stage.codes([request], 24 * 3600) == ["request-canceled-and-instance-running"]


def test_a_persistent_request_launches_again_after_its_instance_was_terminated() -> None:
    stage = Stage()
    [request] = stage.request(persistent=True, valid_until=after(3600))
    stage.codes([request], 5)
    first = request.turn(after(5)).instance
    assert first
    stage.region.terminate([first.instance_id], after(100))
    assert stage.codes([request], 110) == ["instance-terminated-by-user"]
    assert stage.codes([request], 140) == ["fulfilled"]
    assert request.turn(after(140)).instance is not first


def test_stale_answers_are_at_most_as_old_as_the_scenario_says() -> None:
    stage = Stage(stale_seconds=2)
    requests = stage.request(at=NOON)
    seen = set()
    for tenth in range(30, 80):
        found, at = stage.region.requests([], after(tenth / 10))
        assert after(tenth / 10 - 2) <= at <= after(tenth / 10)
        seen |= {(tenth, request.turn(at).code) for request in found}
    assert (79, "fulfilled") in seen
    assert any(code == "pending-fulfillment" and tenth > 30 for tenth, code in seen)
    assert requests


def test_a_scarce_pool_fulfils_fewer_and_later_than_an_abundant_one() -> None:
    def fulfilled(instance_type: str) -> int:
        stage = Stage(capacity=None, fulfilment_seconds=None, vcpu_quota={"g-and-vt": 10**6})
        requests = stage.request(50, instance_type=instance_type)
        return Counter(stage.codes(requests, 60))["fulfilled"]

    assert fulfilled("g5.48xlarge") < fulfilled("m5.large")


def test_the_same_seed_plays_the_same_and_another_seed_differently() -> None:
    def played(seed: int) -> list[object]:
        stage = Stage()
        stage.region = SpotRegion("us-east-1", seed, stage.market, Geography.load(), Scenario)
        requests = stage.request(5)
        stage.region.every_instance(after(300))
        return [_history(request) for request in requests]

    assert played(1) == played(1)
    assert played(1) != played(2)


def test_orders_made_from_one_zone_stay_in_it() -> None:
    stage = Stage()
    zone = order().zone_ids[2]
    requests = stage.request(4, zone_ids=(zone,))
    stage.codes(requests, 10)
    assert {instance.zone_id for instance in stage.region.every_instance(after(10))} == {zone}


def test_a_second_cancel_does_not_hold_up_a_crossing_fulfilment() -> None:
    stage = Stage(cross_cancel_probability=1, crossing_seconds=2)
    requests = stage.request()
    for seconds in (1.5, 2.5):
        stage.region.cancel([requests[0].request_id], after(seconds))
    assert stage.codes(requests, 3.5) == ["request-canceled-and-instance-running"]


def test_what_a_cancel_prevented_takes_no_capacity() -> None:
    stage = Stage(capacity=1)
    [prevented] = stage.request()
    stage.region.cancel([prevented.request_id], after(2))
    assert stage.codes(stage.request(at=after(5)), 10) == ["fulfilled"]


def test_a_cancelled_request_stays_so_when_its_instance_is_terminated() -> None:
    stage = Stage()
    [request] = stage.request()
    [instance] = stage.region.every_instance(after(5))
    stage.region.cancel([request.request_id], after(6))
    stage.region.terminate([instance.instance_id], after(7))
    assert (request.state(after(8)), *stage.codes([request], 8)) == ("cancelled", "instance-terminated-by-user")
