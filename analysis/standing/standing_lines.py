"""The newest scores of the standing queries in words, a line a query: for the mail and the page. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from common.counted import counted
from data_files.market.configurations import ZONE_SCOPE
from data_files.market.polled import OK
from data_files.market.standing_definitions import Definition
from data_files.market.standing_scores import NewestScores, StandingRow

_MOST_TYPES = 4
_MOST_PLACES = 10  # as many as AWS answers


@dataclass(frozen=True)
class StandingLine:
    """A standing query: what it asks, when it was answered last, and the scores, best first."""

    name: str
    asked: str
    time: str
    scores: str


def standing_lines(newest: Iterable[NewestScores]) -> list[StandingLine]:
    """Say what each query was answered last."""
    return [
        StandingLine(each.name, _asked(each.asked), f"{each.rows[0].time:%Y-%m-%d %H:%M}", _scores(each.rows))
        for each in newest
    ]


def _asked(definition: Definition | None) -> str:
    if definition is None:
        return ""
    more = len(definition.instances) - _MOST_TYPES
    types = " ".join(definition.instances[:_MOST_TYPES]) + (f" and {more} more" if more > 0 else "")
    by_zone = ", by zone" if definition.scope == ZONE_SCOPE else ""
    return f"{counted(definition.target_capacity, 'instance')} of {types}{by_zone}"


def _scores(rows: Iterable[StandingRow]) -> str:
    shown = [f"{row.az or row.region} {row.sps if row.outcome == OK else row.outcome}" for row in rows]
    more = len(shown) - _MOST_PLACES
    return " · ".join(shown[:_MOST_PLACES]) + (f" and {more} more" if more > 0 else "")
