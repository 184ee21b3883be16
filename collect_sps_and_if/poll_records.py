"""A poll's rows: every planned pair with its outcome, saved in one batch, and acknowledged by the poll's own row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collect_sps_and_if.advisor_answer import Listing
from collect_sps_and_if.placement_scores import Asked
from collect_sps_and_if.planning import Query
from collect_sps_and_if.tables import POLLS, REFUSED, SPS_AND_IF, Tables
from common import csv_file
from common.clock import iso
from common.csv_file import Cell


@dataclass(frozen=True)
class EarlierPolls:
    """What the day's file says before a poll: when others were, and which pairs AWS refused."""

    times: frozenset[str]
    refused: frozenset[tuple[str, str]]

    def refused_query(self, query: Query) -> bool:
        """Tell whether this query was refused earlier in the day."""
        return any((region, query.instance) in self.refused for region in query.regions)

    def time_for(self, started: datetime) -> datetime:
        """Give a poll its time, to the second: its start, or the next second that no other poll of the day has."""
        moment = started.replace(microsecond=0)
        while iso(moment) in self.times:
            moment += timedelta(seconds=1)
        return moment


def earlier_polls(tables: Tables, day: date) -> EarlierPolls:
    """Read what the polls of a day left."""
    times = set()
    refused = set()
    for row in csv_file.read(tables.sps_and_if(day)):
        times.add(row.get("time", ""))
        if row.get("outcome") == REFUSED:
            refused.add((row.get("region", ""), row.get("instance", "")))
    return EarlierPolls(frozenset(times), frozenset(refused))


def save(tables: Tables, at: datetime, asked: Iterable[Asked], listing: Listing) -> int:
    """Append a row for every planned pair, and give their number. Raises Unwritable."""
    rows = _rows(at, asked, listing)
    csv_file.append(tables.sps_and_if(at.date()), SPS_AND_IF, rows)
    return len(rows)


def acknowledge(tables: Tables, at: datetime, asked: Sequence[Asked], rows: int, seconds: float) -> None:
    """Append the poll's own row, last of all: it says that the others are there. Raises Unwritable."""
    failed = sum(one.is_failed for one in asked)
    csv_file.append(tables.polls, POLLS, [(iso(at), len(asked), failed, rows, round(seconds, 3))])


def _rows(at: datetime, asked: Iterable[Asked], listing: Listing) -> list[tuple[Cell, ...]]:
    time = iso(at)
    rows: dict[tuple[str, str], tuple[Cell, ...]] = {}
    for one in asked:
        instance = one.query.instance
        for region in one.query.regions:
            advice = listing.get((region, instance))
            frequency = advice.interruption_frequency if advice else None
            rows[region, instance] = (time, region, instance, one.scores[region], frequency, one.outcomes[region])
    return [rows[pair] for pair in sorted(rows)]
