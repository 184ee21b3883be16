"""The bill: by the second from running on, at least a minute, free where AWS interrupts early."""

from datetime import datetime

import pytest

from local_aws.control.bill import charge
from local_aws.spot.instance import Instance
from tests.local_aws.simulated_region import Stage, after

RUNNING = 13  # seconds after noon


def dollar_an_hour(_type: str, _zone: str, _at: datetime) -> float:
    return 1.0


def instance_of(stage: Stage) -> Instance:
    stage.request()
    [instance] = stage.region.every_instance(after(5))
    return instance


def test_pending_is_free() -> None:
    assert charge(instance_of(Stage()), after(RUNNING), dollar_an_hour).usd == 0


def test_an_instance_terminated_while_pending_is_free() -> None:
    stage = Stage()
    instance = instance_of(stage)
    stage.region.terminate([instance.instance_id], after(RUNNING - 1))
    assert charge(instance, after(10**5), dollar_an_hour).usd == 0


@pytest.mark.parametrize(("ran", "billed"), [(1, 60), (60, 60), (61.5, 61.5), (600, 600)])
def test_running_is_billed_by_the_second_from_a_minute_on(ran: float, billed: float) -> None:
    stage = Stage()
    instance = instance_of(stage)
    stage.region.terminate([instance.instance_id], after(RUNNING + ran))
    cost = charge(instance, after(10**5), dollar_an_hour)
    assert cost.seconds == pytest.approx(billed)
    assert cost.usd == pytest.approx(billed / 3600)


def test_what_runs_still_is_billed_until_now() -> None:
    assert charge(instance_of(Stage()), after(RUNNING + 120), dollar_an_hour).seconds == 120


@pytest.mark.parametrize(("notice_after", "is_free"), [(10, True), (3470, True), (3481, False)])
def test_an_interruption_within_the_first_hour_is_free(notice_after: float, is_free: bool) -> None:
    stage = Stage(interrupt_share=1, interrupt_after_seconds=notice_after)
    cost = charge(instance_of(stage), after(RUNNING + notice_after + 200), dollar_an_hour)
    assert (cost.usd == 0) is is_free


def test_switching_itself_off_is_charged() -> None:
    stage = Stage()
    stage.request(user_data="#!/bin/sh\nshutdown -h +5\n")
    [instance] = stage.region.every_instance(after(1000))
    assert charge(instance, after(1000), dollar_an_hour).seconds == 300


def test_each_hour_is_billed_at_the_price_with_which_it_begins() -> None:
    def price(_type: str, _zone: str, at: datetime) -> float:
        return 1.0 if at < after(3600) else 2.0

    assert charge(instance_of(Stage()), after(RUNNING + 5400), price).usd == pytest.approx(1.0 + 2.0 / 2)
