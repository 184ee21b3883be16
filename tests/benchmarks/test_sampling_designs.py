"""The benchmark of sampling designs: what it compares is fair, and its probes are recorded as the product records."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest

import configs
from benchmarks.sampling_designs.designs import former_probes, judged_on, runs_of
from benchmarks.sampling_designs.judging import chance_of
from benchmarks.sampling_designs.observed_market import ObservedMarket
from benchmarks.sampling_designs.probing import Asked, ready_shares, record
from data_files.launches import instances, probes
from data_files.market import plans, scores
from data_files.market.plans import Query
from data_files.market.scores import Score

DAY = date(2026, 3, 2)
REGIONS = ("eu-west-1", "us-east-1", "us-west-2")
PLAN = [Query("m5.large", REGIONS, plans.TOP, 1.0), Query("c5.large", REGIONS, plans.SAMPLE, 0.1)]
SCORES = [Score(region, name, 0, 0, worth) for worth, name in ((2, "m5.large"), (1, "c5.large")) for region in REGIONS]
OFFERS = {"m5.large": REGIONS, "c5.large": REGIONS}


@pytest.fixture(scope="module")
def observed() -> ObservedMarket:
    return ObservedMarket(1)


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    """A HOME with the day's plan and the score of the day before."""
    plans.write_plan(tmp_path, DAY, PLAN)
    scores.FILES.replace(scores.FILES.path(tmp_path, DAY - timedelta(days=1)), SCORES)
    return tmp_path


def test_all_designs_have_as_many_probes_spread_over_the_whole_day(planned: Path) -> None:
    runs = list(runs_of(planned, DAY, 16, OFFERS, Random(1)))
    for drawn in range(4):
        asked = [asked for run in runs for asked in run.mixed(drawn)]
        assert len({each.key for each in asked}) == 48
        assert Counter(each.at.hour // 6 for each in asked) == dict.fromkeys(range(4), 12)


def test_designs_take_from_the_top_and_draw_from_the_sample(planned: Path) -> None:
    runs = list(runs_of(planned, DAY, 60, OFFERS, Random(1)))
    assert {asked.pair[1] for run in runs for asked in run.mixed(0)} == {"m5.large"}
    for run in runs:
        assert [asked.origin for asked in run.mixed(1)] == [probes.TOP, probes.TOP, probes.SAMPLE]
    drawn = [asked for run in runs for asked in run.mixed(1)[2:]]
    assert {(asked.pair[1], asked.probability) for asked in drawn} == {("c5.large", 1 / 3)}
    assert {asked.pair[0] for asked in drawn} == set(REGIONS)
    # All three have the same score: none is preferred.
    assert {asked.pair[0] for run in runs for asked in run.mixed(2)[:1]} == set(REGIONS)


def test_formerly_one_top_was_probed_from_midnight_on_whether_or_not_it_was_polled(tmp_path: Path) -> None:
    scores.FILES.replace(scores.FILES.path(tmp_path, DAY - timedelta(days=1)), SCORES)
    asked = former_probes(tmp_path, DAY, 16, Random(1))
    assert Counter(each.pair for each in asked) == {(region, "m5.large"): 16 for region in REGIONS}
    assert {each.at.hour for each in asked} == set(range(6))


def test_what_is_judged_on_is_drawn_from_all_that_is_offered(observed: ObservedMarket) -> None:
    asked = judged_on(DAY, 500, observed.pairs, Random(1))
    assert len({each.pair for each in asked}) == 500
    assert len({each.pair[0] for each in asked}) > 15


def test_a_recorded_probe_says_in_each_file_the_same(observed: ObservedMarket) -> None:
    ended = Counter[str | None]()
    for number, asked in enumerate(judged_on(DAY, 40, observed.pairs, Random(2))):
        recorded = record(observed, asked, number)
        last = recorded.looks[-1]
        ended[recorded.probe.ended] += 1
        assert recorded.probe.end_time == last.current_time
        assert (last.ready_instances == configs.INSTANCE_COUNT) == (recorded.probe.ended == probes.ALL_READY)
        assert sum(row.outcome == instances.READY for row in recorded.instances) == last.ready_instances
        assert sum(row.fulfilled_time is not None for row in recorded.instances) == last.fulfilled_instances
        for row in recorded.instances:
            if row.ready_time and row.not_ready_time and row.aws_launch_time:
                assert row.aws_launch_time < row.not_ready_time < row.ready_time <= last.current_time
                assert row.ready_time - row.not_ready_time == timedelta(seconds=configs.STATUS_INTERVAL)
    assert ended[probes.ALL_READY]
    assert ended[probes.TIMED_OUT]


def test_the_same_probe_comes_out_the_same(observed: ObservedMarket) -> None:
    asked = Asked(datetime(2026, 3, 2, 12, tzinfo=UTC), ("us-east-1", "m5.large"), probes.TOP, 1.0)
    assert record(observed, asked, 1) == record(observed, asked, 1)
    assert record(observed, asked, 1) != record(observed, asked, 2)


def test_the_ready_shares_of_a_launch_are_those_that_its_record_shows(observed: ObservedMarket) -> None:
    for number, asked in enumerate(judged_on(DAY, 10, observed.pairs, Random(3))):
        last = record(observed, asked, number).looks[-1]
        assert last.ready_instances is not None
        seconds = [0.0, (last.current_time - asked.at).total_seconds()]
        assert ready_shares(observed, asked, number, seconds) == [0, last.ready_instances / configs.INSTANCE_COUNT]


def test_no_forecast_can_be_better_than_the_markets_own_chance(observed: ObservedMarket) -> None:
    asked = judged_on(DAY, 20, observed.pairs, Random(4))
    seconds = [15.0 * step for step in range(1, 41)]
    launches = np.array([[ready_shares(observed, one, seed, seconds) for one in asked] for seed in range(8)])
    known_chances = launches[:4].mean(axis=0)
    assert 0 < chance_of(observed, asked) < 1.5 * ((launches[4:] - known_chances) ** 2).mean()
