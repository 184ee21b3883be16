"""All that is known of the pairs, put together; and the same over random histories as the plain way finds."""

import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.advice.cheapest_zone import CurrentPrice
from analysis.advice.pairs import advise
from data_files.market.polled import OK, REFUSED, Pair
from tests.analysis.advice.small_home import NOW, OTHER, PAIR, SmallHome, before
from tests.time_zone import in_zone

ELSEWHERE = ("us-west-2", "m5.large")


def test_without_a_type_all_pairs_polled_of_late_are_told_with_all_that_is_known(small: SmallHome) -> None:
    small.poll(before(hours=1), 3, band=1)
    small.poll(before(days=3), 3, OTHER)
    small.list_pairs(before(days=9), (PAIR, 4, 55), (OTHER, 0, 90))
    small.list_pairs(before(days=2), (PAIR, 2, 70), (OTHER, 0, 90))
    small.price(before(days=3), 0.04)
    small.probe(before(hours=2), [100, 120])
    (found,) = advise(small.reader(), NOW)
    assert (found.region, found.instance) == PAIR
    assert found.score
    assert (found.score.score, found.score.time, found.score.target_capacity) == (3, before(hours=1), 10)
    assert (found.interruption_frequency, found.savings) == (1, 70)  # the poll is newer than the listing
    assert found.price == CurrentPrice(0.04, before(days=3))
    assert (found.readiness.probes, found.readiness.ready) == (1, 2)


def test_a_newer_listing_goes_before_what_an_older_poll_knew(small: SmallHome) -> None:
    small.poll(before(hours=3), 3, band=1)
    small.list_pairs(before(hours=2), (PAIR, 2, 70))
    small.list_pairs(before(hours=-1), (PAIR, 4, 10))
    (found,) = advise(small.reader(), NOW)
    assert (found.interruption_frequency, found.savings) == (2, 70)


def test_of_a_type_every_pair_is_told_of_which_anything_is_known(small: SmallHome) -> None:
    small.poll(before(hours=1), 3, OTHER)
    small.poll(before(days=30), 2)
    small.probe(before(days=2), [100], ELSEWHERE)
    small.list_pairs(before(days=2), (("us-east-1", "m5.large"), 1, 70), (("ap-south-1", "m5.large"), 0, 70))
    found = advise(small.reader(), NOW, ["m5.large"])
    # ap-south-1 was never polled for anything: perhaps the account has no access to it.
    assert [pair.region for pair in found] == ["eu-west-1", "us-east-1", "us-west-2"]


def test_regions_that_are_asked_for_are_the_only_ones(small: SmallHome) -> None:
    small.poll(before(hours=1), 3)
    small.poll(before(hours=1), 3, OTHER)
    small.list_pairs(before(days=2), (("ap-south-1", "m5.large"), 0, 70))
    assert [pair.region for pair in advise(small.reader(), NOW, regions=["us-east-1"])] == ["us-east-1"]
    found = advise(small.reader(), NOW, ["m5.large"], ["ap-south-1"])
    assert [(pair.region, pair.score) for pair in found] == [("ap-south-1", None)]


def test_with_nothing_collected_there_is_no_advice(small: SmallHome) -> None:
    assert advise(small.reader(), NOW) == []
    assert advise(small.reader(), NOW, ["m5.large"]) == []


Looked = tuple[int, Pair, int | None]  # minutes before now, pair, score
Priced = tuple[int, Pair, str, int]  # minutes before now, pair, zone, ten-thousandths of a dollar

a_few = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
pairs = st.sampled_from([PAIR, OTHER, ELSEWHERE])
minutes = st.one_of(st.integers(-60, 26 * 60), st.integers(0, 20 * 24 * 60))
zones = st.sampled_from(["az1", "az2"])


@a_few
@given(
    looks=st.lists(st.tuples(minutes, pairs, st.one_of(st.none(), st.integers(1, 3))), max_size=30),
    changes=st.lists(st.tuples(minutes, pairs, zones, st.integers(1, 9)), max_size=30),
    scored=st.sets(st.integers(0, 20)),
)
def test_over_random_histories_newest_scores_and_prices_are_what_the_plain_way_finds(
    tmp_path: Path, looks: Sequence[Looked], changes: Sequence[Priced], scored: set[int]
) -> None:
    small = SmallHome(Path(tempfile.mkdtemp(dir=tmp_path)))
    with in_zone("UTC"):
        for ago, pair, score in sorted(looks, key=lambda look: -look[0]):
            small.poll(before(minutes=ago), score, pair, outcome=OK if score else REFUSED)
        for ago, pair, zone, usd in sorted(changes, key=lambda change: -change[0]):
            small.price(before(minutes=ago), usd / 1e4, zone, pair)
        for days in scored:
            day = (NOW - timedelta(days=days)).date()
            if polled_then := {pair for ago, pair, _ in looks if before(minutes=ago).date() == day}:
                small.score(day, *polled_then)
        late = {pair for ago, pair, _ in looks if 0 <= ago < 24 * 60}
        _compare(small, [], late, looks, changes)
        _compare(small, ["m5.large"], {pair for ago, pair, _ in looks if ago >= 0} - {OTHER}, looks, changes)


def _compare(
    small: SmallHome, types: Sequence[str], expected: set[Pair], looks: Sequence[Looked], changes: Sequence[Priced]
) -> None:
    found = advise(small.reader(), NOW, types)
    assert {(pair.region, pair.instance) for pair in found} == expected
    for advice in found:
        pair = advice.region, advice.instance
        score = advice.score and (advice.score.time, advice.score.score)
        assert score == _newest_score(pair, looks)
        assert (advice.price and advice.price.usd) == _cheapest(pair, changes)


def _newest_score(pair: Pair, looks: Sequence[Looked]) -> tuple[datetime, int] | None:
    by_time: dict[int, int | None] = {ago: score for ago, of, score in looks if of == pair and ago >= 0}
    known = [(ago, score) for ago, score in by_time.items() if score]
    return (before(minutes=min(known)[0]), min(known)[1]) if known else None


def _cheapest(pair: Pair, changes: Sequence[Priced]) -> float | None:
    newest: dict[str, tuple[int, int]] = {}
    for ago, of, zone, usd in changes:
        if of == pair and ago >= 0 and (zone not in newest or ago <= newest[zone][0]):
            newest[zone] = ago, usd
    return min((usd / 1e4 for _, usd in newest.values()), default=None)
