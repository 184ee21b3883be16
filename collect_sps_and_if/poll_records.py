"""A poll's rows: every planned pair with its outcome, saved in one batch, and acknowledged by the poll's own row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from collect_sps_and_if.asking.advisor_answer import Listing
from collect_sps_and_if.asking.placement_scores import Asked
from data_files.market import polled, polls
from data_files.market.plans import Query
from data_files.market.polled import REFUSED, Pair, PolledRow
from data_files.market.polls import PollRow


@dataclass(frozen=True)
class EarlierPolls:
    """What the day's file says before a poll: when others were, which pairs AWS refused, the capacity asked for."""

    times: frozenset[datetime]
    refused: frozenset[Pair]
    target_capacity: int | None  # None: nothing was asked yet

    def refused_query(self, query: Query) -> bool:
        """Tell whether this query was refused earlier in the day."""
        return any((region, query.instance) in self.refused for region in query.regions)

    def time_for(self, started: datetime) -> datetime:
        """Give a poll its time, to the second: its start, or the next second that no other poll of the day has."""
        moment = started.replace(microsecond=0)
        while moment in self.times:
            moment += timedelta(seconds=1)
        return moment


def earlier_polls(home: Path, day: date) -> EarlierPolls:
    """Read what the polls of a day left."""
    times = set()
    refused = set()
    capacity: int | None = None
    for row in polled.FILES.rows(home, day):
        times.add(row.time)
        capacity = capacity or row.target_capacity
        if row.outcome == REFUSED:
            refused.add(row.pair)
    return EarlierPolls(frozenset(times), frozenset(refused), capacity)


def save(home: Path, at: datetime, asked: Iterable[Asked], listing: Listing, target_capacity: int) -> int:
    """Append a row for every planned pair, and give their number. Raises Unwritable.

    target_capacity: the number of instances that placement scores were asked for.
    """
    rows = _rows(at, asked, listing, target_capacity)
    polled.FILES.append(polled.FILES.path(home, at.date()), rows)
    return len(rows)


def acknowledge_poll(home: Path, at: datetime, asked: Sequence[Asked], rows: int, seconds: float) -> None:
    """Append the poll's own row, last of all: it says that the others are there. Raises Unwritable."""
    failed = sum(answer.is_failed for answer in asked)
    refused = sum(answer.is_refused for answer in asked)
    waits = sum(answer.is_waiting for answer in asked)
    polls.acknowledge(home, PollRow(at, len(asked), failed, rows, round(seconds, 3), refused, waits))


def _rows(at: datetime, asked: Iterable[Asked], listing: Listing, target_capacity: int) -> list[PolledRow]:
    rows: dict[Pair, PolledRow] = {}
    for answer in asked:
        instance = answer.query.instance
        for region in answer.query.regions:
            advice = listing.get((region, instance))
            frequency = advice.interruption_frequency if advice else None
            score, outcome = answer.scores[region], answer.outcomes[region]
            rows[region, instance] = PolledRow(at, region, instance, score, frequency, outcome, target_capacity)
    return [rows[pair] for pair in sorted(rows)]
