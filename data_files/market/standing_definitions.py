"""standing_definitions.csv: what each standing query asked, a row whenever that is another thing than before.

`standing_queries.csv` is the user's, and may change or go. From these rows a score of an earlier day is known to be of
these types, for that capacity; and a query without Regions of its own keeps those that were chosen for it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from data_files.cells import COUNT, TEXT, TIME, WORDS, one_of
from data_files.csv_table import Column, SingleFile
from data_files.market.configurations import SCOPES, Configuration


class Definition(NamedTuple):
    """From this time on the standing query of this name asked this; no Regions: none in use offers all its types."""

    time: datetime
    name: str
    instances: tuple[str, ...]
    regions: tuple[str, ...] | None
    target_capacity: int
    scope: str

    @property
    def configuration(self) -> Configuration:
        """Give what AWS counts it as."""
        return Configuration(" ".join(self.instances), self.regions or (), self.target_capacity, self.scope)


SINCE = Column("time", TIME, "from which poll on", is_needed=True)
QUERY_NAME = Column("name", TEXT, "the standing query's name", is_needed=True)
INSTANCES = Column("instances", WORDS, "its instance types", is_needed=True)
REGIONS = Column("regions", WORDS, "the Regions asked about; empty: none in use offers all the types")
TARGET_CAPACITY = Column("target_capacity", COUNT, "instances asked for", is_needed=True)
SCOPE = Column("scope", one_of(*SCOPES), "whether Regions are scored or each of their zones", is_needed=True)

FILE = SingleFile(
    (SINCE, QUERY_NAME, INSTANCES, REGIONS, TARGET_CAPACITY, SCOPE),
    Definition,
    place="collect_sps_and_if/data/standing_definitions.csv",
)


def newest_definitions(home: Path) -> dict[str, Definition]:
    """Give each name's newest definition."""
    return {row.name: row for row in FILE.rows(home)}


def record_definitions(home: Path, defined: Sequence[Definition]) -> set[str]:
    """Write down those that are another thing than before, and name them. Raises Unwritable."""
    known = newest_definitions(home) if defined else {}
    changed = [each for each in defined if each.name not in known or known[each.name][1:] != each[1:]]
    if changed:
        FILE.append(FILE.path(home), changed)
    return {each.name for each in changed}


class Definitions:
    """What each standing query asked at any time, by the rows of the file."""

    def __init__(self, rows: Iterable[Definition]) -> None:
        by_name: defaultdict[str, dict[float, Definition]] = defaultdict(dict)
        for row in rows:
            by_name[row.name][row.time.timestamp()] = row
        self._times = {name: sorted(rows) for name, rows in by_name.items()}
        self._rows = by_name

    def of(self, name: str) -> tuple[list[float], list[Definition]]:
        """Give since when, in seconds since 1970 in order, the query of a name asked what."""
        times = self._times.get(name, [])
        return times, [self._rows[name][time] for time in times]

    def at(self, name: str, moment: datetime) -> Definition | None:
        """Give what the query of a name asked at a time; None if that is unknown."""
        times, rows = self.of(name)
        place = bisect_right(times, moment.timestamp())
        return rows[place - 1] if place else None
