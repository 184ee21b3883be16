"""Prices, budget and bill: no start that could pass the limit, and what was spent to the second."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_launch_time.bill import Usage, bill
from collect_launch_time.budget import END_SECONDS, Budget, most_it_costs, spent
from collect_launch_time.prices import Prices, current

START = datetime(2026, 3, 1, tzinfo=UTC)


def usage(seconds: float, usd: float = 3600.0, *, interrupted: bool = False) -> Usage:
    return Usage(START, START + timedelta(seconds=seconds), usd, interrupted)


@pytest.mark.parametrize(("ran", "billed"), [(0.5, 60), (60, 60), (61, 61), (600.25, 600.25)])
def test_billing_is_by_the_second_and_a_minute_at_least(ran: float, billed: float) -> None:
    assert usage(ran).seconds == billed
    assert usage(ran).usd == billed


def test_an_instance_that_never_ran_costs_nothing() -> None:
    assert Usage(None, START, 3600.0, False).usd == 0


def test_what_aws_interrupts_is_free_within_its_first_hour_only() -> None:
    assert usage(3599, interrupted=True).usd == 0
    assert usage(3600, interrupted=True).usd == 3600


def test_a_bill_counts_those_that_cost_something() -> None:
    total = bill([usage(100), usage(10, interrupted=True), Usage(None, START, 1.0, False), usage(200)])
    assert (total.instances, total.seconds, total.usd) == (2, 300.0, 300.0)


def test_the_most_a_probe_costs_reckons_with_its_end() -> None:
    assert most_it_costs(10, 0.36, 600) == pytest.approx(10 * 0.36 * (600 + END_SECONDS) / 3600)


@given(st.floats(0, 100), st.lists(st.floats(0, 50)))
def test_whatever_is_taken_the_limit_is_never_passed(limit: float, wishes: list[float]) -> None:
    budget = Budget(limit)
    taken = [usd for usd in wishes if budget.take(usd)]
    assert sum(taken) <= limit * (1 + 1e-9)
    assert budget.taken <= limit


def test_spending_adds_up_and_a_cell_that_makes_no_sense_is_passed_over() -> None:
    assert spent([{"usd": "0.25"}, {"usd": ""}, {"usd": "much"}, {}, {"usd": "1.5"}]) == 1.75


def price(
    usd: str, zone: str = "us-east-1a", minutes: float = 0, kind: str = "m5.large", **more: str
) -> dict[str, object]:
    return {
        "SpotPrice": usd,
        "AvailabilityZone": zone,
        "InstanceType": kind,
        "Timestamp": START + timedelta(minutes=minutes),
        **more,
    }


def test_of_each_zone_the_newest_price_counts_in_whatever_order_they_come() -> None:
    prices = current([price("0.3", minutes=5), price("0.9"), price("0.2", "us-east-1b"), price("oops", "us-east-1c")])
    assert prices.in_zone("m5.large", "us-east-1a") == 0.3
    assert prices.in_zone("m5.large", "us-east-1b") == 0.2
    assert prices.highest("m5.large") == 0.3


def test_an_unknown_zone_is_reckoned_at_the_highest_price_and_an_unknown_type_at_none() -> None:
    prices = current([price("0.3"), price("0.5", "us-east-1b")])
    assert prices.in_zone("m5.large", "") == 0.5
    assert prices.highest("c5.large") is None


def test_windows_is_another_product() -> None:
    assert current([price("0.9", ProductDescription="Windows")]) == Prices({})
    assert current([price("0.9", ProductDescription="Linux/UNIX (Amazon VPC)")]).highest("m5.large") == 0.9
