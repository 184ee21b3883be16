"""What ended instances have cost, to the second."""

from datetime import UTC, datetime, timedelta

import pytest

from collect_launch_time.money.bill import Usage, bill

START = datetime(2026, 3, 1, tzinfo=UTC)


def usage(seconds: float, usd: float = 3600.0, *, interrupted: bool = False) -> Usage:
    return Usage(START, START + timedelta(seconds=seconds), usd, interrupted, launched=START)


NEVER_RAN = Usage(None, START, 3600.0, was_interrupted=False, launched=None)


@pytest.mark.parametrize(("ran", "billed"), [(0.5, 60), (60, 60), (61, 61), (600.25, 600.25)])
def test_billing_is_by_the_second_and_a_minute_at_least(ran: float, billed: float) -> None:
    assert usage(ran).seconds == billed
    assert usage(ran).usd == billed


def test_an_instance_that_never_ran_costs_nothing() -> None:
    assert NEVER_RAN.usd == 0


def test_an_instance_that_aws_interrupts_is_free_within_its_first_hour_only() -> None:
    assert usage(3599, interrupted=True).usd == 0
    assert usage(3600, interrupted=True).usd == 3600


def test_a_bill_counts_the_instances_that_cost_something() -> None:
    total = bill([usage(100), usage(10, interrupted=True), NEVER_RAN, usage(200)])
    assert (total.instances, total.seconds, total.usd) == (2, 300.0, 300.0)


def test_volumes_and_addresses_are_billed_from_the_launch_on_a_minute_at_least() -> None:
    pending = Usage(None, START + timedelta(seconds=10), 1.0, was_interrupted=False, launched=START)
    slow = Usage(START + timedelta(seconds=40), START + timedelta(seconds=240), 1.0, False, launched=START)
    total = bill([pending, slow, NEVER_RAN])
    assert (total.instances, total.seconds) == (1, 200.0)
    assert total.volumes_usd == pytest.approx((60 + 240) / 3600 * 8 * 0.08 / 720, abs=1e-6)
    assert total.addresses_usd == pytest.approx((60 + 240) / 3600 * 0.005, abs=1e-6)


def test_an_interrupted_instance_is_free_and_its_volume_and_address_are_not() -> None:
    total = bill([usage(1800, interrupted=True)])
    assert (total.instances, total.usd) == (0, 0)
    assert total.addresses_usd == pytest.approx(0.0025)
    assert total.volumes_usd > 0
