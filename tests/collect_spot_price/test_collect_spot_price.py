"""The whole program against a scripted history: every change once, whatever is killed, repeated or asked twice."""

import csv
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data_files.launches import probes
from data_files.launches.probes import EndedProbe
from data_files.market import plans
from tests.collect_spot_price.price_server import Price, PriceServer, serving, zone_id
from tests.program import Ended, Fork, dies_at_disk_step, run

pytestmark = pytest.mark.whole_run

NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)  # the day on which Europe's clocks go forward
TYPES = ("m5.large", "c5.xlarge")
REGIONS = ("eu-west-1", "us-east-1")
KILLS = int(os.environ.get("KILLS", "12"))


@pytest.fixture
def aws() -> Iterator[PriceServer]:
    with serving(NOW) as server:
        yield server


class Prices:
    """Runs of the program under one HOME, against one endpoint."""

    def __init__(self, aws: PriceServer, home: Path) -> None:
        self.aws, self.home = aws, home
        self.environment = {"SPOT_HOME": str(home), "TZ": "Europe/Berlin", **aws.environment}

    def fork(self, before: Callable[[], None] = lambda: None) -> Fork:
        environment = {**self.environment, "SPOT_NOW": self.aws.now.isoformat()}
        return Fork("collect_spot_price", environment=environment, before=before)

    def collect(self) -> Ended:
        return self.fork().end()

    def later(self, hours: float) -> None:
        self.aws.now += timedelta(hours=hours)
        self.plan()

    def plan(self) -> None:
        plans.write_plan(self.home, self.aws.now.date(), [plans.Query(name, REGIONS, "top", 1.0) for name in TYPES])

    def stored(self) -> Counter[Price]:
        found = Counter[Price]()
        letters = {zone_id(region, zone): zone for region in REGIONS for zone in "abc"}
        for path in (self.home / "collect_spot_price" / "data").glob("????-??-??.csv"):
            with path.open() as file:
                for row in csv.DictReader(file):
                    moment = datetime.fromisoformat(row["time"])
                    assert moment.date().isoformat() == path.stem, "a file's date is the local one of its rows"
                    usd = f"{float(row['usd']):.4f}"
                    found[Price(moment.astimezone(UTC), row["region"], letters[row["az"]], row["instance"], usd)] += 1
        return found

    def is_true(self) -> bool:
        return self.stored() == Counter(self.aws.truth())


@pytest.fixture
def prices(aws: PriceServer, tmp_path: Path) -> Prices:
    found = Prices(aws, tmp_path)
    found.plan()
    return found


def history(seed: int, days: float, until: datetime = NOW) -> list[Price]:
    """Make a history of all pools: changes some hours apart, prices listed anew, equal times in several pools."""
    rng = random.Random(seed)
    found = []
    for region in REGIONS:
        for zone in "abc":
            for instance in TYPES:
                moment, usd = until - timedelta(days=days) + timedelta(hours=rng.randrange(48)), rng.randrange(100, 200)
                while moment < until + timedelta(days=3):
                    found.append(Price(moment, region, zone, instance, f"{usd / 10_000:.4f}"))
                    usd += rng.choice((-3, 0, 2, 5))
                    moment += timedelta(hours=rng.choice((3, 7, 20)), minutes=rng.choice((0, 0, 30)))
    return found


@pytest.mark.parametrize("page_size", [1, 7, 1000])
@pytest.mark.parametrize("repeats_at_borders", [False, True])
def test_every_change_is_there_once_whatever_the_pages(
    prices: Prices, page_size: int, repeats_at_borders: bool
) -> None:
    prices.aws.history = history(1, days=10 if page_size == 1 else 80)
    prices.aws.page_size, prices.aws.repeats_at_borders = page_size, repeats_at_borders
    assert prices.collect() == Ended(0, "", "")
    assert prices.is_true()


@pytest.mark.parametrize("tells_price_in_force", [False, True])
def test_hourly_runs_add_what_changed_since_and_nothing_twice(prices: Prices, tells_price_in_force: bool) -> None:
    prices.aws.history, prices.aws.tells_price_in_force = history(2, days=5), tells_price_in_force
    for hours in (1, 0, 5, 1, 30, 0.1):
        assert prices.collect().code == 0
        assert prices.is_true()
        prices.later(hours)


def test_two_prices_at_one_time_at_a_border_of_pages_are_both_kept(prices: Prices) -> None:
    moments = [NOW - timedelta(hours=hours) for hours in (9, 8, 8, 7)]
    prices.aws.history = [
        Price(moment, "us-east-1", "a", "m5.large", usd)
        for moment, usd in zip(moments, ("0.0100", "0.0200", "0.0300", "0.0400"), strict=True)
    ]
    prices.aws.page_size = 2
    for _ in range(2):
        assert prices.collect().code == 0
        assert prices.is_true()


def test_a_price_that_has_not_changed_for_long_is_known_from_the_first_run_on(prices: Prices) -> None:
    prices.aws.history = [Price(NOW - timedelta(days=200), "us-east-1", "a", "m5.large", "0.0100")]
    assert prices.collect().code == 0
    assert prices.is_true()


def test_pairs_of_yesterdays_probes_are_asked_for_too(prices: Prices) -> None:
    requested = (NOW - timedelta(days=1)).astimezone()
    probe = EndedProbe(requested, "ap-south-1", "t3.micro", 1, None, None, None, None, None, None, None)
    probes.FILES.append(probes.FILES.path(prices.home, requested.date()), [probe])
    assert prices.collect().code == 0
    assert {region for region, _ in prices.aws.calls} == {*REGIONS, "ap-south-1"}


def test_needs_no_other_action_where_prices_name_zone_ids_and_asks_for_them_where_not(prices: Prices) -> None:
    prices.aws.history = history(3, days=3)
    assert prices.collect().code == 0
    assert {action for _, action in prices.aws.calls} == {"DescribeSpotPriceHistory"}
    prices.aws.names_zone_ids = False
    prices.later(24)
    assert prices.collect().code == 0
    assert prices.is_true()


def test_a_region_that_fails_is_named_and_caught_up_later(prices: Prices) -> None:
    prices.aws.history = history(4, days=3)
    prices.aws.broken_regions = frozenset({"us-east-1"})
    ended = prices.collect()
    assert ended.code == 1
    assert ended.stderr.count("\n") == 1
    assert "no spot prices from 1 of 2 Regions (us-east-1)" in ended.stderr
    assert {price.region for price in prices.stored()} == {"eu-west-1"}
    prices.aws.broken_regions = frozenset()
    prices.later(2)
    assert prices.collect() == Ended(0, "", "")
    assert prices.is_true()


def test_a_type_that_aws_does_not_take_costs_itself_only(prices: Prices) -> None:
    prices.aws.history, prices.aws.refused_types = history(5, days=3), frozenset({"m5.large"})
    assert prices.collect() == Ended(0, "", "")
    assert prices.stored() == Counter(price for price in prices.aws.truth() if price.instance != "m5.large")
    prices.aws.refused_types = frozenset()
    assert prices.collect().code == 0
    assert prices.is_true()


def test_a_missing_permission_is_one_line_and_refused(prices: Prices) -> None:
    prices.aws.denied = True
    ended = prices.collect()
    assert ended.code == 2
    assert ended.stderr.count("\n") == 1
    assert "ec2:DescribeSpotPriceHistory" in ended.stderr


def test_without_a_plan_and_a_probe_there_is_nothing_to_do(aws: PriceServer, tmp_path: Path) -> None:
    environment = {"SPOT_HOME": str(tmp_path), **aws.environment}
    assert run("collect_spot_price", environment=environment) == Ended(0, "", "")
    assert aws.calls == []


def test_a_lost_or_damaged_note_of_what_was_fetched_costs_a_longer_answer_only(prices: Prices) -> None:
    prices.aws.history = history(6, days=20)
    assert prices.collect().code == 0
    fetched = prices.home / "collect_spot_price" / "data" / "fetched.csv"
    fetched.write_text("region,instance,fetched_until\nnonsense\n")
    prices.later(3)
    assert prices.collect().code == 0
    fetched.unlink()
    assert prices.collect().code == 0
    assert prices.is_true()


def test_killed_at_any_step_to_the_disk_no_change_is_lost_or_doubled(prices: Prices) -> None:
    prices.aws.history = history(7, days=3)
    rng = random.Random(7)
    killed = 0
    for _ in range(KILLS):
        killed += prices.fork(dies_at_disk_step(rng.randrange(1, 30))).end().code < 0
        if rng.random() < 0.2:
            prices.later(rng.choice((0.5, 3)))
    assert killed > KILLS / 4
    assert prices.collect().code == 0
    assert prices.is_true()
