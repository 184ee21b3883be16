"""The current price of each zone, whatever the order and the gaps of AWS's answer."""

from datetime import UTC, datetime, timedelta

import pytest

from collect_launch_time.money import prices as module
from collect_launch_time.money.prices import Prices

START = datetime(2026, 3, 1, tzinfo=UTC)


def current_prices(history: list[dict[str, object]]) -> Prices:
    return module.current_prices(history, "us-east-1")


def price(
    usd: str, zone: str = "us-east-1a", minutes: float = 0, instance_type: str = "m5.large", **more: str
) -> dict[str, object]:
    return {
        "SpotPrice": usd,
        "AvailabilityZone": zone,
        "InstanceType": instance_type,
        "Timestamp": START + timedelta(minutes=minutes),
        **more,
    }


def test_the_newest_price_of_each_zone_counts_whatever_their_order() -> None:
    prices = current_prices(
        [price("0.3", minutes=5), price("0.9"), price("0.2", "us-east-1b"), price("oops", "us-east-1c")]
    )
    assert prices.in_zone("m5.large", "us-east-1a") == 0.3
    assert prices.in_zone("m5.large", "us-east-1b") == 0.2
    assert prices.highest("m5.large") == 0.3


def test_an_unknown_zone_costs_the_highest_price_and_an_unknown_type_has_none() -> None:
    prices = current_prices([price("0.3"), price("0.5", "us-east-1b")])
    assert prices.in_zone("m5.large", "") == 0.5
    assert prices.highest("c5.large") is None


def test_prices_of_windows_are_ignored() -> None:
    assert current_prices([price("0.9", ProductDescription="Windows")]) == Prices({})
    assert current_prices([price("0.9", ProductDescription="Linux/UNIX (Amazon VPC)")]).highest("m5.large") == 0.9


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"AvailabilityZone": "us-east-1-bos-1a"},
        {"AvailabilityZone": "us-east-1-wl1-bos-wlz-1"},
        {"AvailabilityZone": "us-east-1-bos-1a", "AvailabilityZoneId": "use1-az9"},
        {"AvailabilityZone": "", "AvailabilityZoneId": "use1-bos1-az1"},
        {"AvailabilityZone": ""},
    ],
)
def test_prices_of_local_zones_are_ignored(elsewhere: dict[str, str]) -> None:
    prices = current_prices([price("0.05"), price("9.99") | elsewhere])
    assert prices.highest("m5.large") == 0.05


def test_a_zone_that_is_named_by_its_id_only_counts() -> None:
    assert current_prices([price("0.05", "", AvailabilityZoneId="use1-az1")]).highest("m5.large") == 0.05
