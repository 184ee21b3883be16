"""A poll's rows: every planned pair and every standing query with its outcome, acknowledged by the poll's own row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from collect_sps_and_if.asking.advisor_answer import Listing
from collect_sps_and_if.asking.placement_scores import Asked
from data_files.market import polled, polls, standing_scores
from data_files.market.configurations import Configuration
from data_files.market.plans import Query
from data_files.market.polled import REFUSED, Pair, PolledRow
from data_files.market.polls import PollRow
from data_files.market.standing_definitions import Definition
from data_files.market.standing_scores import StandingRow

_Answers = Mapping[Configuration, Asked]
"""What came of every configuration that a poll wanted."""


@dataclass(frozen=True)
class EarlierPolls:
    """What the day's files say before a poll: when others were, what AWS refused, the capacity asked for."""

    times: frozenset[datetime]
    refused: frozenset[Pair]
    target_capacity: int | None  # None: nothing was asked yet
    refused_standing: frozenset[str]  # names of standing queries that were refused when they were last asked

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
    newest = {}
    for standing in standing_scores.FILES.rows(home, day):
        times.add(standing.time)
        newest[standing.name] = standing.outcome
    refused_standing = frozenset(name for name, outcome in newest.items() if outcome == REFUSED)
    return EarlierPolls(frozenset(times), frozenset(refused), capacity, refused_standing)


def save_planned(
    home: Path, at: datetime, queries: Sequence[Query], answers: _Answers, listing: Listing, target_capacity: int
) -> int:
    """Append a row for every planned pair, and give their number. Raises Unwritable.

    target_capacity: the number of instances that placement scores were asked for.
    """
    rows: dict[Pair, PolledRow] = {}
    for query in queries:
        answer = answers[query.configuration(target_capacity)]
        for region in query.regions:
            advice = listing.get((region, query.instance))
            frequency = advice.interruption_frequency if advice else None
            score, outcome = answer.scores[region, None], answer.outcomes[region, None]
            rows[region, query.instance] = PolledRow(
                at, region, query.instance, score, frequency, outcome, target_capacity
            )
    polled.FILES.append(polled.FILES.path(home, at.date()), [rows[pair] for pair in sorted(rows)])
    return len(rows)


def save_standing(home: Path, at: datetime, asked: Sequence[Definition], answers: _Answers) -> None:
    """Append a row for every Region or zone of the standing queries. Raises Unwritable."""
    rows = [
        StandingRow(at, each.name, region, zone, answer.scores[region, zone], answer.outcomes[region, zone])
        for each in asked
        for answer in [answers[each.configuration]]
        for region, zone in sorted(answer.outcomes, key=lambda place: (place[0], place[1] or ""))
    ]
    if rows:
        standing_scores.FILES.append(standing_scores.FILES.path(home, at.date()), rows)


def acknowledge_poll(home: Path, at: datetime, asked: Sequence[Asked], rows: int, seconds: float) -> None:
    """Append the poll's own row, last of all: it says that the others are there. Raises Unwritable."""
    failed = sum(answer.is_failed for answer in asked)
    refused = sum(answer.is_refused for answer in asked)
    waits = sum(answer.is_waiting for answer in asked)
    polls.acknowledge(home, PollRow(at, len(asked), failed, rows, round(seconds, 3), refused, waits))
