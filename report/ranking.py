"""Take the best scores of each day, and the bootstrap's where no day has been scored."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from report import values
from report.pools import Pools
from report.reading import Sheet

BEST = 100  # of each day; the page shows fewer, but filters pick among them
BOOTSTRAP = -1  # in place of the day: scores of a downloaded archive, not of ours


@dataclass
class Ranking:
    """The best scores by day, as columns; scores and changes in thousandths."""

    days: list[int] = field(default_factory=list)
    pair: list[int] = field(default_factory=list)
    score: list[int] = field(default_factory=list)
    sps_changes: list[int] = field(default_factory=list)
    if_changes: list[int] = field(default_factory=list)

    def add(self, day: int, sheet: Sheet, pools: Pools) -> None:
        """Add a day's score file; rows without a pair or a score are left out, and the file's order is not trusted."""
        score = sheet["score"].mapped(values.amount)
        pair = pools.numbers_of(sheet["region"], sheet["instance"])
        sane = np.nonzero(~np.isnan(score) & (pair >= 0))[0]
        best = sane[np.argsort(-score[sane], kind="stable")][:BEST]
        self.days += [day, len(best)]
        self.pair += pair[best].tolist()
        self.score += _thousandths(score[best])
        self.sps_changes += _thousandths(sheet["sps_changes"].mapped(values.amount)[best])
        self.if_changes += _thousandths(sheet["if_changes"].mapped(values.amount)[best])

    def listed(self) -> dict[str, list[int]]:
        """Give the days with their number of scores, and the scores' columns."""
        return {
            "times": self.days,
            "pair": self.pair,
            "score": self.score,
            "sps_changes": self.sps_changes,
            "if_changes": self.if_changes,
        }


def _thousandths(numbers: NDArray[np.float64]) -> list[int]:
    return [round(1000 * number) for number in np.nan_to_num(numbers).clip(0, 1e6).tolist()]
