"""All that was measured of one pair, each number with its time."""

from dataclasses import dataclass
from datetime import datetime

from analysis.advice.cheapest_zone import CurrentPrice
from analysis.advice.newest_scores import NewestScore
from analysis.advice.readiness import NEVER_PROBED, Readiness


@dataclass(frozen=True)
class PairAdvice:
    """A (Region, instance type) pair; None is what was never measured."""

    region: str
    instance: str
    score: NewestScore | None = None
    interruption_frequency: int | None = None
    """The advisor's index: 0 is below 5 % of instances a month, 4 is above 20 %."""
    savings: int | None = None
    """Over on-demand, in percent, by the advisor."""
    price: CurrentPrice | None = None
    readiness: Readiness = NEVER_PROBED

    def is_recent(self, since: datetime) -> bool:
        """Tell whether its placement score is of a poll after a moment."""
        return self.score is not None and self.score.time > since
