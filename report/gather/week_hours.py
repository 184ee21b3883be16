"""Gather how placement scores go with the hour of the week: by Region, as if every pair were polled as often.

The pairs sampled into a day's plan stand for those that were not: each counts with one over the probability with which
it was picked. What was polled in an hour counts once, as its mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data_files.market.plans import Query
from report.gather.pairs import PairNumbers
from report.gather.placement_scores import ScoreCells

HOURS = 168
_FIRST_MONDAY = 4 * 24  # hours from the beginning of 1970 to its first Monday

# Sums over the hours of pairs: weight times mean score, weight, its square, their number, and the days they are of.
_SCORE, _WEIGHT, _SQUARE, _COUNT, _DAYS = range(5)


@dataclass
class WeekHours:
    """The sums by Region and hour of the week."""

    _sums: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, HOURS, 5)))

    def add(self, hours: ScoreCells, probabilities: Mapping[int, float], pairs: PairNumbers) -> None:
        """Add a day's cells by hour; a pair whose probability is not known is left out."""
        weights = np.zeros(len(pairs))
        for pair, probability in probabilities.items():
            weights[pair] = 1 / probability
        is_told = (hours.known > 0) & (weights[hours.pair] > 0)
        if not is_told.any():
            return
        region = pairs.region_numbers()[hours.pair[is_told]]
        place = region * HOURS + (hours.time[is_told] - _FIRST_MONDAY) % HOURS
        weight = weights[hours.pair[is_told]]
        mean = hours.total[is_told] / hours.known[is_told]
        size = (int(region.max()) + 1) * HOURS
        columns = [np.bincount(place, values, size) for values in (weight * mean, weight, weight**2, None)]
        sums = np.stack([*columns, columns[_COUNT] > 0], axis=1).reshape(-1, HOURS, 5)
        missing = len(sums) - len(self._sums)
        if missing > 0:
            self._sums = np.concatenate([self._sums, np.zeros((missing, HOURS, 5))])
        self._sums[: len(sums)] += sums

    def listed(self) -> dict[str, list[float]]:
        """Give a row for each Region (its number) and hour of the week (0 for Monday 00:00) of which any score is."""
        region, hour = np.nonzero(self._sums[:, :, _COUNT])
        found = self._sums[region, hour]
        return {
            "region": region.tolist(),
            "hour": hour.tolist(),
            "score": np.round(found[:, _SCORE], 2).tolist(),
            "weight": np.round(found[:, _WEIGHT], 2).tolist(),
            "square": np.round(found[:, _SQUARE], 2).tolist(),
            "count": found[:, _COUNT].astype(np.int64).tolist(),
            "days": found[:, _DAYS].astype(np.int64).tolist(),
        }


def probabilities_of(queries: list[Query], pairs: PairNumbers) -> dict[int, float]:
    """Give the probability with which each pair of a plan was picked, where that is known."""
    return {
        number: query.probability
        for query in queries
        if query.probability
        for region in query.regions
        if (number := pairs.known_number(region, query.instance)) is not None
    }
