"""Take the scores of each day, and the bootstrap's where no day has been scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import ColumnarRows
from data_files.market.scores import IF_CHANGES, INSTANCE, REGION, SCORE, SPS_CHANGES
from report.gather.pairs import PairNumbers

RANKING_COLUMNS = (REGION, INSTANCE, SPS_CHANGES, IF_CHANGES, SCORE)
"""Of the score files."""

BOOTSTRAP = -1  # in place of the day: scores of a downloaded archive, not of ours


@dataclass(frozen=True)
class DaysRanking:
    """The scores of a day, an element a pair, in the order of their numbers."""

    pair: NDArray[np.int64]
    score: NDArray[np.float64]
    sps_changes: NDArray[np.float64]
    if_changes: NDArray[np.float64]

    @classmethod
    def none(cls) -> DaysRanking:
        """Give no scores."""
        return cls(np.empty(0, np.int64), *np.empty((3, 0)))

    @classmethod
    def of(cls, rows: ColumnarRows, pairs: PairNumbers) -> DaysRanking:
        """Take the rows of a day's score file; of two rows of a pair the last counts."""
        numbers = pairs.numbers_of(rows.coded(REGION), rows.coded(INSTANCE))
        pair, places = np.unique(numbers[::-1], return_index=True)
        places = len(numbers) - 1 - places
        return cls(pair, *(rows.numbers(column)[places] for column in (SCORE, SPS_CHANGES, IF_CHANGES)))

    def renumbered(self, own: NDArray[np.int64]) -> DaysRanking:
        """Give them with other numbers for the pairs, for each its new one, in the order of these."""
        pair = own[self.pair]
        order = np.argsort(pair)
        columns = (self.score, self.sps_changes, self.if_changes)
        return DaysRanking(pair[order], *(column[order] for column in columns))


@dataclass
class Ranking:
    """The scores by day, as the page has them: an element a score, in the order of the pairs' numbers."""

    times: list[int] = field(default_factory=list)
    """Each day's number and how many scores it has, one day after the other."""
    pair: list[int] = field(default_factory=list)
    """As the step from the one before of the same day; a day's first is told as it is."""
    score: list[float] = field(default_factory=list)
    sps_changes: list[float] = field(default_factory=list)
    if_changes: list[float] = field(default_factory=list)

    def add(self, day: int, scores: DaysRanking) -> None:
        """Add the scores of a day."""
        if not len(scores.pair):
            return
        self.times += [day, len(scores.pair)]
        self.pair += np.diff(scores.pair, prepend=0).tolist()
        self.score += _rounded(scores.score)
        self.sps_changes += _rounded(scores.sps_changes)
        self.if_changes += _rounded(scores.if_changes)


def _rounded(numbers: NDArray[np.float64]) -> Sequence[float]:
    """Write three decimals where there are any: most of a day's changes are whole."""
    rounded = np.round(np.nan_to_num(numbers).clip(0, 1e6), 3)
    whole: list[int] = rounded.astype(np.int64).tolist()
    found: list[float] = rounded.tolist()
    return whole if whole == found else [int(number) if number == int(number) else number for number in found]
