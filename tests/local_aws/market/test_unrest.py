"""How restless the market is: enough for one sample of pairs to mislead about another (benchmarks/README.md)."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import fmean, variance

import pytest

from local_aws.market.advisor import Advisor
from local_aws.market.geography import Geography
from local_aws.market.spot_market import Market

START = datetime(2026, 3, 1, tzinfo=UTC)
SIZES = ("medium", "large", "xlarge", "2xlarge", "4xlarge")
PAIRS = 48
DAYS = 20

Pair = tuple[str, str]


@pytest.fixture(scope="module")
def geography() -> Geography:
    return Geography.load()


@pytest.fixture(scope="module")
def market(geography: Geography) -> Market:
    return Market(1, geography)


@pytest.fixture(scope="module")
def offered(geography: Geography) -> list[Pair]:
    """Every (instance type, Region) pair of the usual sizes, in random order."""
    pairs = sorted(
        (name, region)
        for region in geography.regions
        if geography.is_enabled(region)
        for name in geography.offered[region]
        if name.partition(".")[2] in SIZES and geography.is_spot(name)
    )
    return random.Random(1).sample(pairs, len(pairs))


@pytest.fixture(scope="module")
def daily_changes(geography: Geography, market: Market, offered: list[Pair]) -> list[list[int]]:
    """For each of some pairs, how often its placement score changed on each day, seen every 20 minutes."""

    def changes(name: str, zone_ids: Sequence[str], day: int) -> int:
        first = START + timedelta(days=day)
        times = [first + timedelta(minutes=20 * poll) for poll in range(73)]
        scores = [market.placement_score([name], zone_ids, 10, at) for at in times]
        return sum(before != after for before, after in pairwise(scores))

    return [
        [changes(name, geography.zone_ids(region, name), day) for day in range(DAYS)]
        for name, region in offered[:PAIRS]
    ]


def test_scores_change_about_twice_a_day_in_the_mean(daily_changes: list[list[int]]) -> None:
    assert 1.5 < fmean(map(fmean, daily_changes)) < 3


def test_a_tenth_of_the_pairs_has_some_two_fifths_of_all_changes(daily_changes: list[list[int]]) -> None:
    totals = sorted(map(sum, daily_changes), reverse=True)
    assert 0.3 < sum(totals[: PAIRS // 10]) / sum(totals) < 0.5


def test_a_pair_is_calm_on_most_days_and_restless_on_few(daily_changes: list[list[int]]) -> None:
    dispersion = fmean(map(variance, daily_changes)) / fmean(map(fmean, daily_changes))
    assert 3 < dispersion < 9  # independent changes would give 1


def test_a_pairs_day_resembles_the_day_before(daily_changes: list[list[int]]) -> None:
    deviations = [[changes - fmean(of_pair) for changes in of_pair] for of_pair in daily_changes]
    products = sum(before * after for of_pair in deviations for before, after in pairwise(of_pair))
    assert 0.2 < products / sum(one**2 for of_pair in deviations for one in of_pair) < 0.5


@pytest.mark.parametrize(
    ("region", "afternoon", "night"),
    [("us-east-1", 20, 8), ("ap-northeast-1", 6, 18), ("eu-central-1", 14, 2)],
)
def test_capacity_is_scarcest_in_the_afternoon_of_its_region(
    geography: Geography, market: Market, offered: list[Pair], region: str, afternoon: int, night: int
) -> None:
    pools = [(name, zone) for name, at in offered if at == region for zone in geography.zone_ids(region, name)]

    def mean_slack(hour_utc: int) -> float:
        times = [START + timedelta(days=day, hours=hour_utc) for day in range(3)]
        return fmean(market.slack(*pool, at) for pool in pools[:150] for at in times)

    assert 0.2 < mean_slack(night) - mean_slack(afternoon) < 1.5


def test_what_the_advisor_calls_often_interrupted_is_reclaimed_more_often(
    geography: Geography, market: Market, offered: list[Pair]
) -> None:
    advisor = Advisor(1, market)
    reclaimed: dict[int, list[bool]] = {0: [], 4: []}
    for name, region in offered[:400]:
        index = advisor.interruption_index(name, region, START)
        if index in reclaimed:
            zone_id = geography.zone_ids(region, name)[0]
            reclaimed[index].append(market.next_reclaim(name, zone_id, START, START + timedelta(hours=12)) is not None)
    assert fmean(reclaimed[4]) > 2 * fmean(reclaimed[0])
    assert fmean(reclaimed[4]) > 0.1


def test_prices_rise_where_capacity_is_short(geography: Geography, market: Market, offered: list[Pair]) -> None:
    shares: dict[bool, list[float]] = {True: [], False: []}
    for name, region in offered[:300]:
        for zone_id in geography.zone_ids(region, name):
            share = market.spot_price(name, zone_id, START) / market.on_demand_price(name, region)
            shares[market.slack(name, zone_id, START) < 0].append(share)
    assert fmean(shares[False]) + 0.05 < fmean(shares[True])
    assert 0.1 <= min(map(min, shares.values())) <= max(map(max, shares.values())) <= 0.6
