"""A market as a planner meets it: where types are offered, and how often each pair's score changes on each day."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from collect_sps_and_if.asking.offers import Offers
from data_files.market.polled import Pair

_FAMILIES, _SIZES, _REGIONS = 90, 7, 20
_LEAST_REGIONS = 6  # that a family is offered in
_OFFERED = 0.97  # of a family's sizes, in each of its Regions
_SPELL_DAYS, _SPELL_FACTOR = 7, 5.0
_SPELLS_A_DAY = 1 / 90


@dataclass(frozen=True)
class Market:
    """How often the placement score of each pair changes on each day, seen by polls every ten minutes."""

    pairs: list[Pair]
    changes: NDArray[np.int64]  # a row a day, a column a pair

    @cached_property
    def offers(self) -> Offers:
        """Give the Regions of each type."""
        found: dict[str, list[str]] = defaultdict(list)
        for region, instance in self.pairs:
            found[instance].append(region)
        return {instance: tuple(sorted(regions)) for instance, regions in found.items()}

    def day(self, number: int) -> dict[Pair, int]:
        """Give each pair's changes of a day."""
        return dict(zip(self.pairs, self.changes[number].tolist(), strict=True))


def restless_market(seed: int, days: int) -> Market:
    """Make up a market with heavy tails, effects of families and Regions, and restless spells of a week.

    About two changes a pair and day; variance within a pair over its mean about 7, lag-1 correlation 0.4; the top tenth
    of the pairs has some 40 % of the changes.
    """
    rng = np.random.default_rng(seed)
    family_effect = rng.normal(0, 0.7, _FAMILIES)
    region_effect = rng.normal(0, 0.3, _REGIONS)
    pairs, levels = [], []
    for family in range(_FAMILIES):
        offered = rng.permutation(_REGIONS)[: rng.integers(_LEAST_REGIONS, _REGIONS + 1)]
        for size in range(_SIZES):
            for region in sorted(offered.tolist()):
                if rng.random() < _OFFERED:
                    pairs.append((f"eu-test-{region}", f"m{family}.size{size}"))
                    levels.append(family_effect[family] + region_effect[region] + rng.normal(0, 0.9) - 0.4)
    state = rng.normal(0, 0.7, len(pairs))
    spell = np.zeros(len(pairs), int)
    rows = []
    for _ in range(days):
        state = 0.5 * state + rng.normal(0, 0.6, len(pairs))
        spell = np.maximum(spell - 1, np.where(rng.random(len(pairs)) < _SPELLS_A_DAY, _SPELL_DAYS, 0))
        rate = np.exp(np.array(levels) + state) * np.where(spell > 0, _SPELL_FACTOR, 1.0)
        rows.append(rng.poisson(rate))
    return Market(pairs, np.array(rows))
