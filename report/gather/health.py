"""Gather what tells whether collecting goes well: polls, quota, spending, and probes that were never ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from analysis.reading import NotingReader
from data_files.launches import journal, spending
from data_files.market import configurations, polls
from data_files.market.configurations import Ledger
from report.gather.polls import PollHistory


@dataclass(frozen=True)
class ReportSettings:
    """The settings that the page goes by."""

    configuration_limit: int
    endpoint_region: str
    """The Region whose endpoint is asked for placement scores."""
    daily_budget_usd: float
    timeout_seconds: float
    """After which a probe ends."""


@dataclass
class Health:
    """All that the head of the page tells."""

    now: datetime
    settings: ReportSettings
    polls: PollHistory = field(default_factory=PollHistory)
    configurations: dict[str, int] = field(default_factory=dict)
    """By endpoint Region how many configurations occupy a place of its quota; empty if that cannot be read."""
    spending: dict[date, float] = field(default_factory=dict)
    """In US dollars, of the days that have a file of it."""
    open_probes: list[journal.Entry] = field(default_factory=list)

    @property
    def spent_today(self) -> float:
        """Give today's spending in US dollars."""
        return self.spending.get(self.now.date(), 0.0)

    def spent_since(self, days: int) -> float:
        """Give the spending of that many days up to today, in US dollars."""
        since = self.now.date() - timedelta(days=days)
        return sum(usd for day, usd in self.spending.items() if day > since)

    def add_spending(self, reader: NotingReader, day: date) -> None:
        """Add what a day has cost, if it has a file that can be read."""
        path = spending.FILES.path(reader.home, day)
        with reader.noting_errors(path):
            if spending.FILES.has(reader.home, day):
                self.spending[day] = spending.spent(reader.home, day, reader.counting(path))

    def read(self, reader: NotingReader, first: date, last: date) -> None:
        """Read the rest, of the days from first to last."""
        rows = reader.rows(polls.FILE, polls.FILE.path(reader.home))
        self.polls = PollHistory.of(rows, first, last, self.now)
        self.configurations = configurations_used(reader, self.settings.endpoint_region, self.now)
        self.open_probes = open_probes(reader, self.now, self.settings.timeout_seconds)


def configurations_used(reader: NotingReader, endpoint_region: str, now: datetime) -> dict[str, int]:
    """Count the configurations that occupy a place: of an endpoint Region, and of others that were asked of late.

    Empty if a file cannot be read.
    """
    regions = {endpoint_region}
    for day in configurations.days_counted(now):
        if rows := reader.columns(configurations.FILES, day, configurations.ENDPOINT_REGION):
            regions.update(rows.coded(configurations.ENDPOINT_REGION).values)
    try:
        used = {region: len(Ledger(reader.home, region).last_uses(now)) for region in sorted(regions)}
    except OSError:  # which the reader has noted
        return {}
    return {region: count for region, count in used.items() if count or region == endpoint_region}


def open_probes(reader: NotingReader, now: datetime, timeout_seconds: float) -> list[journal.Entry]:
    """Give the probes that should have ended by now and that the journal does not close, oldest first."""
    for day in journal.recent_days(reader.home, now.date()):
        reader.note_troubles(journal.FILES, journal.FILES.path(reader.home, day))
    return journal.open_entries(reader.home, now, timeout_seconds)
