"""The market: reproducible, plausible, and correlated in what it shows."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from local_aws.market.advisor import Advisor
from local_aws.market.geography import Geography
from local_aws.market.spot_market import Market

START = datetime(2026, 3, 1, tzinfo=UTC)
SIZES = ("large", "xlarge", "2xlarge", "4xlarge")


@pytest.fixture(scope="module")
def geography() -> Geography:
    return Geography.load()


@pytest.fixture(scope="module")
def market(geography: Geography) -> Market:
    return Market(1, geography)


@pytest.fixture(scope="module")
def pairs(geography: Geography) -> list[tuple[str, str]]:
    """A hundred (instance type, Region) pairs of common sizes."""
    offered = sorted(
        (name, region)
        for region in geography.regions
        if geography.is_enabled(region)
        for name in geography.offered[region]
        if name.partition(".")[2] in SIZES and geography.is_spot(name)
    )
    return random.Random(1).sample(offered, 100)


def score(market: Market, geography: Geography, instance_type: str, region: str, at: datetime) -> int:
    return market.placement_score([instance_type], geography.zone_ids(region), 10, at)


def test_the_same_seed_is_the_same_market_in_whatever_order_one_asks(geography: Geography) -> None:
    times = [START + timedelta(minutes=37 * step) for step in range(50)]

    def observed(market: Market, times: list[datetime]) -> dict[datetime, object]:
        return {
            at: (
                score(market, geography, "m5.large", "us-east-1", at),
                market.free_capacity("m5.large", "use1-az1", at),
                market.spot_price("m5.large", "use1-az1", at),
            )
            for at in times
        }

    assert observed(Market(1, geography), times) == observed(Market(1, geography), times[::-1])
    assert observed(Market(1, geography), times) != observed(Market(2, geography), times)


def test_scores_are_mostly_low(geography: Geography, market: Market, pairs: list[tuple[str, str]]) -> None:
    all_scores = [
        score(market, geography, name, region, START + timedelta(hours=hours))
        for name, region in pairs
        for hours in range(24)
    ]
    assert {1, 2, 3, 4, 5} <= set(all_scores) <= set(range(1, 11))
    assert sum(score <= 3 for score in all_scores) > len(all_scores) / 2


def test_a_higher_score_means_that_a_launch_is_likelier(
    geography: Geography, market: Market, pairs: list[tuple[str, str]]
) -> None:
    launches: dict[int, list[bool]] = defaultdict(list)
    for name, region in pairs:
        for hours in range(0, 72, 5):
            at = START + timedelta(hours=hours)
            capacity = sum(market.free_capacity(name, zone_id, at) for zone_id in geography.zone_ids(region))
            launches[score(market, geography, name, region, at)].append(capacity >= 10)
    worst, poor, fair = (sum(launches[low]) / len(launches[low]) for low in (1, 2, 3))
    assert worst < 0.4 < 0.6 < poor < fair
    assert fair > 0.95


def test_scarce_pools_are_slow_refuse_and_interrupt(
    geography: Geography, market: Market, pairs: list[tuple[str, str]]
) -> None:
    pools = sorted(
        (market.slack(name, zone, START), name, zone)
        for name, region in pairs
        for zone in geography.zone_ids(region, name)
    )
    scarce, plenty = (market.launch_outlook(name, zone, START) for _, name, zone in (pools[0], pools[-1]))
    assert [market.free_capacity(name, zone, START) > 0 for _, name, zone in (pools[0], pools[-1])] == [False, True]
    assert scarce.fulfilment_seconds > plenty.fulfilment_seconds
    assert scarce.refusal_probability > plenty.refusal_probability
    assert scarce.interruptions_per_hour > plenty.interruptions_per_hour


def test_the_instances_of_a_pool_are_reclaimed_when_its_capacity_runs_out(
    geography: Geography, market: Market, pairs: list[tuple[str, str]]
) -> None:
    found = 0
    for name, region in pairs:
        for zone_id in geography.zone_ids(region, name):
            at = market.next_reclaim(name, zone_id, START, START + timedelta(hours=12))
            if at is not None:
                found += 1
                assert market.free_capacity(name, zone_id, at) == 0
                assert market.free_capacity(name, zone_id, at - timedelta(minutes=5)) > 0
                assert START <= at <= START + timedelta(hours=12)
    assert found > 20


def test_prices_are_a_share_of_on_demand_and_constant_for_hours(
    geography: Geography, market: Market, pairs: list[tuple[str, str]]
) -> None:
    for name, region in pairs:
        zone_id = geography.zone_ids(region, name)[0]
        since = market.priced_since(name, zone_id, START)
        price = market.spot_price(name, zone_id, START)
        assert since <= START
        assert market.priced_since(name, zone_id, since) == since
        assert market.spot_price(name, zone_id, since) == price
        assert START - market.priced_since(name, zone_id, since - timedelta(seconds=1)) >= timedelta(hours=4)
        assert 0.099 <= price / market.on_demand_price(name, region) <= 0.601


def test_a_type_that_is_not_offered_or_not_as_spot_has_no_capacity(market: Market) -> None:
    assert market.free_capacity("p5.48xlarge", "euw3-az1", START) == 0
    assert market.free_capacity("mac2.metal", "use1-az1", START) == 0


def test_the_advisor_is_published_every_few_weeks_and_some_indexes_change(
    geography: Geography, market: Market, pairs: list[tuple[str, str]]
) -> None:
    advisor = Advisor(1, market)
    published = [advisor.published_at(START)]
    while len(published) < 20:
        published.append(advisor.published_at(published[-1] - timedelta(seconds=1)))
    gaps = [later - earlier for later, earlier in pairwise(published)]
    assert all(timedelta(days=3) < gap < timedelta(days=40) for gap in gaps)
    now, before = (
        [advisor.interruption_index(name, region, at) for name, region in pairs] for at in (START, published[1])
    )
    assert now == [advisor.interruption_index(name, region, published[0]) for name, region in pairs]
    assert 0.05 < sum(one != other for one, other in zip(now, before, strict=True)) / len(pairs) < 0.5
    assert set(now) == {0, 1, 2, 3, 4}
