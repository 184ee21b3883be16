"""The head of the page in words and figures: is all well, and if not, what is to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from report.gathering import Gathered
from report.launches import MOST_PROBES

LATE_AFTER = timedelta(minutes=25)
FAILED_SHARE = 0.1  # of a poll's queries: a single one fails now and then
GOOD, CARE, NONE = "good", "care", "none"


@dataclass(frozen=True)
class Card:
    """One figure with what it means; state good, care (look into it) or none (nothing known)."""

    title: str
    state: str
    figure: str
    unit: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProbeRow:
    """A probe as the table of the last ones shows it."""

    when: str
    instance: str
    region: str
    ready: int
    asked: int
    seconds: int


def cards(gathered: Gathered) -> list[Card]:
    """Give the cards: last poll, coverage, quota, probes, spending."""
    return [_last_poll(gathered), _coverage(gathered), *_quota(gathered), _probes(gathered), _spending(gathered)]


def cares(gathered: Gathered) -> list[str]:
    """Say what a person should look into, a line each."""
    lines = [
        f"A probe of {probe.instance} in {probe.region}, begun {probe.time:%Y-%m-%d %H:%M}, was never ended: "
        "run python -m collect_launch_time --clean-up."
        for probe in gathered.health.open_probes
    ]
    if gathered.troubles.lines:
        lines.append("Some of what was collected makes no sense and was passed over; the foot of the page names it.")
    return lines


def _last_poll(gathered: Gathered) -> Card:
    health, last = gathered.health, gathered.health.polls.last
    if not last:
        return Card("Last poll", NONE, "none", "", ("No poll has been finished.",))
    age = health.now - last.time
    state = CARE if age > LATE_AFTER or last.failed > FAILED_SHARE * last.queries else GOOD
    lines = (
        f"{last.time:%a %-d %b %Y}, {_ago(age)} before this page",
        f"{last.queries} queries, {last.failed} failed; {last.rows} rows in {last.seconds:g} s",
    )
    return Card("Last poll", state, f"{last.time:%H:%M}", _offset(last.time.strftime("%z")), lines)


def _coverage(gathered: Gathered) -> Card:
    polls = gathered.health.polls
    due = sum(day.expected for day in polls.days.values())
    if not due:
        return Card("Coverage", NONE, "none", "", ("No poll is on record.",))
    share = sum(day.polls for day in polls.days.values()) / due
    state = GOOD if share >= 0.95 else CARE
    queries, failed = (sum(getattr(day, name) for day in polls.days.values()) for name in ("queries", "failed"))
    return Card(
        "Coverage",
        state,
        f"{100 * min(1, share):.1f}",
        "% of polls due",
        (
            f"{polls.missed:,} missed in {polls.gap_count:,} gap{'s' if polls.gap_count != 1 else ''}",
            f"{failed:,} of {queries:,} queries failed",
        ),
    )


def _quota(gathered: Gathered) -> list[Card]:
    limit = gathered.health.limits.configurations
    used = gathered.health.configurations
    if not used:
        return [
            Card("Quota of 24 hours", NONE, "0", f"of {limit} configurations", ("No placement score was asked for.",))
        ]
    return [
        Card(
            "Quota of 24 hours",
            GOOD if count <= limit else CARE,
            str(count),
            f"of {limit} configurations",
            (f"asked in {region}",),
        )
        for region, count in used.items()
    ]


def _probes(gathered: Gathered) -> Card:
    rows = probe_rows(gathered)
    if not rows:
        return Card("Last probe", NONE, "none", "", ("No probe has been made.",))
    last = rows[0]
    return Card(
        "Last probe",
        CARE if gathered.health.open_probes else GOOD,
        f"{last.ready} of {last.asked}",
        "ready",
        (f"{last.instance} in {last.region}", f"{last.when}, watched for {last.seconds} s"),
    )


def _spending(gathered: Gathered) -> Card:
    health = gathered.health
    if not health.spending:
        return Card("Spending", NONE, "0.00", "US dollars", ("No probe has cost anything.",))
    budget = health.limits.daily_budget_usd
    return Card(
        "Spending today",
        GOOD if health.spent_today <= budget else CARE,
        f"{health.spent_today:.2f}",
        f"of {budget:.2f} US dollars",
        (f"{health.spent_since(7):.2f} in 7 days", f"{health.spent_since(30):.2f} in 30 days"),
    )


def probe_rows(gathered: Gathered) -> list[ProbeRow]:
    """Give the newest probes."""
    names = gathered.pools.names()
    rows = []
    for launch in gathered.launches.latest:
        probe = launch.probe
        instance, region = names[probe.pair]
        rows.append(ProbeRow(probe.when, instance, region, probe.ready, probe.asked, probe.seconds))
    return rows


def launches_in_words(gathered: Gathered) -> str:
    """Say how many probes there are, and whether all of them are drawn."""
    seen, drawn = gathered.launches.seen, len(gathered.launches.launches)
    if not seen:
        return "No launch-time probe has been made yet."
    text = f"{seen:,} probe{'s' if seen != 1 else ''} asked for instances and looked on as they became ready."
    return text if drawn == seen else f"{text} A random {drawn:,} of them are drawn (at most {MOST_PROBES:,})."


def _ago(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def _offset(text: str) -> str:
    return f"{text[:3]}:{text[3:5]}"
