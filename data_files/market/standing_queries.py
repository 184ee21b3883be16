"""standing_queries.csv: placement-score queries of any shape that the user wants asked at each poll. Read with care.

People write it, by hand or with a spreadsheet: a line that cannot be right costs itself only, and is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from common.files import csv_file
from data_files.cells import INSTANCE_TYPE, REGION_NAME, TITLE, one_of, whole_numbers, words_of
from data_files.csv_table import Column, read_cell
from data_files.market.configurations import REGION_SCOPE, SCOPES, Configuration, configuration
from data_files.market.plans import REGIONS_PER_QUERY

PLACE = "standing_queries.csv"
"""Where it lies under HOME."""

_MOST_TYPES = 1000  # the service model's maximum of InstanceTypes
_MOST_LINES = 10_000  # a file of more is not what a person wrote


class StandingQuery(NamedTuple):
    """One line: no Regions are those that offer all its types; a target capacity of None is INSTANCE_COUNT."""

    name: str
    instances: tuple[str, ...]
    regions: tuple[str, ...]
    target_capacity: int | None
    scope: str

    def configuration(self, regions: Sequence[str], target_capacity: int) -> Configuration:
        """Give what AWS counts this query as; regions are for one without any, target_capacity likewise."""
        return configuration(
            self.instances, self.regions or regions, self.target_capacity or target_capacity, self.scope
        )


class WrongLine(NamedTuple):
    """A line that cannot be right, and why; the header is line 1."""

    line: int
    reason: str


@dataclass(frozen=True)
class StandingQueries:
    """What the file holds: the queries, in its order, and the lines that are none."""

    queries: Sequence[StandingQuery] = ()
    wrong: Sequence[WrongLine] = ()

    @property
    def complaints(self) -> list[str]:
        """Name the lines that cannot be right, a text a reason."""
        by_reason: dict[str, list[int]] = {}
        for line, reason in self.wrong:
            by_reason.setdefault(reason, []).append(line)
        return [f"{PLACE}, {_lines(lines)}: {reason}" for reason, lines in by_reason.items()]


QUERY_NAME = Column("name", TITLE, "the query's name, once in the file", is_needed=True)
INSTANCES = Column(
    "instances", words_of(INSTANCE_TYPE, _MOST_TYPES), "the instance types, of which any will do", is_needed=True
)
REGIONS = Column(
    "regions", words_of(REGION_NAME, REGIONS_PER_QUERY), "the Regions; empty: up to 10 that offer all the types"
)
TARGET_CAPACITY = Column("target_capacity", whole_numbers(1, 1_000_000), "instances; empty: INSTANCE_COUNT")
SCOPE = Column("scope", one_of(*SCOPES), "whether Regions are scored or each of their zones; empty: `region`")
COLUMNS = (QUERY_NAME, INSTANCES, REGIONS, TARGET_CAPACITY, SCOPE)
_LISTS = (INSTANCES, REGIONS)

HEADER = ",".join(column.name for column in COLUMNS)


def read_standing_queries(home: Path) -> StandingQueries:
    """Read the file under a HOME; without one there are no queries. Nothing in it, nor that it is no file, raises."""
    try:
        content = (home / PLACE).read_bytes()
    except FileNotFoundError:
        return StandingQueries()
    except OSError as error:
        return StandingQueries(wrong=[WrongLine(1, f"the file cannot be read ({error.strerror or error})")])
    lines = _numbered(content)
    number, cells = next(lines, (0, None))
    if not number:
        return StandingQueries()
    try:
        places = _places(cells)
    except ValueError as reason:
        return StandingQueries(wrong=[WrongLine(number, str(reason))])
    return _read_lines(lines, places)


def _read_lines(lines: Iterator[tuple[int, list[str] | None]], places: Mapping[str, int]) -> StandingQueries:
    queries: dict[str, StandingQuery] = {}
    told_on: dict[str, int] = {}
    wrong = []
    for number, cells in lines:
        try:
            query = _query(cells, places)
            if query.name in queries:
                raise ValueError(f"the name {query.name!r} is that of line {told_on[query.name]}")
        except ValueError as reason:
            wrong.append(WrongLine(number, str(reason)))
        else:
            queries[query.name], told_on[query.name] = query, number
    return StandingQueries(list(queries.values()), wrong)


def _numbered(content: bytes) -> Iterator[tuple[int, list[str] | None]]:
    """Give the lines with their numbers; what is empty or begins with # is passed over, None is no text or no CSV."""
    text = content.removeprefix(b"\xef\xbb\xbf").decode(errors="replace").replace("\0", "\ufffd")
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if number > _MOST_LINES:
            return
        cells = _line_cells(line)
        if cells is None or (any(cells) and not line.lstrip().startswith("#")):
            yield number, cells


def _line_cells(line: str) -> list[str] | None:
    cells = csv_file.line_cells(line)
    return None if cells is None else [cell.strip() for cell in cells]


def _places(cells: Sequence[str] | None) -> Mapping[str, int]:
    """Give where each column stands; raise ValueError for what is no header of this file."""
    names = [name.lower() for name in cells or []]
    while names and not names[-1]:
        names.pop()
    known = {column.name for column in COLUMNS}
    strange = next((name for name in names if name not in known or names.count(name) > 1), None)
    lacking = next((column.name for column in COLUMNS if column.is_needed and column.name not in names), None)
    if strange is not None or lacking:
        what = f"{lacking!r} is missing" if strange is None else f"{strange[:40]!r} is no column, or one too many"
        raise ValueError(f"{what}: the header must be {HEADER}; nothing of the file is asked")
    return {name: names.index(name) for name in names}


def _query(cells: Sequence[str] | None, places: Mapping[str, int]) -> StandingQuery:
    """Read a line; raise ValueError if it cannot be right."""
    if cells is None:
        raise ValueError("is no CSV in UTF-8; a quotation mark too many?")
    if any(cells[len(places) :]):
        raise ValueError(f"has {len(cells)} cells, but the header has {len(places)}")
    values: dict[Column, Any] = {}
    for column in COLUMNS:
        place = places.get(column.name, len(cells))
        text = cells[place] if place < len(cells) else ""
        values[column] = read_cell(column, text.replace(",", " ") if column in _LISTS else text)
    return StandingQuery(
        values[QUERY_NAME],
        values[INSTANCES],
        values[REGIONS] or (),
        values[TARGET_CAPACITY],
        values[SCOPE] or REGION_SCOPE,
    )


def _lines(numbers: Sequence[int]) -> str:
    return f"line{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
