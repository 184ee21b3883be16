"""The benchmark of planning policies: its markets are what they say, its limit is AWS's, its estimates are right."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from benchmarks.policy import __main__ as program
from benchmarks.policy.bootstraps import noise_of, right_one
from benchmarks.policy.figures import estimate, figures
from benchmarks.policy.local_market import local_market
from benchmarks.policy.markets import Market, restless_market
from benchmarks.policy.replay import LIMIT, WARM_UP, Day, Policy, TooMany, knowing, replay
from benchmarks.sampling_designs.observed_market import ObservedMarket
from collect_sps_and_if.asking.offers import Offers
from collect_sps_and_if.planning.policy import History, PlanSettings, Worth, plan
from data_files.market.plans import SAMPLE, TOP, Query

FIRST = date(2026, 3, 1)
DAYS = 6


@pytest.fixture(scope="module")
def market() -> Market:
    return restless_market(1, WARM_UP + DAYS)


def test_the_local_markets_changes_are_those_of_its_own_placement_scores() -> None:
    observed = ObservedMarket(1)
    pairs = Random(3).sample(observed.pairs, 12)
    counted = local_market(1, FIRST, 2, pairs)

    def changes(pair: tuple[str, str], day: int) -> int:
        start = datetime(FIRST.year, FIRST.month, FIRST.day + day, tzinfo=UTC)
        scores = [observed.score(pair, start + timedelta(minutes=10 * poll)) for poll in range(144)]
        return sum(before != after for before, after in pairwise(scores))

    assert counted.changes.T.tolist() == [[changes(pair, day) for day in range(2)] for pair in pairs]
    assert counted.changes.sum() > 3


def test_the_made_up_market_has_heavy_tails_and_days_like_the_day_before() -> None:
    changes = restless_market(2, 60).changes.astype(float)
    totals = np.sort(changes.sum(axis=0))[::-1]
    assert totals[: len(totals) // 10].sum() / totals.sum() > 0.4
    deviations = changes - changes.mean(axis=0)
    assert 0.3 < (deviations[:-1] * deviations[1:]).sum() / (deviations**2).sum() < 0.7
    assert 1.5 < changes.mean() < 2.5


def test_plans_see_more_the_more_they_know(market: Market) -> None:
    def share(policy: Policy, bootstrap: bool = False) -> float:
        days = list(replay(market, policy, right_one(market) if bootstrap else [], Random(1)))
        assert len(days) == DAYS
        return float(figures(days).shares.mean())

    at_random, with_bootstrap = share(Policy(0, 25)), share(Policy(30, 10), bootstrap=True)
    assert 2 * at_random < with_bootstrap < share(Policy(LIMIT - 10, 0, knowing(market)))


def test_a_bootstrap_of_noise_has_the_same_figures_for_other_pairs(market: Market) -> None:
    right = right_one(market)
    noise = noise_of(right, Random(1))
    assert sorted(row.score for row in noise) == sorted(row.score for row in right)
    correlation = np.corrcoef([row.score for row in noise], [row.score for row in right])[0, 1]
    assert abs(correlation) < 0.05


def test_a_plan_past_the_limit_of_any_24_hours_ends_the_replay(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(offers: Offers, worth: Worth, settings: PlanSettings, _: History, random: Random) -> list[Query]:
        return plan(offers, worth, settings, History(), random)

    monkeypatch.setattr("benchmarks.policy.replay.plan", forgetful)
    with pytest.raises(TooMany, match="AWS allows 50"):
        list(replay(market, Policy(10, 30), [], Random(1)))


def test_each_row_counts_by_one_over_its_probability() -> None:
    queries = [
        Query("a.large", ("eu-1", "eu-2"), TOP, 1.0),
        Query("b.large", ("eu-1",), SAMPLE, 0.25),
        Query("c.large", ("eu-1",), SAMPLE, 0.5),
    ]
    changes = {("eu-1", "a.large"): 5, ("eu-2", "a.large"): 1, ("eu-1", "b.large"): 2, ("eu-1", "c.large"): 0}
    assert estimate(Day(queries, changes)) == 6 + 4 * 2


def test_a_small_run_prints_a_line_a_policy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "MARKETS", {"a small one": restless_market})
    monkeypatch.setattr("sys.argv", ["policy", "--days", "4", "--seeds", "1"])
    assert program.main() in (0, 1)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("a small one: 1 × 4 days")
    assert [line[2:42].strip() for line in printed[2:-1]] == [*(one.name for one in program.POLICIES), program.ORACLE]
