"""plan/DATE.csv: the placement-score queries of a day; read with care, since people edit it, and written whole."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from common.files import csv_file, durable_file
from data_files.cells import INSTANCE_TYPE, PROBABILITY, REGION_NAME, one_of, words_of
from data_files.csv_table import Column, DatedFiles
from data_files.market.configurations import Configuration

# The service model's maximum of RegionNames, and the most results AWS ever gives.
REGIONS_PER_QUERY = 10

# How a query came into the plan.
WATCH = "watch"
TOP = "top"
SAMPLE = "sample"


class Query(NamedTuple):
    """One placement-score query; probability is that of each of its pairs to be sampled, None where it is unknown."""

    instance: str
    regions: tuple[str, ...]
    origin: str
    probability: float | None

    def __str__(self) -> str:
        """Name it for the log."""
        return f"{self.instance} in {' '.join(self.regions)}"

    def configuration(self, target_capacity: int) -> Configuration:
        """Give what AWS counts this query as."""
        return Configuration(self.instance, self.regions, target_capacity)


INSTANCE = Column("instance", INSTANCE_TYPE, "the instance type", is_needed=True)
REGIONS = Column("regions", words_of(REGION_NAME, REGIONS_PER_QUERY), "the Regions asked in one query", is_needed=True)
ORIGIN = Column("origin", one_of(WATCH, TOP, SAMPLE), "how the query came into the plan", is_needed=True)
PROBABILITY_OF_PAIR = Column(
    "probability",
    PROBABILITY,
    "with which the sampling picked each of the row's pairs among all neither watched nor on top; else 1",
)

FILES = DatedFiles(
    (
        INSTANCE,
        REGIONS,
        ORIGIN,
        PROBABILITY_OF_PAIR,
    ),
    Query,
    is_appended=False,
    folder="collect_sps_and_if/data/plan",
)


class BrokenPlan(Exception):
    """The file is there, but is no plan; the text says why."""


def read_plan(home: Path, day: date) -> list[Query] | None:
    """Read a day's plan; None if there is none yet, and no queries where the file says so: it is a header alone.

    Raises BrokenPlan for a file that holds anything else.
    """
    if not FILES.has(home, day):
        return None
    senseless: list[int] = []
    queries = list(FILES.rows(home, day, senseless.append))
    if senseless or not (queries or _is_header_alone(FILES.path(home, day))):
        what = f"{sum(senseless)} rows that are no query AWS would accept" if senseless else "no queries"
        raise BrokenPlan(f"{FILES.path(home, day)} holds {what}")
    return list({(query.instance, query.regions): query for query in queries}.values())


def _is_header_alone(path: Path) -> bool:
    return list(csv_file.read(path, is_appended=False)) == [list(FILES.header)]


def set_plan_aside(home: Path, day: date) -> Path | None:
    """Keep a file that is no plan under another name, and give that; None if there is none. Raises Unwritable."""
    path = FILES.path(home, day)
    return durable_file.set_aside(path) if path.is_file() else None


def write_plan(home: Path, day: date, queries: Iterable[Query]) -> None:
    """Put a day's plan in place, whole. Raises Unwritable."""
    FILES.replace(FILES.path(home, day), queries)
