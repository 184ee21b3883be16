"""Counts how often a series changes, and turns the counts into the score that pairs are ranked by.

A series is one pool's placement scores, or its interruption frequencies, in the order of time. All that counting needs
to remember of a stretch of it is a `Run`: first and last known value, and the changes between. Two neighbouring runs
merge into one, and merging is associative: a day or three years can be cut anywhere, worked on anywhere, and put
together again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from data_files.market.scores import Score

SPS_CHANGES_UNIT = 3
"""Placement-score changes that weigh as much as `IF_CHANGES_UNIT` changes of the interruption frequency."""

IF_CHANGES_UNIT = 5


@dataclass(frozen=True, slots=True)
class Run:
    """What one stretch of a series leaves behind: `None` stands for "no value was known"."""

    first: float | None = None
    last: float | None = None
    changes: int = 0

    @classmethod
    def of(cls, values: Iterable[float | None]) -> Run:
        """Summarise values in the order of time; an unknown one (`None`) is passed over."""
        return reduce(cls.then, (cls(value, value) for value in values), cls())

    def then(self, later: Run) -> Run:
        """Merge with the run that follows this one in time."""
        if self.last is None:
            return later
        if later.first is None:
            return self
        return Run(self.first, later.last, self.changes + later.changes + (self.last != later.first))


def scored(region: str, instance: str, sps_changes: float, if_changes: float) -> Score:
    """Score a pair by its changes per day."""
    return Score(region, instance, sps_changes, if_changes, score(sps_changes, if_changes))


def score(sps_changes: float, if_changes: float) -> float:
    """Weigh the changes of placement score and interruption frequency (numbers, or arrays of them) into one number."""
    return sps_changes / SPS_CHANGES_UNIT + if_changes / IF_CHANGES_UNIT
