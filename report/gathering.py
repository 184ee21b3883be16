"""Go through all that was collected, newest day first, a day at a time: memory does not grow with the files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from collect_launch_time import tables as launch_tables
from collect_sps_and_if import tables as score_tables
from common import csv_file
from common.dated_files import dated_files
from common.terminal import progress
from report.health import Health, Limits, configurations_used, open_probes, spent
from report.interruption import MOST_STEPS, InterruptionFrequency, published
from report.launches import Launches
from report.looks import Looks
from report.placement_scores import PlacementScores
from report.polled import Polled
from report.polls import Polls
from report.pools import Pools
from report.ranking import BOOTSTRAP, Ranking
from report.reading import Troubles, read_sheet

WINDOW = timedelta(days=366)
"""How far back the page goes from the newest day."""

DAYS_BY_HOUR = 8
"""So many of the newest days are kept by the hour too."""

MOST_CELLS = 250_000
"""Placement scores by pair and day: some 4 MB of page. A year within AWS's quota has about 110,000."""

JOURNALS = 3
"""What stays open longer is written again each day."""

_EPOCH = date(1970, 1, 1)


@dataclass
class Gathered:
    """All the page shows."""

    health: Health
    pools: Pools = field(default_factory=Pools)
    scores: PlacementScores = field(default_factory=PlacementScores)
    interruption: InterruptionFrequency = field(default_factory=InterruptionFrequency)
    ranking: Ranking = field(default_factory=Ranking)
    launches: Launches = field(default_factory=Launches)
    troubles: Troubles = field(default_factory=Troubles)
    first: date | None = None
    last: date | None = None
    older: int = 0
    """Days that have files but are not shown."""


def gather(home: Path, now: datetime, limits: Limits) -> Gathered:
    """Read everything under home that the page can hold."""
    scores, launches = score_tables.Tables(home), launch_tables.Tables(home)
    days = _days_with_files(scores, launches)
    gathered = Gathered(Health(now, limits, Polls()))
    shown = _within_window(days, now.date(), gathered.troubles)
    for place, day in enumerate(progress(shown, len(shown), "days read")):
        if len(gathered.scores) > MOST_CELLS or len(gathered.interruption) > MOST_STEPS:
            shown = shown[:place]
            break
        _add_day(gathered, scores, launches, day, by_hour=place < DAYS_BY_HOUR)
    gathered.launches.finish()
    gathered.older = len(days) - len(shown)
    if shown:
        gathered.first, gathered.last = shown[-1], shown[0]
    if not gathered.ranking.pair:
        _add_bootstrap(gathered, scores)
    _add_health(gathered, scores, launches)
    return gathered


def _days_with_files(scores: score_tables.Tables, launches: launch_tables.Tables) -> list[date]:
    folders = {path(_EPOCH).parent for path in (scores.sps_and_if, scores.score, scores.interruption_frequency)}
    folders |= {path(_EPOCH).parent for path in (launches.looks, launches.instances, launches.spending)}
    return sorted({day for folder in folders for day, _ in dated_files(folder)}, reverse=True)


def _within_window(days: list[date], today: date, troubles: Troubles) -> list[date]:
    """Choose the days to show; those of a clock that once ran ahead do not push the others out."""
    so_far = [day for day in days if day <= today + timedelta(days=1)]
    if so_far and len(so_far) < len(days):
        troubles.days_left_out(days[0], len(days) - len(so_far))
        days = so_far
    return [day for day in days if day > days[0] - WINDOW]


def _add_day(
    gathered: Gathered, scores: score_tables.Tables, launches: launch_tables.Tables, day: date, *, by_hour: bool
) -> None:
    number, pools, troubles = (day - _EPOCH).days, gathered.pools, gathered.troubles
    polled = None
    if sheet := read_sheet(scores.sps_and_if(day), score_tables.SPS_AND_IF[:5], troubles):
        polled = Polled.of(sheet, pools)
        gathered.scores.add(polled, by_hour=by_hour)
        gathered.interruption.add(number, polled.pair, polled.band)
    if sheet := read_sheet(scores.interruption_frequency(day), score_tables.INTERRUPTION_FREQUENCY[:4], troubles):
        gathered.interruption.add(number, *published(sheet, pools))
    if sheet := read_sheet(scores.score(day), score_tables.SCORE, troubles):
        gathered.ranking.add(number, sheet, pools)
    _add_launches(gathered, launches, day, polled)


def _add_launches(gathered: Gathered, launches: launch_tables.Tables, day: date, polled: Polled | None) -> None:
    number, pools, troubles = (day - _EPOCH).days, gathered.pools, gathered.troubles
    sheet = read_sheet(launches.looks(day), launch_tables.LOOKS, troubles)
    gathered.launches.add(number, Looks.of(sheet, pools) if sheet else Looks.none(), polled)
    if sheet := read_sheet(launches.instances(day), ("region", "instance", "outcome"), troubles):
        gathered.launches.add_outcomes(number, sheet, pools)
    if sheet := read_sheet(launches.spending(day), ("usd",), troubles):
        gathered.health.spending[day] = spent(sheet)


def _add_bootstrap(gathered: Gathered, scores: score_tables.Tables) -> None:
    if sheet := read_sheet(scores.init_score, score_tables.SCORE, gathered.troubles):
        gathered.ranking.add(BOOTSTRAP, sheet, gathered.pools)


def _add_health(gathered: Gathered, scores: score_tables.Tables, launches: launch_tables.Tables) -> None:
    health = gathered.health
    today = health.now.date()
    lately = [today - timedelta(days=1), today]
    first, last = gathered.first or today, max(gathered.last or today, today)
    health.polls = Polls.of(_rows(gathered.troubles, scores.polls), first, last, health.now)
    health.configurations = configurations_used(
        _rows(gathered.troubles, *map(scores.configurations, lately)), health.now
    )
    journals = [path for _, path in dated_files(launches.journals)[-JOURNALS:]]
    health.open_probes = open_probes(_rows(gathered.troubles, *journals), health.now, health.limits.timeout_seconds)


def _rows(troubles: Troubles, *paths: Path) -> Iterator[dict[str, str]]:
    for path in paths:
        yield from csv_file.read(path, lambda count, path=path: troubles.rows_passed_over(path, count))  # type: ignore[misc]
