"""What share of the market's changes a planning policy sees: the product's own planning, replayed over made-up markets.

Each market has thousands of (instance type, Region) pairs whose placement scores change so many times a day. Every day
a policy plans with the scores of what it polled before; its share is that of all the market's changes of the day that
fell on polled pairs. No two days may ask more than the limit of configurations. Beside the product's plan stand that
with 10 on top and 20 sampled, a plan drawn at random, and an oracle that knows the day.

    python -m benchmarks.policy [--days 45] [--seeds 3]
"""

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
from numpy.typing import NDArray

from collect_sps_and_if.asking.offers import Offers
from collect_sps_and_if.planning.policy import History, Wishes, plan
from data_files.market.configurations import OCCUPIED, Configuration
from data_files.market.plans import SAMPLE, Query

LIMIT, CAPACITY = 50, 10
WARM_UP = 7  # days before the first that counts; the bootstrap is their mean
OF_THE_BOOTSTRAP, KNOWN_DAYS = 0.7, 30
Pair = tuple[str, str]  # Region and instance type


@dataclass(frozen=True)
class Market:
    """How often each pair changes on each day, and where types are offered."""

    pairs: list[Pair]
    changes: NDArray[np.int64]  # a row a day, a column a pair

    @property
    def offers(self) -> Offers:
        """Give the Regions of each type."""
        found: dict[str, list[str]] = {}
        for region, instance in self.pairs:
            found.setdefault(instance, []).append(region)
        return {instance: tuple(sorted(regions)) for instance, regions in found.items()}

    def day(self, number: int) -> dict[Pair, int]:
        """Give each pair's changes of a day."""
        return dict(zip(self.pairs, self.changes[number].tolist(), strict=True))


def restless_market(seed: int, days: int) -> Market:
    """Make a market with heavy tails, effects of families and Regions, and restless spells of a week.

    About two changes a pair and day; variance within a pair over its mean about 7, lag-1 correlation 0.4; the top tenth
    of the pairs has some 40 % of the changes.
    """
    rng = np.random.default_rng(seed)
    families, regions, sizes = 90, 20, 7
    family_effect = rng.normal(0, 0.6, families)
    region_effect = rng.normal(0, 0.25, regions)
    pairs, base = [], []
    for family in range(families):
        offered = rng.permutation(regions)[: rng.integers(6, regions + 1)]
        for size in range(sizes):
            for region in sorted(offered.tolist()):
                if rng.random() < 0.97:
                    pairs.append((f"eu-test-{region}", f"m{family}.size{size}"))
                    base.append(family_effect[family] + region_effect[region] + rng.normal(0, 0.5) - 0.6)
    level = np.array(base)
    state = rng.normal(0, 1.0, len(pairs))
    restless = np.zeros(len(pairs), int)
    rows = []
    for _ in range(days):
        state = 0.8 * state + rng.normal(0, 0.6, len(pairs))
        restless = np.maximum(restless - 1, np.where(rng.random(len(pairs)) < 1 / 90, 7, 0))
        rate = np.exp(level + state) * np.where(restless > 0, 6.0, 1.0)
        rows.append(rng.poisson(rate))
    return Market(pairs, np.array(rows))


@dataclass
class Replay:
    """One policy over the days of one market, held to AWS's limit."""

    market: Market
    bootstrap: Mapping[Pair, float]
    random: Random

    def run(self, days: int, make: "Policy") -> Iterator[tuple[list[Query], dict[Pair, int]]]:
        """Give each day's queries and the market's changes."""
        offers = self.market.offers
        used: dict[Configuration, datetime] = {}
        newest: dict[Pair, tuple[int, float]] = {}
        midnight = datetime(2026, 3, 1, tzinfo=UTC)
        for day in range(WARM_UP, days):
            occupied = tuple(one for one in sorted(used, key=lambda one: used[one]) if used[one] > midnight - OCCUPIED)
            worth = dict(self.bootstrap)
            worth |= {pair: score for pair, (seen, score) in newest.items() if day - seen <= KNOWN_DAYS}
            changes = self.market.day(day)
            queries = make(offers, worth, History(occupied), self.random, changes)
            asked = {query.configuration(CAPACITY) for query in queries}
            assert len(asked | set(occupied)) <= LIMIT, "a plan past the limit"
            used |= dict.fromkeys(asked, midnight + timedelta(hours=23, minutes=50))
            midnight += timedelta(days=1)
            for query in queries:
                newest |= {
                    (region, query.instance): (day, changes[region, query.instance] / 3) for region in query.regions
                }
            yield queries, changes


Policy = Callable[[Offers, Mapping[Pair, float], History, Random, Mapping[Pair, int]], list[Query]]


def product(top: int, sample: int) -> Policy:
    """Give the product's own planning with these settings."""
    wishes = Wishes(top, sample, LIMIT, CAPACITY)

    def make(
        offers: Offers, worth: Mapping[Pair, float], history: History, random: Random, _: Mapping[Pair, int]
    ) -> list[Query]:
        return plan(offers, worth, wishes, history, random)

    return make


def oracle(
    offers: Offers, _: Mapping[Pair, float], history: History, random: Random, changes: Mapping[Pair, int]
) -> list[Query]:
    """Plan with the day's changes known beforehand."""
    return plan(offers, changes, Wishes(LIMIT - 5, 0, LIMIT, CAPACITY), history, random)


POLICIES: Mapping[str, Policy] = {
    "30 on top, 10 sampled": product(30, 10),
    "10 on top, 20 sampled": product(10, 20),
    "25 at random": product(0, 25),
    "knows the day": oracle,
}


def main() -> None:
    """Replay every policy, with and without a bootstrap, and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=45)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    for with_bootstrap in (False, True):
        print("with a bootstrap" if with_bootstrap else "without a bootstrap")
        for name, policy in POLICIES.items():
            shares, seen, bias = [], [], []
            for seed in range(arguments.seeds):
                market = restless_market(seed, arguments.days)
                known = market.changes[:WARM_UP].mean(axis=0) / 3
                prior = dict(zip(market.pairs, OF_THE_BOOTSTRAP * known, strict=True)) if with_bootstrap else {}
                polled: set[Pair] = set()
                for queries, changes in Replay(market, prior, Random(seed)).run(arguments.days, policy):
                    total = sum(changes.values())
                    pairs = {(region, query.instance) for query in queries for region in query.regions}
                    polled |= pairs
                    shares.append(sum(changes[pair] for pair in pairs) / total)
                    bias.append(_estimate(queries, changes, market.offers) / total)
                seen.append(len(polled) / len(market.pairs))
            print(
                f"  {name:24} {100 * np.mean(shares):5.1f} % of the changes (±{100 * np.std(shares):.1f} a day),"
                f" {100 * np.mean(seen):3.0f} % of the pairs ever,"
                f" weighted estimate {np.mean(bias):.3f} ±{np.std(bias):.2f}"
            )


def _estimate(queries: list[Query], changes: Mapping[Pair, int], offers: Offers) -> float:
    """Estimate all changes: sample rows by 1 / probability, the others by Regions offered / asked."""
    found = 0.0
    for query in queries:
        seen = sum(changes[region, query.instance] for region in query.regions)
        weight = len(offers[query.instance]) / len(query.regions)
        found += seen / query.probability if query.origin == SAMPLE and query.probability else seen * weight
    return found


if __name__ == "__main__":
    main()
