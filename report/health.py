"""Say whether collecting goes well: polls, quota, spending, and probes that were not brought to an end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from common.clock import parse_iso
from report import values
from report.polls import Polls
from report.reading import Sheet

QUOTA_WINDOW = timedelta(hours=24)
CLOSED = "closed"


@dataclass(frozen=True)
class Limits:
    """What the settings allow."""

    configurations: int
    daily_budget_usd: float
    timeout_seconds: float


@dataclass(frozen=True)
class OpenProbe:
    """A probe whose journal has no end: its run was killed, or cannot reach AWS."""

    time: datetime
    region: str
    instance: str


@dataclass
class Health:
    """All the head of the page tells."""

    now: datetime
    limits: Limits
    polls: Polls
    configurations: dict[str, int] = field(default_factory=dict)
    spending: dict[date, float] = field(default_factory=dict)
    open_probes: list[OpenProbe] = field(default_factory=list)

    @property
    def spent_today(self) -> float:
        """Give today's spending in US dollars."""
        return self.spending.get(self.now.date(), 0.0)

    def spent_since(self, days: int) -> float:
        """Give the spending of that many days up to today, in US dollars."""
        since = self.now.date() - timedelta(days=days)
        return sum(usd for day, usd in self.spending.items() if day > since)


def configurations_used(rows: Iterable[dict[str, str]], now: datetime) -> dict[str, int]:
    """Count the distinct configurations that each endpoint Region was asked for in the last 24 hours."""
    used: dict[str, set[tuple[str, str, str]]] = {}
    for row in rows:
        time = parse_iso(row.get("time", ""))
        if time and now - QUOTA_WINDOW < time <= now:
            configuration = (row.get("instance", ""), row.get("regions", ""), row.get("target_capacity", ""))
            used.setdefault(row.get("endpoint_region", ""), set()).add(configuration)
    return {region: len(configurations) for region, configurations in sorted(used.items())}


def spent(sheet: Sheet) -> float:
    """Sum a day's spending in US dollars."""
    usd = sheet["usd"].mapped(values.amount)
    return float(usd[usd == usd].sum())


def open_probes(rows: Iterable[dict[str, str]], now: datetime, timeout_seconds: float) -> list[OpenProbe]:
    """Find the probes the journal does not close, though their time is long over."""
    begun: dict[str, OpenProbe] = {}
    for row in rows:
        token, time = row.get("client_token", ""), parse_iso(row.get("time", ""))
        if row.get("event") == CLOSED:
            begun.pop(token, None)
        elif token and time and token not in begun:
            begun[token] = OpenProbe(time, row.get("region", ""), row.get("instance", ""))
    over = now - timedelta(seconds=timeout_seconds) - timedelta(minutes=10)
    return [probe for probe in begun.values() if probe.time < over]
