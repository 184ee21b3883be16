"""Gather what the page shows from all files, newest day first, a day at a time: memory does not grow with the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from analysis.advice.pair_advice import PairAdvice
from analysis.advice.pairs import advise
from analysis.advice.readiness import Readiness, measured_readiness
from analysis.health.figures import Health, HealthSettings, health
from analysis.reading import NotingReader, Troubles
from analysis.standing.newest_standing import newest_standing
from common.terminal import progress
from data_files.csv_table import DatedFiles
from data_files.launches import instances, journal, looks, probes, spending
from data_files.market import advisor, configurations, plans, polled, polls, scores, spot_prices
from data_files.market.polled import Pair
from data_files.market.standing_scores import NewestScores
from report.gather import endings
from report.gather.interruption import MOST_STEPS, InterruptionFrequency, SeenBands, polled_bands, published_bands
from report.gather.launches import LaunchHistory
from report.gather.looks import Looks
from report.gather.pairs import PairNumbers, day_number
from report.gather.placement_scores import ScoreHistory
from report.gather.polled import PolledArrays
from report.gather.polls import PollHistory
from report.gather.prices import CheapestPrices
from report.gather.ranking import BOOTSTRAP, Ranking
from report.gather.week_hours import WeekHours, probabilities_of, probabilities_of_probes

SHOWN = timedelta(days=366)
"""How far back the page goes from the newest day."""

DAYS_BY_HOUR = 8
"""How many of the newest days are kept by the hour as well as by the day."""

MOST_CELLS = 250_000
"""Placement scores by pair and day or hour: some 4 MB of page. A year within AWS's quota has about 110,000."""

_FILES: Sequence[DatedFiles[Any]] = (
    *(polled.FILES, advisor.FILES, scores.FILES, spot_prices.FILES),
    *(looks.FILES, instances.FILES, probes.FILES, spending.FILES),
)


@dataclass
class Gathered:
    """All that the page shows."""

    health: Health
    """Of now, as every other program tells it."""
    polls: PollHistory = field(default_factory=PollHistory)
    spending: dict[date, float] = field(default_factory=dict)
    """In US dollars, of the shown days that have a file of it."""
    advice: Sequence[PairAdvice] = ()
    """Of all pairs polled in the last 24 hours, best first."""
    readiness: Mapping[Pair, Readiness] = field(default_factory=dict)
    """What the probes of the last 14 days showed."""
    pairs: PairNumbers = field(default_factory=PairNumbers)
    scores: ScoreHistory = field(default_factory=ScoreHistory)
    interruption: InterruptionFrequency = field(default_factory=InterruptionFrequency)
    prices: CheapestPrices = field(default_factory=CheapestPrices)
    week_hours: WeekHours = field(default_factory=WeekHours)
    """Of placement scores."""
    launch_hours: WeekHours = field(default_factory=WeekHours)
    """Of the share of instances that got ready."""
    ranking: Ranking = field(default_factory=Ranking)
    launches: LaunchHistory = field(default_factory=LaunchHistory)
    troubles: Troubles = field(default_factory=Troubles)
    standing: Sequence[NewestScores] = ()
    """The newest scores of the standing queries."""
    polled_until: int = 0
    """The local time of the last poll that left rows: seconds since 1970 as if it were UTC."""
    first: date | None = None
    last: date | None = None
    older: int = 0
    """Days that have files but are not shown."""


def gather_collected(home: Path, now: datetime, settings: HealthSettings) -> Gathered:
    """Read everything under home that the page can hold."""
    gathered = Gathered(health(home, now, settings))
    reader = NotingReader(home, gathered.troubles)
    gathered.advice = advise(reader, now)
    gathered.readiness = measured_readiness(reader, now)
    days = sorted({day for files in _FILES for day in files.days(home)}, reverse=True)
    shown = _within_shown(days, now.date(), gathered.troubles)
    for place, day in enumerate(progress(shown, len(shown), "days read")):
        if len(gathered.scores) > MOST_CELLS or len(gathered.interruption) > MOST_STEPS:
            shown = shown[:place]
            break
        _add_day(gathered, reader, day, by_hour=place < DAYS_BY_HOUR)
    gathered.launches.finish()
    gathered.older = len(days) - len(shown)
    if shown:
        gathered.first, gathered.last = shown[-1], shown[0]
    if not gathered.ranking.pair:
        _add_bootstrap(gathered, reader)
    _add_polls(gathered, reader)
    _note_troubles(reader, now)
    gathered.standing = newest_standing(reader, now.date())
    gathered.troubles.lines[:] = dict.fromkeys(gathered.troubles.lines)  # advice reads some of the same files
    return gathered


def _within_shown(days: list[date], today: date, troubles: Troubles) -> list[date]:
    """Choose the days to show; those of a clock that once ran ahead do not push the others out."""
    so_far = [day for day in days if day <= today + timedelta(days=1)]
    if so_far and len(so_far) < len(days):
        troubles.days_left_out(days[0], len(days) - len(so_far))
        days = so_far
    return [day for day in days if day > days[0] - SHOWN]


def _add_day(gathered: Gathered, reader: NotingReader, day: date, *, by_hour: bool) -> None:
    number, pairs = day_number(day), gathered.pairs
    arrays = None
    bands: list[SeenBands] = []
    if rows := reader.columns(polled.FILES, day, *PolledArrays.COLUMNS):
        arrays = PolledArrays.of(day, rows, pairs)
        hours = gathered.scores.add(arrays, by_hour=by_hour)
        queries = list(reader.rows(plans.FILES, plans.FILES.path(reader.home, day)))
        gathered.week_hours.add_scores(hours, probabilities_of(queries, pairs), pairs)
        bands.append(polled_bands(arrays))
        gathered.polled_until = max(gathered.polled_until, int(arrays.wall.max()))
    if rows := reader.columns(advisor.FILES, day, *InterruptionFrequency.COLUMNS):
        bands.append(published_bands(rows, pairs))
        gathered.polled_until = max(gathered.polled_until, int(bands[-1].wall.max(initial=0)))
    gathered.interruption.add(*bands)
    if rows := reader.columns(spot_prices.FILES, day, *CheapestPrices.COLUMNS):
        gathered.prices.add(number, rows, pairs)
    if rows := reader.columns(scores.FILES, day, *Ranking.COLUMNS):
        gathered.ranking.add(number, rows, pairs)
    _add_launches(gathered, reader, day, arrays)


def _add_launches(gathered: Gathered, reader: NotingReader, day: date, arrays: PolledArrays | None) -> None:
    number, pairs = day_number(day), gathered.pairs
    rows = reader.columns(looks.FILES, day, *Looks.COLUMNS)
    seen = Looks.of(rows, pairs) if rows else Looks.none()
    ended = reader.columns(probes.FILES, day, *endings.COLUMNS)
    launches = gathered.launches.add(number, seen, arrays, endings.endings_of(ended, pairs) if ended else {})
    if ended:
        gathered.launch_hours.add_launches(launches, probabilities_of_probes(ended, pairs), pairs)
    if rows := reader.columns(instances.FILES, day, *LaunchHistory.OUTCOME_COLUMNS):
        gathered.launches.add_outcomes(number, rows, pairs)
    _add_spending(gathered, reader, day)


def _add_bootstrap(gathered: Gathered, reader: NotingReader) -> None:
    if rows := reader.columns_at(scores.INITIAL, scores.INITIAL.path(reader.home), *Ranking.COLUMNS):
        gathered.ranking.add(BOOTSTRAP, rows, gathered.pairs)


def _add_spending(gathered: Gathered, reader: NotingReader, day: date) -> None:
    path = spending.FILES.path(reader.home, day)
    with reader.noting_errors(path):
        if spending.FILES.has(reader.home, day):
            gathered.spending[day] = spending.spent(reader.home, day, reader.counting(path))


def _add_polls(gathered: Gathered, reader: NotingReader) -> None:
    now = gathered.health.now
    first, last = gathered.first or now.date(), gathered.last or now.date()
    # Polls missing since the newest day count too, but for no more than a year: the files may be years old.
    last = max(last, min(now.date(), last + SHOWN))
    gathered.polls = PollHistory.of(reader.rows(polls.FILE, polls.FILE.path(reader.home)), first, last, now)


def _note_troubles(reader: NotingReader, now: datetime) -> None:
    """Note what cannot be read of the files that only the collection's health is read from."""
    for day in configurations.days_counted(now):
        reader.note_troubles(configurations.FILES, configurations.FILES.path(reader.home, day))
    for day in journal.recent_days(reader.home, now.date()):
        reader.note_troubles(journal.FILES, journal.FILES.path(reader.home, day))
