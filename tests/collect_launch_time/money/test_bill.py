"""What ended instances have cost, to the second."""

from datetime import UTC, datetime, timedelta

import pytest

from collect_launch_time.money.bill import Usage, bill

START = datetime(2026, 3, 1, tzinfo=UTC)


def usage(seconds: float, usd: float = 3600.0, *, interrupted: bool = False) -> Usage:
    return Usage(START, START + timedelta(seconds=seconds), usd, interrupted)


@pytest.mark.parametrize(("ran", "billed"), [(0.5, 60), (60, 60), (61, 61), (600.25, 600.25)])
def test_billing_is_by_the_second_and_a_minute_at_least(ran: float, billed: float) -> None:
    assert usage(ran).seconds == billed
    assert usage(ran).usd == billed


def test_an_instance_that_never_ran_costs_nothing() -> None:
    assert Usage(None, START, 3600.0, False).usd == 0


def test_an_instance_that_aws_interrupts_is_free_within_its_first_hour_only() -> None:
    assert usage(3599, interrupted=True).usd == 0
    assert usage(3600, interrupted=True).usd == 3600


def test_a_bill_counts_the_instances_that_cost_something() -> None:
    total = bill([usage(100), usage(10, interrupted=True), Usage(None, START, 1.0, False), usage(200)])
    assert (total.instances, total.seconds, total.usd) == (2, 300.0, 300.0)
