"""Gather how placement scores and launches go with the hour of the week, as if every pair were asked about as often.

The pairs sampled into a day's plan, or for a probe, stand for those that were not: each counts with one over the
probability with which it was picked. Of scores, what was polled of a pair in an hour counts once, as its mean; of
launches, each instance asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import ColumnarRows
from data_files.launches import probes
from data_files.market import plans
from report.gather.endings import is_about_readiness
from report.gather.launches import Launch
from report.gather.pairs import PairNumbers
from report.gather.placement_scores import HOUR, ScoreCells

_HOURS = 168
_FIRST_MONDAY = 4 * 24  # hours from the beginning of 1970 to its first Monday

PLAN_COLUMNS = (plans.INSTANCE, plans.REGIONS, plans.PROBABILITY_OF_PAIR)
"""Of the plans."""

# Sums: weight times value, weight, its square, how many were added, and the days they are of.
_TOTAL, _WEIGHT, _SQUARE, _COUNT, _DAYS = range(5)


@dataclass
class WeekHours:
    """The sums by hour of the week: of all Regions in the first place, then of each."""

    sums: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, _HOURS, 5)))
    """By place, hour of the week and kind of sum."""

    def add_scores(self, hours: ScoreCells, probabilities: Mapping[int, float], pairs: PairNumbers) -> None:
        """Add a day's cells by hour; a pair whose probability is not known is left out."""
        weights = np.zeros(len(pairs))
        for number, probability in probabilities.items():
            weights[number] = 1 / probability
        is_told = (hours.known > 0) & (weights[hours.pair] > 0)
        pair = hours.pair[is_told]
        mean = hours.total[is_told] / hours.known[is_told]
        self._add_day(pairs.region_numbers()[pair], hours.time[is_told], mean, weights[pair])

    def add_launches(
        self, launches: Sequence[Launch], probabilities: Mapping[tuple[int, float], float], pairs: PairNumbers
    ) -> None:
        """Add a day's probes that tell of readiness; one whose probability is not known is left out."""
        told = [
            launch.probe
            for launch in launches
            if is_about_readiness(launch.ending) and (launch.probe.pair, launch.probe.utc) in probabilities
        ]
        regions = pairs.region_numbers()
        self._add_day(
            np.array([regions[probe.pair] for probe in told], np.int64),
            np.array([probe.wall // HOUR for probe in told], np.int64),
            np.array([probe.ready / probe.asked for probe in told]),
            np.array([probe.asked / probabilities[probe.pair, probe.utc] for probe in told]),
        )

    def add(self, other: WeekHours) -> None:
        """Add another's sums, of other days."""
        missing = len(other.sums) - len(self.sums)
        if missing > 0:
            self.sums = np.concatenate([self.sums, np.zeros((missing, _HOURS, 5))])
        self.sums[: len(other.sums)] += other.sums

    def renumbered(self, places: NDArray[np.int64]) -> WeekHours:
        """Give it with other numbers for the Regions: for each its new one."""
        if not len(self.sums):
            return self
        rows = np.append(0, 1 + places[: len(self.sums) - 1])
        sums = np.zeros((int(rows.max()) + 1, _HOURS, 5))
        sums[rows] = self.sums
        return WeekHours(sums)

    def _add_day(
        self,
        region: NDArray[np.int64],
        time: NDArray[np.int64],
        value: NDArray[np.float64],
        weight: NDArray[np.float64],
    ) -> None:
        """Add a day's values, each with its Region's number, its hour since 1970 by the wall clock, and its weight."""
        if not len(region):
            return
        hour = (time - _FIRST_MONDAY) % _HOURS
        place, size = (region + 1) * _HOURS + hour, (int(region.max()) + 2) * _HOURS
        columns = [np.bincount(place, values, size) for values in (weight * value, weight, weight**2, None)]
        sums = np.stack(columns, axis=1, dtype=np.float64).reshape(-1, _HOURS, _DAYS)
        sums[0] = sums.sum(axis=0)
        self.add(WeekHours(np.concatenate([sums, sums[:, :, [_COUNT]] > 0], axis=2)))

    def listed(self) -> dict[str, list[float]]:
        """Give a row for each Region (its number; -1: all) and hour of the week (0: Monday 00:00) that has a value."""
        place, hour = np.nonzero(self.sums[:, :, _COUNT])
        found = self.sums[place, hour]
        return {
            "region": (place - 1).tolist(),
            "hour": hour.tolist(),
            "total": np.round(found[:, _TOTAL], 2).tolist(),
            "weight": np.round(found[:, _WEIGHT], 2).tolist(),
            "square": np.round(found[:, _SQUARE], 2).tolist(),
            "count": found[:, _COUNT].astype(np.int64).tolist(),
            "days": found[:, _DAYS].astype(np.int64).tolist(),
        }


def probabilities_of(queries: ColumnarRows, pairs: PairNumbers) -> dict[int, float]:
    """Give the probability with which each pair of a plan was picked, where that is known."""
    instance, regions = queries.coded(plans.INSTANCE), queries.coded(plans.REGIONS)
    told = zip(
        instance.codes.tolist(),
        regions.codes.tolist(),
        queries.numbers(plans.PROBABILITY_OF_PAIR).tolist(),
        strict=True,
    )
    return {
        number: probability
        for of_type, of_regions, probability in told
        if probability > 0
        for region in regions.values[of_regions]
        if (number := pairs.known_number(region, instance.values[of_type])) is not None
    }


def probabilities_of_probes(rows: ColumnarRows, pairs: PairNumbers) -> dict[tuple[int, float], float]:
    """Give the probability with which each of a day's probes was picked, by its pair and the time of its request."""
    pair = pairs.numbers_of(rows.coded(probes.REGION), rows.coded(probes.INSTANCE)).tolist()
    times = rows.times(probes.REQUEST_TIME).utc.tolist()
    told = zip(pair, times, rows.numbers(probes.PROBABILITY_OF_PAIR).tolist(), strict=True)
    return {(number, time): probability for number, time, probability in told if probability > 0}
