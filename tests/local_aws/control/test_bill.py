"""The bill: running time by the second, at least a minute; free if AWS interrupts in the first hour."""

from datetime import datetime

import pytest

from local_aws.control.bill import charge
from local_aws.spot.instance import Instance
from tests.local_aws.simulated_region import SimulatedRegion, after

RUNNING = 13  # seconds after noon


def dollar_an_hour(_type: str, _zone: str, _at: datetime) -> float:
    return 1.0


def instance_of(simulated: SimulatedRegion) -> Instance:
    simulated.request()
    [instance] = simulated.region.every_instance(after(5))
    return instance


def test_pending_is_free() -> None:
    assert charge(instance_of(SimulatedRegion()), after(RUNNING), dollar_an_hour).usd == 0


def test_an_instance_terminated_while_pending_is_free() -> None:
    simulated = SimulatedRegion()
    instance = instance_of(simulated)
    simulated.region.terminate([instance.instance_id], after(RUNNING - 1))
    assert charge(instance, after(10**5), dollar_an_hour).usd == 0


@pytest.mark.parametrize(("ran", "billed"), [(1, 60), (60, 60), (61.5, 61.5), (600, 600)])
def test_running_is_billed_by_the_second_and_at_least_a_minute(ran: float, billed: float) -> None:
    simulated = SimulatedRegion()
    instance = instance_of(simulated)
    simulated.region.terminate([instance.instance_id], after(RUNNING + ran))
    cost = charge(instance, after(10**5), dollar_an_hour)
    assert cost.seconds == pytest.approx(billed)
    assert cost.usd == pytest.approx(billed / 3600)


def test_a_running_instance_is_billed_up_to_now() -> None:
    assert charge(instance_of(SimulatedRegion()), after(RUNNING + 120), dollar_an_hour).seconds == 120


@pytest.mark.parametrize(("notice_after", "is_free"), [(10, True), (3470, True), (3481, False)])
def test_an_interruption_within_the_first_hour_is_free(notice_after: float, is_free: bool) -> None:
    simulated = SimulatedRegion(interrupt_share=1, interrupt_after_seconds=notice_after)
    cost = charge(instance_of(simulated), after(RUNNING + notice_after + 200), dollar_an_hour)
    assert (cost.usd == 0) is is_free


def test_an_instance_that_shuts_itself_down_is_billed() -> None:
    simulated = SimulatedRegion()
    simulated.request(user_data="#!/bin/sh\nshutdown -h +5\n")
    [instance] = simulated.region.every_instance(after(1000))
    assert charge(instance, after(1000), dollar_an_hour).seconds == 300


def test_each_hour_is_billed_at_the_price_at_its_beginning() -> None:
    def price(_type: str, _zone: str, at: datetime) -> float:
        return 1.0 if at < after(3600) else 2.0

    assert charge(instance_of(SimulatedRegion()), after(RUNNING + 5400), price).usd == pytest.approx(1.0 + 2.0 / 2)
