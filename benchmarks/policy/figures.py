"""What replays come to: the share of changes seen, the pairs seen, and how far the weighted estimates are off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.policy.replay import Day
from data_files.market.plans import SAMPLE
from data_files.market.polled import Pair

BREADTH_DAYS = 30


@dataclass(frozen=True)
class Figures:
    """Figures of a replay, or of several; those of single days as arrays."""

    shares: NDArray[np.float64]  # of all the market's changes, those of polled pairs
    breadth: float  # of all pairs, those polled on at least one of the last 30 days
    samples: NDArray[np.float64]  # queries drawn
    estimates: NDArray[np.float64]  # of all changes, over the truth
    by_sample_alone: NDArray[np.float64]  # the same, if the sample's rows are taken to speak for all

    @property
    def bias_error(self) -> float:
        """Give the standard error of the estimates' mean, days taken for independent."""
        return float(self.estimates.std() / len(self.estimates) ** 0.5)


def figures(days: Sequence[Day]) -> Figures:
    """Work out the figures of a replay."""
    totals = np.array([sum(day.changes.values()) for day in days])
    seen = np.array([sum(day.changes[pair] for pair in day.pairs) for day in days])
    polled = set[Pair]().union(*(day.pairs for day in days[-BREADTH_DAYS:]))
    sampled = np.array([sum(query.origin == SAMPLE for query in day.queries) for day in days])
    alone = np.array([estimate(_only_sampled(day)) for day in days])
    return Figures(
        seen / totals,
        len(polled) / len(days[0].changes),
        sampled.astype(float),
        np.array([estimate(day) for day in days]) / totals,
        alone / totals,
    )


def together(several: Sequence[Figures]) -> Figures:
    """Put the figures of several replays together."""
    return Figures(
        np.concatenate([one.shares for one in several]),
        float(np.mean([one.breadth for one in several])),
        np.concatenate([one.samples for one in several]),
        np.concatenate([one.estimates for one in several]),
        np.concatenate([one.by_sample_alone for one in several]),
    )


def estimate(day: Day) -> float:
    """Estimate all changes of a day as docs/what-the-data-can-say.md has it: each row's, by 1 / its probability."""
    return sum(
        _changes(day.changes, query.instance, query.regions) / (query.probability or 1.0) for query in day.queries
    )


def _only_sampled(day: Day) -> Day:
    return Day([query for query in day.queries if query.origin == SAMPLE], day.changes)


def _changes(changes: Mapping[Pair, int], instance: str, regions: Sequence[str]) -> int:
    return sum(changes[region, instance] for region in regions)
