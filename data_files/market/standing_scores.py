"""standing_scores/DATE.csv: what the user's own standing queries were answered at each poll, by Region or zone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from data_files.cells import NAME, PLACEMENT_SCORE, TEXT, TIME, one_of
from data_files.csv_table import Column, DatedFiles
from data_files.market.polled import OUTCOMES
from data_files.market.standing_definitions import Definition, Definitions


class StandingRow(NamedTuple):
    """A Region's or zone's score in a standing query at a poll; az is None for a Region's, sps None if unknown."""

    time: datetime
    name: str
    region: str
    az: str | None
    sps: int | None
    outcome: str


POLL_TIME = Column("time", TIME, "when the poll started, the same on all its rows", is_needed=True)
QUERY_NAME = Column("name", TEXT, "the standing query's name", is_needed=True)
REGION = Column("region", NAME, "the Region", is_needed=True)
ZONE = Column("az", NAME, "the id of the Availability Zone; empty for a score of the whole Region")
SPS = Column("sps", PLACEMENT_SCORE, "the placement score; only where the outcome is `ok`")
OUTCOME = Column("outcome", one_of(*OUTCOMES), "what became of the placement score", is_needed=True)

FILES = DatedFiles(
    (POLL_TIME, QUERY_NAME, REGION, ZONE, SPS, OUTCOME),
    StandingRow,
    folder="collect_sps_and_if/data/standing_scores",
)


class NewestScores(NamedTuple):
    """What the last poll that asked a standing query was answered, best first; asked is None where that is unknown."""

    name: str
    asked: Definition | None
    rows: Sequence[StandingRow]


def newest_scores(rows: Iterable[StandingRow], definitions: Definitions) -> list[NewestScores]:
    """Give each query's rows of its last poll among these; by name."""
    newest: dict[str, dict[tuple[str, str | None], StandingRow]] = {}
    for row in rows:
        known = next(iter(newest.get(row.name, {}).values()), None)
        if known is None or row.time > known.time:
            newest[row.name] = {}
        if known is None or row.time >= known.time:
            newest[row.name][row.region, row.az] = row
    return [
        NewestScores(name, definitions.at(name, next(iter(found.values())).time), sorted(found.values(), key=_rank))
        for name, found in sorted(newest.items())
    ]


def _rank(row: StandingRow) -> tuple[int, str, str]:
    return -(row.sps or 0), row.region, row.az or ""
