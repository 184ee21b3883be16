"""sps_and_if/DATE.csv: every planned (Region, instance type) pair at every poll, with what became of its score."""

import functools
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from data_files.cells import INTERRUPTION_FREQUENCY, NAME, PLACEMENT_SCORE, TIME, one_of, whole_numbers
from data_files.csv_table import Column, DatedFiles

OK = "ok"
ABSENT = "absent"  # AWS answered, without this pair
REFUSED = "refused"  # by AWS, for good for this day: the configuration limit, or a query it calls invalid
FAILED = "failed"  # no answer after retries
WAITING = "waiting"  # not asked yet: its place in the quota is not free
OUTCOMES = (OK, ABSENT, REFUSED, FAILED, WAITING)

Pair = tuple[str, str]
"""Region and instance type."""


class PolledRow(NamedTuple):
    """A pair at a poll; None is unknown."""

    time: datetime
    region: str
    instance: str
    sps: int | None
    interruption_frequency: int | None
    outcome: str
    target_capacity: int | None = None

    @property
    def pair(self) -> Pair:
        """Give its Region and instance type."""
        return self.region, self.instance


POLL_TIME = Column("time", TIME, "when the poll started, the same on all its rows", is_needed=True)
REGION = Column("region", NAME, "the Region", is_needed=True)
INSTANCE = Column("instance", NAME, "the instance type", is_needed=True)
SPS = Column("sps", PLACEMENT_SCORE, "the placement score; only where the outcome is `ok`")
IF = Column("if", INTERRUPTION_FREQUENCY, "the interruption frequency: 0 is below 5 %, 4 is above 20 %")
OUTCOME = Column("outcome", one_of(*OUTCOMES), "what became of the placement score", is_needed=True)

TARGET_CAPACITY = Column(
    "target_capacity",
    whole_numbers(1, 1_000_000),
    "the instances that the score is for; scores of another number are another series",
    is_later=True,
)

FILES = DatedFiles(
    (POLL_TIME, REGION, INSTANCE, SPS, IF, OUTCOME, TARGET_CAPACITY),
    PolledRow,
    folder="collect_sps_and_if/data/sps_and_if",
)


@dataclass(frozen=True)
class PolledDay:
    """A day's rows by pair, each pair's in the order of time, and how many rows of the file make no sense."""

    day: date
    rows: Mapping[Pair, Sequence[PolledRow]]
    senseless: int = 0

    @functools.cached_property
    def outcomes(self) -> Counter[str]:
        """Count the rows by what became of the placement score."""
        return Counter(row.outcome for rows in self.rows.values() for row in rows)

    @functools.cached_property
    def times(self) -> frozenset[datetime]:
        """Give the times of the polls that left rows."""
        return frozenset(row.time for rows in self.rows.values() for row in rows)


def read_day(home: Path, day: date, only: Container[Pair] | None = None) -> PolledDay:
    """Read a day's file; of rows with the same time and pair the last one counts, whole. Empty without a file.

    only: the pairs whose rows are kept; a few of thousands take a fraction of the memory.
    """
    senseless: list[int] = []
    newest: defaultdict[Pair, dict[datetime, PolledRow]] = defaultdict(dict)
    for row in FILES.rows(home, day, senseless.append):
        pair = row.region, row.instance
        if only is None or pair in only:
            newest[pair][row.time] = row
    return PolledDay(
        day, {pair: sorted(rows.values(), key=attrgetter("time")) for pair, rows in newest.items()}, sum(senseless)
    )
