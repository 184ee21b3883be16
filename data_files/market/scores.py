"""score/DATE.csv and init_score.csv: how much each pair changed a day, by which pairs are ranked."""

import logging
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from data_files.cells import AMOUNT, NAME
from data_files.csv_table import Column, DatedFiles, SingleFile

log = logging.getLogger(__name__)


class Score(NamedTuple):
    """How much one (Region, instance type) pair changes, per day."""

    region: str
    instance: str
    sps_changes: float | None
    if_changes: float | None
    score: float


REGION = Column("region", NAME, "the Region", is_needed=True)
INSTANCE = Column("instance", NAME, "the instance type", is_needed=True)
SPS_CHANGES = Column("sps_changes", AMOUNT, "changes of the known placement score, per day")
IF_CHANGES = Column("if_changes", AMOUNT, "changes of the known interruption frequency, per day")
SCORE = Column("score", AMOUNT, "sps_changes / 3 + if_changes / 5", is_needed=True)
_COLUMNS = (REGION, INSTANCE, SPS_CHANGES, IF_CHANGES, SCORE)

FILES = DatedFiles(_COLUMNS, Score, is_appended=False, folder="collect_sps_and_if/data/score")
INITIAL = SingleFile(_COLUMNS, Score, is_appended=False, place="collect_sps_and_if/data/init_score.csv")
"""The bootstrap's, from SpotLake's archive."""


def newest(home: Path, until: date, *, or_later: bool = False) -> list[Score]:
    """Give the scores of the newest usable file: of a day up to until, else the bootstrap's; empty without any.

    or_later: where there is none of these, that of the next day that has one (a rehearsal in the past, or a clock that
    was wrong: better than nothing). A file that is broken or empty is passed over and logged; of a pair that stands in
    it twice the last row counts.
    """
    for path in _candidates(home, until, or_later=or_later):
        try:
            scores = {(row.region, row.instance): row for row in FILES.read(path)}
        except OSError as error:
            log.warning("%s cannot be read: %s", path, error)
            continue
        if scores:
            log.info("the scores are those of %s", path)
            return list(scores.values())
        log.warning("%s holds no score and is passed over", path)
    return []


def of_days(home: Path, first: date, last: date) -> list[list[Score]]:
    """Give the scores of each day that has any, oldest first. A file that cannot be read is passed over and logged."""
    return [_readable(FILES.path(home, day)) for day in FILES.days(home) if first <= day <= last]


def initial(home: Path) -> list[Score]:
    """Give the bootstrap's scores; none where there are none, or the file cannot be read, which is logged."""
    return _readable(INITIAL.path(home))


def _readable(path: Path) -> list[Score]:
    try:
        return list(FILES.read(path))
    except OSError as error:
        log.warning("%s cannot be read: %s", path, error)
        return []


def _candidates(home: Path, until: date, *, or_later: bool) -> Iterator[Path]:
    days = FILES.days(home)
    initial: Iterable[Path] = [INITIAL.path(home)] if INITIAL.path(home).exists() else []
    later = (FILES.path(home, day) for day in days if day > until) if or_later else ()
    return chain((FILES.path(home, day) for day in reversed(days) if day <= until), initial, later)


def ranked(scores: Iterable[Score]) -> list[Score]:
    """Sort the way score files are: highest score first, then by Region and instance type."""
    return sorted(scores, key=lambda row: (-row.score, row.region, row.instance))
