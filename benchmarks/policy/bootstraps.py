"""Bootstraps of a market: one that is right, and one that is worthless."""

from collections.abc import Sequence
from random import Random

from benchmarks.policy.markets import Market
from benchmarks.policy.replay import WARM_UP
from collect_sps_and_if.scoring import scored
from data_files.market.scores import Score


def right_one(market: Market) -> list[Score]:
    """Give the scores of a bootstrap that is right: the means of the days before the first."""
    means = market.changes[:WARM_UP].mean(axis=0)
    return [scored(*pair, mean, 0) for pair, mean in zip(market.pairs, means.tolist(), strict=True)]


def noise_of(bootstrap: Sequence[Score], random: Random) -> list[Score]:
    """Give the same scores to other pairs, drawn at random: a bootstrap that is worthless."""
    values = random.sample([row.score for row in bootstrap], len(bootstrap))
    return [row._replace(score=value) for row, value in zip(bootstrap, values, strict=True)]
