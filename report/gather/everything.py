"""Gather what the page shows from all files, newest day first, a day at a time: memory does not grow with the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from analysis.advice.pair_advice import PairAdvice
from analysis.advice.pairs import advise
from analysis.advice.readiness import Readiness, measured_readiness
from analysis.health.figures import Health, HealthSettings, health
from analysis.reading import NotingReader, Troubles
from analysis.standing.newest_standing import newest_standing
from common.terminal import progress
from data_files.launches import journal
from data_files.market import configurations, plans, polls, scores, spot_prices
from data_files.market.polled import Pair
from data_files.market.standing_scores import NewestScores
from report.gather.day import FILES_OF_A_DAY, DaySummary, read_polled, read_small_files, summarise_day
from report.gather.interruption import MOST_STEPS, InterruptionFrequency
from report.gather.kept.summaries import KeptSummaries, KeptSummary
from report.gather.launches import LaunchHistory
from report.gather.pairs import PairNumbers, day_number
from report.gather.placement_scores import ScoreHistory
from report.gather.polled import KnownAtRequests
from report.gather.polls import POLL_COLUMNS, PollHistory
from report.gather.prices import CheapestPrices
from report.gather.ranking import BOOTSTRAP, RANKING_COLUMNS, DaysRanking, Ranking
from report.gather.week_hours import WeekHours

_SHOWN = timedelta(days=366)
"""How far back the page goes from the newest day."""

DAYS_BY_HOUR = 8
"""How many of the newest days are kept by the hour as well as by the day."""

_READ_TOGETHER = 8
"""So many days' small files are read at once."""

_MOST_CELLS = 250_000
"""Placement scores by pair and day or hour: some 4 MB of page. A year within AWS's quota has about 110,000."""


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
    begun: date | None = None
    """The first of the shown days with anything but prices: these are told for long before anything was collected."""
    last: date | None = None
    older: int = 0
    """Days that have files but are not shown."""


def gather_collected(
    home: Path, now: datetime, settings: HealthSettings, kept: KeptSummaries | None = None
) -> Gathered:
    """Read everything under home that the page can hold.

    kept: the summaries of days that earlier pages were made of, which take less time to read than the days' files.
    """
    gathered = Gathered(health(home, now, settings))
    reader = NotingReader(home, gathered.troubles)
    gathered.readiness = measured_readiness(reader, now)
    gathered.advice = advise(reader, now, measured=gathered.readiness)
    days = sorted(
        {day for files in FILES_OF_A_DAY if files is not plans.FILES for day in files.days(home)}, reverse=True
    )
    shown = _within_shown(days, now.date(), gathered.troubles)
    by_hour = set(shown[:DAYS_BY_HOUR])
    days_to_add = _with_kept(reader, shown, kept, by_hour)
    for place, (day, found) in enumerate(progress(days_to_add, len(shown), "days read")):
        if len(gathered.scores) > _MOST_CELLS or len(gathered.interruption) > MOST_STEPS:
            shown = shown[:place]
            break
        _add_day(gathered, reader, day, kept, found, by_hour=day in by_hour)
    gathered.launches.finish()
    if kept:
        kept.prune(shown)
    gathered.older = len(days) - len(shown)
    if shown:
        gathered.first, gathered.last = shown[-1], shown[0]
        collected = {
            day for files in FILES_OF_A_DAY if files not in (plans.FILES, spot_prices.FILES) for day in files.days(home)
        }
        gathered.begun = min(collected.intersection(shown), default=gathered.first)
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
    return [day for day in days if day > days[0] - _SHOWN]


def _with_kept(
    reader: NotingReader, days: Sequence[date], kept: KeptSummaries | None, by_hour: Set[date]
) -> Iterator[tuple[date, KeptSummary | None]]:
    """Give days with what is kept of them; of the others, and those by the hour, the small files are read ahead."""
    for start in range(0, len(days), _READ_TOGETHER):
        together = days[start : start + _READ_TOGETHER]
        found = {day: kept.summary(day) if kept and day not in by_hour else None for day in together}
        read_small_files(reader, [day for day, summary in found.items() if summary is None])
        yield from found.items()


def _add_day(
    gathered: Gathered,
    reader: NotingReader,
    day: date,
    kept: KeptSummaries | None,
    found: KeptSummary | None,
    *,
    by_hour: bool,
) -> None:
    if found:
        summary, answers = found
        known = KnownAtRequests(gathered.pairs, lambda: read_polled(reader, day), answers)
        _add_summary(gathered, day, summary, known, by_hour=False)
        is_new = not known.is_kept
    else:
        troubles = len(gathered.troubles.lines)
        summary, arrays = summarise_day(reader, day)
        known = KnownAtRequests(gathered.pairs, lambda: (arrays, summary.pairs))
        _add_summary(gathered, day, summary, known, by_hour=by_hour)
        is_new = len(gathered.troubles.lines) == troubles  # which the next page is to tell again
    if kept and not by_hour and is_new:
        kept.keep(day, summary, known.given)


def _add_summary(gathered: Gathered, day: date, summary: DaySummary, known: KnownAtRequests, *, by_hour: bool) -> None:
    number, own = day_number(day), summary.renumbered(gathered.pairs)
    gathered.polled_until = max(gathered.polled_until, own.polled_until)
    gathered.scores.add(own.cells, own.hours if by_hour else None)
    gathered.week_hours.add(own.week_hours)
    gathered.interruption.add(own.bands)
    gathered.prices.add(number, own.prices)
    gathered.ranking.add(number, own.ranking)
    launches = gathered.launches.add(number, own.looks, known, own.endings)
    gathered.launch_hours.add_launches(launches, own.probabilities, gathered.pairs)
    gathered.launches.add_outcomes(number, own.outcomes)
    if own.spent is not None:
        gathered.spending[day] = own.spent


def _add_bootstrap(gathered: Gathered, reader: NotingReader) -> None:
    if rows := reader.columns_at(scores.INITIAL, scores.INITIAL.path(reader.home), *RANKING_COLUMNS):
        gathered.ranking.add(BOOTSTRAP, DaysRanking.of(rows, gathered.pairs))


def _add_polls(gathered: Gathered, reader: NotingReader) -> None:
    now = gathered.health.now
    first, last = gathered.first or now.date(), gathered.last or now.date()
    # Polls missing since the newest day count too, but for no more than a year: the files may be years old.
    last = max(last, min(now.date(), last + _SHOWN))
    if rows := reader.columns_at(polls.FILE, polls.FILE.path(reader.home), *POLL_COLUMNS):
        gathered.polls = PollHistory.of(rows, first, last, now)


def _note_troubles(reader: NotingReader, now: datetime) -> None:
    """Note what cannot be read of the files that only the collection's health is read from."""
    for day in configurations.days_counted(now):
        reader.note_troubles(configurations.FILES, configurations.FILES.path(reader.home, day))
    for day in journal.recent_days(reader.home, now.date()):
        reader.note_troubles(journal.FILES, journal.FILES.path(reader.home, day))
