"""The facts of the nightly report, gathered from files alone: what was collected, what moved, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import configs
from analysis.advice.pair_advice import PairAdvice
from analysis.advice.pairs import advise
from analysis.health.figures import Health, health
from analysis.reading import NotingReader, Troubles
from collect_sps_and_if.nightly.day_moves import Moves
from collect_sps_and_if.nightly.due_days import DueDays, PastDays, past_days
from collect_sps_and_if.nightly.log_notes import LogNote, locked_out, log_notes
from collect_sps_and_if.nightly.probe_results import ProbeResults, probe_results
from data_files import instance_tables
from data_files.folders import COLLECTORS, Folders
from data_files.market import polls, standing_definitions, standing_scores
from data_files.market.coverage import Coverage, coverage
from data_files.market.plans import BrokenPlan, read_plan
from data_files.market.polled import PolledDay
from data_files.market.scores import Score
from data_files.market.standing_definitions import Definitions
from data_files.market.standing_queries import read_standing_queries
from data_files.market.standing_scores import NewestScores, newest_scores


@dataclass(frozen=True)
class PlannedType:
    """An instance type of tomorrow's plan, with the number of Regions it is asked in."""

    instance: str
    origin: str
    regions: int


@dataclass(frozen=True)
class Facts:
    """Everything the report says of a day."""

    day: date
    now: datetime
    health: Health
    """Of the collection as it stands now, whatever day is reported."""
    best: Sequence[PairAdvice]
    """Where to launch now, best first: all pairs polled in the last 24 hours."""
    past: PastDays
    coverage: Coverage
    broken_off: int
    queries_failed: int
    queries_refused: int | None
    """Each once, however often it was left out afterwards; None where older versions did not count them."""
    locked_out: int
    """Polls that found another one still running."""
    polled: PolledDay
    scores: Sequence[Score]
    moves: Moves
    tomorrow: Sequence[PlannedType]
    probes: ProbeResults
    budget_usd: float
    ami_days_left: int | None
    logged: Sequence[LogNote]
    standing: Sequence[NewestScores]
    standing_complaints: Sequence[str]
    """What of the user's file of standing queries cannot be right now."""

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Count the rows by what became of the placement score."""
        return self.polled.outcomes


def gather(
    home: Path,
    polled: PolledDay,
    scores: Sequence[Score],
    moves: Moves,
    now: datetime,
    days: DueDays | None = None,
) -> Facts:
    """Gather a day's facts as they stand on disk; days are those that the night worked on."""
    day = polled.day
    collectors = [Folders(home, name) for name in COLLECTORS]
    acknowledged = polls.of_day(home, day)
    return Facts(
        day=day,
        now=now,
        health=health(home, now, configs.health_settings()),
        best=advise(NotingReader(home, Troubles()), now),
        past=past_days(home, days or DueDays(day), now),
        coverage=coverage(day, [poll.time for poll in acknowledged.polls], now, acknowledged.begun),
        broken_off=len(polled.times - {poll.time for poll in acknowledged.polls}),
        queries_failed=sum(poll.failed or 0 for poll in acknowledged.polls),
        queries_refused=max((poll.refused for poll in acknowledged.polls if poll.refused is not None), default=None),
        locked_out=locked_out(Folders(home, "collect_sps_and_if").log, day),
        polled=polled,
        scores=scores,
        moves=moves,
        tomorrow=_planned(home, day + timedelta(days=1)),
        probes=probe_results(home, day),
        budget_usd=configs.LAUNCH_DAILY_BUDGET_USD,
        ami_days_left=instance_tables.ami_days_left(home, now.date()),
        logged=log_notes([collector.log for collector in collectors], day),
        standing=newest_scores(
            standing_scores.FILES.rows(home, day), Definitions(standing_definitions.FILE.rows(home))
        ),
        standing_complaints=read_standing_queries(home).complaints,
    )


def _planned(home: Path, day: date) -> list[PlannedType]:
    try:
        queries = read_plan(home, day) or []
    except BrokenPlan:  # the first poll of that day makes it anew
        return []
    regions: dict[tuple[str, str], int] = {}
    for query in queries:
        key = query.instance, query.origin
        regions[key] = regions.get(key, 0) + len(query.regions)
    return [PlannedType(instance, origin, count) for (instance, origin), count in regions.items()]
