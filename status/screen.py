"""The collection's health for a terminal of 80 columns: what needs a person first, then a line a figure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from datetime import datetime

from analysis.health.causes import percent
from analysis.health.disk import Disk
from analysis.health.figures import Health
from analysis.health.money import Money
from analysis.health.night import Night
from analysis.health.polling import Polling
from analysis.health.probes import Probes
from common.counted import ago, counted

_WIDTH = 80
_NAME = 10
_COMMAND = re.compile(r"python -m [\w.]+(?: --[\w-]+(?: [0-9]{4}-[0-9]{2}-[0-9]{2})?)?|kill [0-9]+")
_UNBROKEN = "\N{NO-BREAK SPACE}"
_UNKNOWN = "unknown: its files cannot be read"


def screen(health: Health, attention: Sequence[str]) -> str:
    """Write what needs a person, then the figures."""
    now = health.now
    lines = [f"Spot collection, {now:%Y-%m-%d %H:%M %z}: {'needs a look' if attention else 'healthy'}", ""]
    for cause in attention:
        lines += _wrapped(cause, "  * ", "    ")
    if attention:
        lines.append("")
    polling, probes = health.polling, health.probes
    figures = {
        "polls": polling and _polls(polling, now),
        "scores": polling and _scores(polling),
        "quota": _quota(health),
        "night": health.night and _night(health.night),
        "probes": probes and _probes(probes, now),
        "spending": health.money and _spending(health.money, health.settings.daily_budget_usd),
        "prices": f"last change {_when(health.last_price, now)}" if health.last_price else "none yet",
        "disk": health.disk and _disk(health.disk),
    }
    for name, figure in figures.items():
        lines += _wrapped(figure or _UNKNOWN, f"{name:<{_NAME}}", " " * _NAME)
    return "\n".join(lines)


def _wrapped(text: str, first: str, others: str) -> list[str]:
    """Wrap a line; a command stays whole, to be copied."""
    whole = _COMMAND.sub(lambda found: found[0].replace(" ", _UNBROKEN), text)
    lines = textwrap.wrap(whole, _WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
    return [line.replace(_UNBROKEN, " ") for line in lines]


def _when(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "none yet"
    local = moment.astimezone(now.tzinfo)
    day = "" if local.date() == now.date() else f"{local:%Y-%m-%d} "
    return f"{day}{local:%H:%M}, {ago((now - moment).total_seconds())}"


def _polls(polling: Polling, now: datetime) -> str:
    if polling.last is None:
        return "none yet"
    return f"last {_when(polling.last.time, now)}; {polling.today.done:,} of {polling.today.due:,} due today"


def _scores(polling: Polling) -> str:
    if polling.answered_share is None:
        return "none was asked for in 24 hours"
    refused = (
        "" if polling.refused_queries is None else f"; {counted(polling.refused_queries, 'query', 'queries')} refused"
    )
    return f"{percent(polling.answered_share)} answered in 24 hours{refused}"


def _quota(health: Health) -> str | None:
    if health.places_used is None:
        return None
    used = health.places_used[health.settings.endpoint_region]
    return (
        f"{used} of {health.settings.configuration_limit} places of 24 hours used in {health.settings.endpoint_region}"
    )


def _night(night: Night) -> str:
    scored = f"last scored {night.last_scored}" if night.last_scored else "no day scored yet"
    unscored = f"{counted(len(night.unscored), 'day')} unscored" if night.unscored else "no day unscored"
    unsent = f"{counted(len(night.unsent), 'mail')} unsent" if night.unsent else "no mail unsent"
    return f"{scored}; {unscored}, {unsent}"


def _probes(probes: Probes, now: datetime) -> str:
    last = f"last {_when(probes.last, now)}" if probes.last else "none yet"
    return (
        f"{last}; {counted(len(probes.left_open), 'probe')} left open"
        if probes.left_open
        else f"{last}; none left open"
    )


def _spending(money: Money, limit: float) -> str:
    today, week, month = (f"{money.of_days(days):,.2f}" for days in (1, 7, 30))
    return f"{today} of {limit:,.2f} USD today; {week} in 7 days, {month} in 30"


def _disk(disk: Disk) -> str:
    growth = "" if disk.bytes_a_day is None else f"; a day takes {disk.bytes_a_day / 1e6:,.1f} MB"
    growth += f", later {disk.packed_bytes_a_day / 1e6:,.1f}" if growth and disk.packed_bytes_a_day else ""
    return f"{disk.free_bytes / 1e9:,.1f} GB free, about {disk.data_bytes / 1e9:,.2f} GB collected{growth}"
