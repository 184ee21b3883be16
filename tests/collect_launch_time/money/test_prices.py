"""The current price of each zone, whatever the order and the gaps of AWS's answer."""

from datetime import UTC, datetime, timedelta

from collect_launch_time.money.prices import Prices, current_prices

START = datetime(2026, 3, 1, tzinfo=UTC)


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
