"""The figures of the collection's health, each from the files that tell it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from analysis.health.disk import Disk, disk
from analysis.health.locks import HungRun, hung_runs
from analysis.health.money import Money, money
from analysis.health.night import Night, night
from analysis.health.polling import Polling, polling
from analysis.health.probes import Probes, probes_made
from analysis.health.quota import places_used
from data_files.market import spot_prices

_T = TypeVar("_T")


@dataclass(frozen=True)
class HealthSettings:
    """The settings that health goes by."""

    configuration_limit: int
    endpoint_region: str
    """The Region whose endpoint is asked for placement scores."""
    daily_budget_usd: float
    timeout_seconds: float
    """After which a probe ends."""
    keep_plain_days: int = 0
    """After how many days files are compressed; 0: never."""


@dataclass(frozen=True)
class Health:
    """All figures at a moment; None where the files that tell it cannot be read."""

    home: Path
    now: datetime
    settings: HealthSettings
    polling: Polling | None
    places_used: dict[str, int] | None
    """By endpoint Region."""
    night: Night | None
    probes: Probes | None
    money: Money | None
    last_price: datetime | None
    """The time of the newest price change, by AWS's clock; None also where there is none."""
    disk: Disk | None
    hung: Sequence[HungRun]
    unreadable: Sequence[str]
    """What cannot be read, a few words each."""


def health(home: Path, now: datetime, settings: HealthSettings) -> Health:
    """Read everything that tells whether the collection under HOME is healthy; asks nobody."""
    today = now.date()
    unreadable: dict[str, None] = {}

    def tried(read: Callable[[], _T]) -> _T | None:
        try:
            return read()
        except OSError as error:
            unreadable[_words(error, home)] = None
            return None

    return Health(
        home=home,
        now=now,
        settings=settings,
        polling=tried(lambda: polling(home, now)),
        places_used=tried(lambda: places_used(home, settings.endpoint_region, now)),
        night=tried(lambda: night(home, now)),
        probes=tried(lambda: probes_made(home, now, settings.timeout_seconds)),
        money=tried(lambda: money(home, today)),
        last_price=tried(lambda: _last_price(home, now)),
        disk=tried(lambda: disk(home, today, settings.keep_plain_days)),
        hung=tried(lambda: hung_runs(home)) or (),
        unreadable=list(unreadable),
    )


def _last_price(home: Path, now: datetime) -> datetime | None:
    for day in spot_prices.FILES.days_until(home, now.date()):
        if times := [row.time for row in spot_prices.FILES.rows(home, day) if row.time <= now]:
            return max(times)
    return None


def _words(error: OSError, home: Path) -> str:
    path = Path(error.filename) if error.filename else home
    shown = path.relative_to(home) if path.is_relative_to(home) else path
    return f"{shown} cannot be read ({error.strerror or error})"
