"""Take the scores of each day, and the bootstrap's where no day has been scored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import ColumnarRows
from data_files.market.scores import IF_CHANGES, INSTANCE, REGION, SCORE, SPS_CHANGES
from report.gather.pairs import PairNumbers

BOOTSTRAP = -1  # in place of the day: scores of a downloaded archive, not of ours


@dataclass
class Ranking:
    """The scores by day, as the page has them: an element a score, in the order of the pairs' numbers."""

    COLUMNS: ClassVar = (REGION, INSTANCE, SPS_CHANGES, IF_CHANGES, SCORE)
    """Of the score files."""

    times: list[int] = field(default_factory=list)
    """Each day's number and how many scores it has, one day after the other."""
    pair: list[int] = field(default_factory=list)
    """As the step from the one before of the same day; a day's first is told as it is."""
    score: list[float] = field(default_factory=list)
    sps_changes: list[float] = field(default_factory=list)
    if_changes: list[float] = field(default_factory=list)

    def add(self, day: int, rows: ColumnarRows, pairs: PairNumbers) -> None:
        """Add the rows of a day's score file; of two rows of a pair the last counts."""
        numbers = pairs.numbers_of(rows.coded(REGION), rows.coded(INSTANCE))
        pair, places = np.unique(numbers[::-1], return_index=True)
        places = len(numbers) - 1 - places
        self.times += [day, len(pair)]
        self.pair += np.diff(pair, prepend=0).tolist()
        self.score += _rounded(rows.numbers(SCORE)[places])
        self.sps_changes += _rounded(rows.numbers(SPS_CHANGES)[places])
        self.if_changes += _rounded(rows.numbers(IF_CHANGES)[places])


def _rounded(numbers: NDArray[np.float64]) -> list[float]:
    """Write three decimals where there are any: most of a day's changes are whole."""
    rounded = np.round(np.nan_to_num(numbers).clip(0, 1e6), 3).tolist()
    return [int(number) if number == int(number) else number for number in rounded]
