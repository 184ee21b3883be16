"""Take the best scores of each day, and the bootstrap's where no day has been scored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import ColumnarRows
from data_files.market.scores import IF_CHANGES, INSTANCE, REGION, SCORE, SPS_CHANGES
from report.collected.pairs import PairNumbers

BEST = 100  # of each day; the page shows fewer, but filters pick among them
BOOTSTRAP = -1  # in place of the day: scores of a downloaded archive, not of ours


@dataclass
class Ranking:
    """The best scores by day, as the page has them: an element a score, scores and changes in thousandths."""

    COLUMNS: ClassVar = (REGION, INSTANCE, SPS_CHANGES, IF_CHANGES, SCORE)
    """Of the score files."""

    times: list[int] = field(default_factory=list)
    """Each day's number and how many scores it has, one day after the other."""
    pair: list[int] = field(default_factory=list)
    score: list[int] = field(default_factory=list)
    sps_changes: list[int] = field(default_factory=list)
    if_changes: list[int] = field(default_factory=list)

    def add(self, day: int, rows: ColumnarRows, pairs: PairNumbers) -> None:
        """Add the rows of a day's score file; their order is not relied on."""
        score = rows.numbers(SCORE)
        best = np.argsort(-score, kind="stable")[:BEST]
        self.times += [day, len(best)]
        self.pair += pairs.numbers_of(rows.coded(REGION), rows.coded(INSTANCE))[best].tolist()
        self.score += _thousandths(score[best])
        self.sps_changes += _thousandths(rows.numbers(SPS_CHANGES)[best])
        self.if_changes += _thousandths(rows.numbers(IF_CHANGES)[best])


def _thousandths(numbers: NDArray[np.float64]) -> list[int]:
    return [round(1000 * number) for number in np.nan_to_num(numbers).clip(0, 1e6).tolist()]
