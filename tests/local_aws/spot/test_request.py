"""Spot requests: their statuses, and when they change."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from moto.ec2.exceptions import EC2ClientError

from local_aws.market.geography import Geography
from local_aws.spot.region import SpotRegion
from local_aws.spot.request import SpotRequest
from local_aws.spot.scenario import Scenario
from tests.local_aws.simulated_region import NOON, SimulatedRegion, after, order


def _history(request: SpotRequest) -> list[tuple[datetime, str]]:
    return [(status.since, status.code) for status in request.statuses]


def code_of(error: pytest.ExceptionInfo[EC2ClientError]) -> str:
    return str(error.value.code)


def test_a_request_is_evaluated_then_pending_then_fulfilled() -> None:
    simulated = SimulatedRegion()
    requests = simulated.request()
    assert simulated.codes(requests, 0.5) == ["pending-evaluation"]
    assert simulated.codes(requests, 1.5) == ["pending-fulfillment"]
    assert simulated.codes(requests, 3) == ["fulfilled"]


def test_what_happens_does_not_depend_on_how_often_it_is_described() -> None:
    often, once = (SimulatedRegion(capacity=None, fulfilment_seconds=None) for _ in range(2))
    watched, unwatched = often.request(20), once.request(20)
    for second in range(599):
        often.codes(watched, second)
    assert often.codes(watched, 599) == once.codes(unwatched, 599)
    assert [_history(request) for request in watched] == [_history(request) for request in unwatched]


def test_capacity_decides_how_many_of_a_call_are_fulfilled() -> None:
    simulated = SimulatedRegion(capacity=3)
    requests = simulated.request(10)
    assert Counter(simulated.codes(requests, 20)) == {"fulfilled": 3, "capacity-not-available": 7}


def test_a_waiting_request_is_fulfilled_when_there_is_capacity_again() -> None:
    simulated = SimulatedRegion(capacity=1, capacity_retry_seconds=30)
    [first], [second] = simulated.request(), simulated.request(at=after(0.1))
    assert simulated.codes([first, second], 10) == ["fulfilled", "capacity-not-available"]
    instance = first.status(after(10)).instance
    assert instance
    simulated.region.terminate([instance.instance_id], after(15))
    assert simulated.codes([second], 20) == ["capacity-not-available"]
    assert simulated.codes([second], 1 + 30 + 2 + 0.2) == ["fulfilled"]


def test_a_request_nobody_fulfils_expires_at_valid_until() -> None:
    simulated = SimulatedRegion(capacity=0)
    requests = simulated.request()
    assert simulated.codes(requests, 599) == ["capacity-not-available"]
    assert simulated.codes(requests, 600) == ["schedule-expired"]
    assert requests[0].state(after(600)) == "cancelled"


def test_a_request_that_could_be_fulfilled_only_after_valid_until_expires() -> None:
    simulated = SimulatedRegion(fulfilment_seconds=1000)
    requests = simulated.request()
    assert simulated.codes(requests, 599) == ["pending-fulfillment"]
    assert simulated.codes(requests, 2000) == ["schedule-expired"]
    assert simulated.region.every_instance(after(3000)) == []


def test_a_price_below_the_spot_price_is_too_low() -> None:
    simulated = SimulatedRegion()
    requests = simulated.request(price=0.0001)
    assert simulated.codes(requests, 10) == ["price-too-low"]


def test_a_wrong_architecture_fails_the_request() -> None:
    simulated = SimulatedRegion()
    requests = simulated.request(ami_fits=False)
    assert simulated.codes(requests, 10) == ["bad-parameters"]
    assert requests[0].state(after(10)) == "failed"


@pytest.mark.parametrize(
    ("code", "state"), [("bad-parameters", "failed"), ("limit-exceeded", "closed"), ("system-error", "failed")]
)
def test_a_request_may_fail(code: str, state: str) -> None:
    simulated = SimulatedRegion(request_end=code)
    requests = simulated.request()
    assert simulated.codes(requests, 10) == [code]
    assert requests[0].state(after(10)) == state


def test_a_constraint_that_cannot_be_fulfilled_leaves_the_request_open_until_it_expires() -> None:
    simulated = SimulatedRegion(request_end="constraint-not-fulfillable", capacity_retry_seconds=1)
    requests = simulated.request()
    assert simulated.codes(requests, 599) == ["constraint-not-fulfillable"]
    assert requests[0].is_open(after(599))
    assert simulated.codes(requests, 600) == ["schedule-expired"]


def test_only_a_share_of_the_requests_may_fail() -> None:
    simulated = SimulatedRegion(request_end="limit-exceeded", request_end_share=0.5)
    assert set(simulated.codes(simulated.request(20), 20)) == {"fulfilled", "limit-exceeded"}


def test_a_cancelled_open_request_is_never_fulfilled() -> None:
    simulated = SimulatedRegion()
    requests = simulated.request(5)
    simulated.region.cancel([request.request_id for request in requests], after(2))
    assert set(simulated.codes(requests, 500)) == {"canceled-before-fulfillment"}
    assert simulated.region.every_instance(after(500)) == []


def test_cancelling_again_changes_nothing() -> None:
    simulated = SimulatedRegion(cancel_race_probability=0.5)
    requests = simulated.request(20)
    ids = [request.request_id for request in requests]
    for second in (1.5, 1.6, 1.7, 5, 10):
        simulated.region.cancel(ids, after(second))
    fulfilled = Counter(simulated.codes(requests, 20))["request-canceled-and-instance-running"]
    assert 0 < fulfilled < 20
    assert len(simulated.region.every_instance(after(20))) == fulfilled


def test_a_cancelled_active_request_leaves_its_instance_running() -> None:
    simulated = SimulatedRegion()
    requests = simulated.request()
    simulated.codes(requests, 5)
    simulated.region.cancel([requests[0].request_id], after(5))
    assert simulated.codes(requests, 100) == ["request-canceled-and-instance-running"]
    assert requests[0].state(after(100)) == "cancelled"
    assert simulated.states(requests, 100) == ["running"]


@pytest.mark.parametrize("shown", ["pending-fulfillment", "canceled-before-fulfillment"])
def test_a_request_may_be_fulfilled_although_it_was_cancelled(shown: str) -> None:
    simulated = SimulatedRegion(cancel_race_probability=1, cancel_race_seconds=2, cancel_race_code=shown)
    requests = simulated.request()
    simulated.region.cancel([requests[0].request_id], after(1.5))
    assert simulated.codes(requests, 3) == [shown]
    assert simulated.codes(requests, 3.5) == ["request-canceled-and-instance-running"]
    assert simulated.states(requests, 3.5) == ["pending"]


def test_the_same_token_makes_the_same_requests_only_once() -> None:
    simulated = SimulatedRegion()
    first = simulated.request(3, client_token="a", fingerprint="x")
    again = simulated.request(3, at=after(30), client_token="a", fingerprint="x")
    assert [request.request_id for request in again] == [request.request_id for request in first]
    assert len(simulated.region.every_instance(after(60))) == 3


def test_the_same_token_with_other_parameters_is_refused() -> None:
    simulated = SimulatedRegion()
    simulated.request(client_token="a", fingerprint="x")
    with pytest.raises(EC2ClientError) as refused:
        simulated.request(client_token="a", fingerprint="y")
    assert code_of(refused) == "IdempotentParameterMismatch"


def test_a_token_whose_call_was_refused_can_be_used_again() -> None:
    simulated = SimulatedRegion(vcpu_quota={"standard": 2})
    with pytest.raises(EC2ClientError):
        simulated.request(2, client_token="a", fingerprint="x")
    simulated.change_scenario(vcpu_quota={"standard": 100})
    assert len(simulated.request(2, client_token="a", fingerprint="x")) == 2


def test_open_requests_count_for_the_quota_and_ended_ones_do_not() -> None:
    simulated = SimulatedRegion(capacity=0, vcpu_quota={"standard": 4})
    waiting = simulated.request(2)
    with pytest.raises(EC2ClientError) as refused:
        simulated.request(1, at=after(5))
    assert code_of(refused) == "MaxSpotInstanceCountExceeded"
    simulated.region.cancel([request.request_id for request in waiting], after(6))
    assert simulated.request(2, at=after(7))


def test_running_instances_count_for_the_quota_until_they_end() -> None:
    simulated = SimulatedRegion(vcpu_quota={"standard@us-east-1": 2})
    simulated.request()
    with pytest.raises(EC2ClientError):
        simulated.request(at=after(100))
    [instance] = simulated.region.every_instance(after(100))
    simulated.region.terminate([instance.instance_id], after(101))
    assert simulated.request(at=after(102))


def test_a_new_request_is_unknown_for_a_while() -> None:
    simulated = SimulatedRegion(invisible_seconds=10)
    [request] = simulated.request()
    too_early = request.visible_at - timedelta(seconds=0.01)
    assert NOON < request.visible_at <= after(10)
    assert simulated.region.requests([], too_early)[0] == []
    for refused_call in (simulated.region.requests, simulated.region.cancel):
        with pytest.raises(EC2ClientError) as refused:
            refused_call([request.request_id], too_early)
        assert code_of(refused) == "InvalidSpotInstanceRequestID.NotFound"
    assert simulated.region.requests([request.request_id], request.visible_at)[0] == [request]


def test_one_unknown_id_fails_the_whole_cancel() -> None:
    simulated = SimulatedRegion()
    [request] = simulated.request()
    with pytest.raises(EC2ClientError):
        simulated.region.cancel([request.request_id, "sir-unknown1"], after(1))
    assert simulated.codes([request], 5) == ["fulfilled"]
    assert request.touches == []


def test_an_ended_request_is_forgotten_after_four_hours() -> None:
    simulated = SimulatedRegion()
    [request] = simulated.request()
    simulated.region.cancel([request.request_id], after(1))
    four_hours = 4 * 3600
    assert simulated.codes([request], four_hours) == ["canceled-before-fulfillment"]
    with pytest.raises(EC2ClientError):
        simulated.codes([request], four_hours + 2)


def test_a_request_whose_instance_still_runs_is_not_forgotten() -> None:
    simulated = SimulatedRegion()
    [request] = simulated.request()
    simulated.codes([request], 5)
    simulated.region.cancel([request.request_id], after(5))
    assert simulated.codes([request], 24 * 3600) == ["request-canceled-and-instance-running"]


def test_a_persistent_request_launches_again_after_its_instance_was_terminated() -> None:
    simulated = SimulatedRegion()
    [request] = simulated.request(persistent=True, valid_until=after(3600))
    simulated.codes([request], 5)
    first = request.status(after(5)).instance
    assert first
    simulated.region.terminate([first.instance_id], after(100))
    assert simulated.codes([request], 110) == ["instance-terminated-by-user"]
    assert simulated.codes([request], 140) == ["fulfilled"]
    assert request.status(after(140)).instance is not first


def test_stale_answers_are_at_most_as_old_as_the_scenario_says() -> None:
    simulated = SimulatedRegion(stale_seconds=2)
    requests = simulated.request(at=NOON)
    shown = set()
    for tenth in range(30, 80):
        found, at = simulated.region.requests([], after(tenth / 10))
        assert after(tenth / 10 - 2) <= at <= after(tenth / 10)
        shown |= {(tenth, request.status(at).code) for request in found}
    assert (79, "fulfilled") in shown
    assert any(code == "pending-fulfillment" and tenth > 30 for tenth, code in shown)
    assert requests


def test_scarce_pools_fulfil_fewer_and_later_than_abundant_ones() -> None:
    def fulfilled(*instance_types: str) -> int:
        total = 0
        for instance_type in instance_types:
            simulated = SimulatedRegion(capacity=None, fulfilment_seconds=None, vcpu_quota={"g-and-vt": 10**6})
            requests = simulated.request(50, instance_type=instance_type)
            total += Counter(simulated.codes(requests, 60))["fulfilled"]
        return total

    # Of each kind several: any pool has its days.
    scarce = fulfilled("g5.48xlarge", "g5.24xlarge", "g6.48xlarge", "g4dn.12xlarge", "g5.16xlarge")
    assert scarce < fulfilled("m5.large", "c5.large", "r5.large", "m6i.large", "m5a.large") / 2


def test_the_same_seed_gives_the_same_history_and_another_seed_another() -> None:
    def history(seed: int) -> list[object]:
        simulated = SimulatedRegion()
        simulated.region = SpotRegion("us-east-1", seed, simulated.market, Geography.load(), Scenario)
        requests = simulated.request(5)
        simulated.region.every_instance(after(300))
        return [_history(request) for request in requests]

    assert history(1) == history(1)
    assert history(1) != history(2)


def test_orders_made_from_one_zone_stay_in_it() -> None:
    simulated = SimulatedRegion()
    zone = order().zone_ids[2]
    requests = simulated.request(4, zone_ids=(zone,))
    simulated.codes(requests, 10)
    assert {instance.zone_id for instance in simulated.region.every_instance(after(10))} == {zone}


def test_a_second_cancel_does_not_prevent_the_fulfilment_either() -> None:
    simulated = SimulatedRegion(cancel_race_probability=1, cancel_race_seconds=2)
    requests = simulated.request()
    for seconds in (1.5, 2.5):
        simulated.region.cancel([requests[0].request_id], after(seconds))
    assert simulated.codes(requests, 3.5) == ["request-canceled-and-instance-running"]


def test_an_instance_that_a_cancel_prevented_holds_no_capacity() -> None:
    simulated = SimulatedRegion(capacity=1)
    [prevented] = simulated.request()
    simulated.region.cancel([prevented.request_id], after(2))
    assert simulated.codes(simulated.request(at=after(5)), 10) == ["fulfilled"]


def test_a_cancelled_request_stays_so_when_its_instance_is_terminated() -> None:
    simulated = SimulatedRegion()
    [request] = simulated.request()
    [instance] = simulated.region.every_instance(after(5))
    simulated.region.cancel([request.request_id], after(6))
    simulated.region.terminate([instance.instance_id], after(7))
    assert (request.state(after(8)), *simulated.codes([request], 8)) == ("cancelled", "instance-terminated-by-user")
