"""The price of a pair: in its cheapest zone, the newest change of which counts."""

import gzip

import pytest

from analysis.advice.cheapest_zone import CurrentPrice, cheapest_prices
from data_files.market import spot_prices
from tests.analysis.advice.small_home import NOW, OTHER, PAIR, SmallHome, before


def price(small: SmallHome) -> CurrentPrice | None:
    return cheapest_prices(small.reader(), NOW, {PAIR}).get(PAIR)


def test_the_newest_change_of_each_zone_counts_and_the_cheapest_zone_is_told(small: SmallHome) -> None:
    small.price(before(days=40), 0.01, "euw1-az1")
    small.price(before(days=2), 0.05, "euw1-az1")
    small.price(before(days=30), 0.04, "euw1-az2")
    small.price(before(hours=1), 0.01, pair=OTHER)
    assert price(small) == CurrentPrice(0.04, before(days=30))


def test_changes_of_one_day_count_by_their_time_not_by_their_place(small: SmallHome) -> None:
    small.price(before(hours=1), 0.05)
    small.price(before(hours=3), 0.02)
    assert price(small) == CurrentPrice(0.05, before(hours=1))


def test_a_later_change_than_the_moment_asked_about_does_not_count(small: SmallHome) -> None:
    small.price(before(days=1), 0.05)
    small.price(before(hours=-1), 0.02)
    assert price(small) == CurrentPrice(0.05, before(days=1))


def test_a_price_that_holds_since_three_months_is_found(small: SmallHome) -> None:
    small.price(before(days=89), 0.05)
    small.fetched((PAIR, before(hours=1)))
    assert price(small) == CurrentPrice(0.05, before(days=89))


def test_of_a_pair_that_is_fetched_no_more_the_last_prices_are_told(small: SmallHome) -> None:
    small.price(before(days=280), 0.05)
    small.price(before(days=230), 0.06, "euw1-az2")
    small.fetched((PAIR, before(days=200)))
    assert price(small) == CurrentPrice(0.05, before(days=280))


def test_a_pair_whose_price_nobody_asked_for_has_none(small: SmallHome) -> None:
    small.price(before(days=2), 0.05, pair=OTHER)
    assert price(small) is None


@pytest.mark.parametrize("compressed", [True, False])
def test_what_a_spreadsheet_made_of_the_file_is_read(small: SmallHome, compressed: bool) -> None:
    path = spot_prices.FILES.path(small.home, NOW.date())
    path.parent.mkdir(parents=True)
    text = "region,az,instance,usd,time\r\n" + "".join(
        f"eu-west-1,{zone},m5.large,{usd},{before(hours=hours).isoformat()}\r\n"
        for zone, usd, hours in (("euw1-az1", 0.05, 2), ("euw1-az2", 0.04, 1), ("euw1-az2", "cheap", 0.5))
    )
    if compressed:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(text.encode()))
    else:
        path.write_bytes(text.encode())
    assert price(small) == CurrentPrice(0.04, before(hours=1))
