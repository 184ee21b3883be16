"""What standing queries say of single pairs: the newest known score of each Region, by what was asked then."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analysis.standing.pair_standing import StandingScore, pair_standing
from data_files.market import standing_definitions, standing_scores
from data_files.market.standing_definitions import Definition
from data_files.market.standing_scores import StandingRow
from tests.analysis.advice.small_home import NOW, SmallHome, before
from tests.time_zone import in_zone

SINCE = before(hours=24)
POOL = ("m5.large", "c5.large")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallHome]:
    with in_zone("UTC"):
        yield SmallHome(tmp_path)


def define(small: SmallHome, time: datetime, name: str, types: tuple[str, ...], capacity: int = 50) -> None:
    standing_definitions.record_definitions(small.home, [Definition(time, name, types, None, capacity, "region")])


def answer(small: SmallHome, time: datetime, name: str, sps: int | None, az: str | None = None) -> None:
    row = StandingRow(time, name, "us-east-1", az, sps, "ok" if sps else "waiting")
    standing_scores.FILES.append(standing_scores.FILES.path(small.home, time.date()), [row])


def test_a_pools_score_is_told_of_each_of_its_types_in_the_region(small: SmallHome) -> None:
    define(small, before(days=2), "pool", POOL)
    answer(small, before(minutes=3), "pool", 9)
    score = StandingScore("pool", POOL, 50, None, 9, before(minutes=3))
    found = pair_standing(small.reader(), NOW, SINCE)
    assert found == {("us-east-1", "m5.large"): [score], ("us-east-1", "c5.large"): [score]}


def test_the_newest_known_score_counts_also_where_a_later_poll_had_none(small: SmallHome) -> None:
    define(small, before(days=2), "pool", POOL)
    for hours, sps in ((20, 3), (13, 5), (1, None)):
        answer(small, before(hours=hours), "pool", sps)
    (score,) = pair_standing(small.reader(), NOW, SINCE)["us-east-1", "m5.large"]
    assert (score.score, score.time) == (5, before(hours=13))


def test_of_zones_those_of_the_newest_poll_are_told_best_first(small: SmallHome) -> None:
    define(small, before(days=2), "zones", ("m5.large",))
    answer(small, before(hours=2), "zones", 10, "use1-az6")
    for az, sps in (("use1-az1", 3), ("use1-az2", 7)):
        answer(small, before(hours=1), "zones", sps, az)
    told = pair_standing(small.reader(), NOW, SINCE)["us-east-1", "m5.large"]
    assert [(score.az, score.score) for score in told] == [("use1-az2", 7), ("use1-az1", 3)]


def test_what_was_asked_at_that_time_counts(small: SmallHome) -> None:
    define(small, before(days=2), "web", ("m5.large",), 10)
    answer(small, before(hours=2), "web", 3)
    define(small, before(hours=1), "web", ("r5.large",), 20)
    (found,) = pair_standing(small.reader(), NOW, SINCE).items()
    assert found[0] == ("us-east-1", "m5.large")
    assert found[1][0].target_capacity == 10


def test_what_is_older_than_a_day_later_than_now_or_of_an_unknown_query_is_not_told(small: SmallHome) -> None:
    define(small, before(days=9), "pool", POOL)
    answer(small, before(hours=25), "pool", 9)
    answer(small, NOW + timedelta(minutes=1), "pool", 9)
    answer(small, before(hours=1), "nobody's", 9)
    assert pair_standing(small.reader(), NOW, SINCE) == {}
