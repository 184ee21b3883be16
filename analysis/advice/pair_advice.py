"""All that was measured of one pair, each number with its time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.advice.cheapest_zone import CurrentPrice
from analysis.advice.newest_scores import NewestScore
from analysis.advice.readiness import NEVER_PROBED, Readiness
from analysis.standing.pair_standing import StandingScore
from common.clock import iso


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
    standing: Sequence[StandingScore] = ()
    """What standing queries with its type were answered of its Region in the last 24 hours."""

    def is_recent(self, since: datetime) -> bool:
        """Tell whether its placement score is of a poll after a moment."""
        return self.score is not None and self.score.time > since


def named_figures(pair: PairAdvice) -> dict[str, str | int | float | None]:
    """Give what is known of the pair alone by the names that `advise --json` has; None is what was never measured."""
    score, price, readiness = pair.score, pair.price, pair.readiness
    lower, upper = readiness.interval or (None, None)
    return {
        "region": pair.region,
        "instance": pair.instance,
        "sps": score.score if score else None,
        "sps_time": _moment(score.time if score else None),
        "target_capacity": score.target_capacity if score else None,
        "if": pair.interruption_frequency,
        "savings": pair.savings,
        "usd": price.usd if price else None,
        "usd_time": _moment(price.time if price else None),
        "probes": readiness.probes,
        "asked": readiness.asked,
        "ready": readiness.ready,
        "ready_share": readiness.share,
        "ready_share_low": lower,
        "ready_share_high": upper,
        "seconds_to_half": readiness.seconds_to(0.5),
        "seconds_to_90": readiness.seconds_to(0.9),
        "last_probe": _moment(readiness.last_probe),
    }


def standing_figures(pair: PairAdvice) -> list[dict[str, str | int | list[str] | None]]:
    """Give what standing queries say of a pair, by the names that `advise --json` has."""
    return [
        {
            "name": score.name,
            "instances": list(score.instances),
            "target_capacity": score.target_capacity,
            "az": score.az,
            "sps": score.score,
            "sps_time": iso(score.time),
        }
        for score in pair.standing
    ]


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)
