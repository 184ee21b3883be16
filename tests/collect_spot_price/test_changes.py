"""Which of AWS's prices are changes: pure."""

from datetime import UTC, datetime, timedelta

from collect_spot_price.changes import changes
from data_files.market.spot_prices import PriceChange

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def price(minutes: int, usd: float, az: str = "use1-az1") -> PriceChange:
    return PriceChange(NOON + timedelta(minutes=minutes), "us-east-1", az, "m5.large", usd)


def nothing_stored(_: PriceChange) -> None:
    return None


def test_the_first_known_price_is_a_change_and_a_price_listed_anew_is_none() -> None:
    points = [price(0, 0.5), price(10, 0.5), price(20, 0.6), price(30, 0.6), price(40, 0.5)]
    assert list(changes(points, None, nothing_stored)) == [points[0], points[2], points[4]]


def test_zones_are_series_of_their_own() -> None:
    points = [price(0, 0.5), price(1, 0.7, "use1-az2"), price(2, 0.5), price(3, 0.5, "use1-az2")]
    assert list(changes(points, None, nothing_stored)) == [points[0], points[1], points[3]]


def test_what_is_complete_already_only_tells_the_price_in_force() -> None:
    points = [price(-600, 0.5), price(10, 0.5), price(20, 0.6)]
    assert list(changes(points, NOON, nothing_stored)) == [points[2]]


def test_where_aws_does_not_tell_the_price_in_force_the_files_do() -> None:
    points = [price(10, 0.5), price(20, 0.6)]
    assert list(changes(points, NOON, lambda _: 0.5)) == [points[1]]


def test_two_prices_at_one_time_are_both_changes() -> None:
    points = [price(0, 0.5), price(10, 0.6), price(10, 0.7)]
    assert list(changes(points, None, nothing_stored)) == points
