"""The head of the page in words and figures: whether collecting goes well, and what to do where it does not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.counted import counted
from data_files.launches.journal import Entry
from data_files.market.polled import ABSENT, FAILED, OK, REFUSED
from data_files.market.polls import PollRow, is_late
from report.gather.endings import ALL_FULFILLED, NOT_FULFILLED
from report.gather.everything import Gathered
from report.gather.launches import MOST_PROBES

LEAST_COVERED = 0.95
"""The share of the polls due that should have been done."""

MOST_UNANSWERED = 0.1
"""The share of queries or scores that may fail or be refused: a single one fails now and then."""

GOOD, WARN, NONE = "good", "warn", "none"


@dataclass(frozen=True)
class Card:
    """One figure with what it means; its state is GOOD, WARN (look into it) or NONE (nothing known)."""

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
    fulfilled: int
    ending: str

    @property
    def ready_in_words(self) -> str:
        """Give how many became ready, or, of a probe that did not wait for that, were fulfilled."""
        if self.ending in (ALL_FULFILLED, NOT_FULFILLED):
            return f"{self.fulfilled} of {self.asked} fulfilled"
        return f"{self.ready} of {self.asked}"


def cards(gathered: Gathered) -> list[Card]:
    """Give the cards: last poll, coverage, answers, quota, probes, spending."""
    return [
        _last_poll(gathered),
        _coverage(gathered),
        _answers(gathered),
        *_quota(gathered),
        _probes(gathered),
        _spending(gathered),
    ]


def warning_lines(gathered: Gathered) -> list[str]:
    """Say what a person should look into, a line each."""
    lines = [
        f"A probe of {entry.instance} in {entry.region}, begun {_begun(entry)}, was never ended: "
        "run python -m collect_launch_time --clean-up."
        for entry in gathered.health.open_probes
    ]
    if gathered.troubles.lines:
        lines.append("Some of what was collected makes no sense and was passed over; the foot of the page names it.")
    return lines


def _begun(entry: Entry) -> str:
    return f"{entry.intended:%Y-%m-%d %H:%M}" if entry.intended else "at an unknown time"


def _last_poll(gathered: Gathered) -> Card:
    health, last = gathered.health, gathered.health.polls.last
    if not last:
        return Card("Last poll", NONE, "none", "", ("No poll has been finished.",))
    is_bad = is_late(last.time, health.now) or _went_badly(gathered, last)
    seconds = "" if last.seconds is None else f" in {last.seconds:g} s"
    lines = (
        f"{last.time:%a %-d %b %Y}, {_ago(health.now - last.time)} before this page",
        f"{counted(last.queries or 0, 'query', 'queries')}, {last.failed or 0} failed;"
        f" {counted(last.rows or 0, 'row')}{seconds}",
    )
    state = WARN if is_bad else GOOD
    return Card("Last poll", state, f"{last.time:%H:%M}", utc_offset(last.time), lines)


def _went_badly(gathered: Gathered, last: PollRow) -> bool:
    newest = gathered.newest_polled
    outcomes = newest.outcomes(last.time.timestamp()) if newest else Counter()
    return (last.failed or 0) > MOST_UNANSWERED * (last.queries or 0) or _are_unanswered(outcomes)


def _are_unanswered(outcomes: Counter[str]) -> bool:
    return outcomes[REFUSED] + outcomes[FAILED] > MOST_UNANSWERED * outcomes.total()


def _coverage(gathered: Gathered) -> Card:
    polls = gathered.health.polls
    if not polls.due:
        return Card("Coverage", NONE, "none", "", ("No poll is on record.",))
    share = 1 - polls.missing / polls.due
    return Card(
        "Coverage",
        GOOD if share >= LEAST_COVERED else WARN,
        f"{100 * share:.1f}",
        "% of polls due",
        (
            f"{polls.missing:,} missed in {counted(len(polls.gaps), 'gap')}",
            f"{polls.failed:,} of {polls.queries:,} queries failed",
        ),
    )


def _answers(gathered: Gathered) -> Card:
    newest = gathered.newest_polled
    if not newest:
        return Card("Placement scores", NONE, "none", "", ("No placement score was asked for.",))
    outcomes = newest.outcomes()
    answered = outcomes[OK] + outcomes[ABSENT]
    return Card(
        "Placement scores",
        WARN if _are_unanswered(outcomes) else GOOD,
        f"{100 * answered / outcomes.total():.1f}",
        "% answered",
        (
            f"on {newest.day:%a %-d %b}: {outcomes[OK]:,} scores, {outcomes[ABSENT]:,} pairs absent",
            f"{outcomes[REFUSED]:,} refused, {outcomes[FAILED]:,} failed",
        ),
    )


def _quota(gathered: Gathered) -> list[Card]:
    title, limit = "Quota of 24 hours", gathered.health.settings.configuration_limit
    used = gathered.health.configurations
    if not used:
        return [Card(title, NONE, "unknown", f"of {limit}", ("The record of configurations cannot be read.",))]
    if not any(used.values()):
        return [Card(title, NONE, "0", f"of {limit}", ("No placement score was asked for.",))]
    return [
        Card(title, GOOD if count <= limit else WARN, str(count), f"of {limit}", (f"configurations asked in {region}",))
        for region, count in used.items()
    ]


def _probes(gathered: Gathered) -> Card:
    rows = probe_rows(gathered)
    if not rows:
        return Card("Last probe", NONE, "none", "", ("No probe has been made.",))
    last = rows[0]
    return Card(
        "Last probe",
        WARN if gathered.health.open_probes else GOOD,
        last.ready_in_words,
        "" if last.ready_in_words.endswith("fulfilled") else "ready",
        (f"{last.instance} in {last.region}", f"{last.when}; {last.ending} after {last.seconds} s"),
    )


def _spending(gathered: Gathered) -> Card:
    health = gathered.health
    if not health.spending:
        return Card("Spending", NONE, "0.00", "USD", ("No probe has cost anything.",))
    budget = health.settings.daily_budget_usd
    return Card(
        "Spending today",
        GOOD if health.spent_today <= budget else WARN,
        f"{health.spent_today:.2f}",
        f"of {budget:.2f} USD",
        (f"{health.spent_since(7):.2f} in 7 days", f"{health.spent_since(30):.2f} in 30 days"),
    )


def probe_rows(gathered: Gathered) -> list[ProbeRow]:
    """Give the newest probes."""
    names = gathered.pairs.names()
    rows = []
    for launch in gathered.launches.latest:
        probe = launch.probe
        instance, region = names[probe.pair]
        figures = probe.ready, probe.asked, probe.seconds, probe.fulfilled
        rows.append(ProbeRow(probe.when, instance, region, *figures, launch.ending))
    return rows


def launches_in_words(gathered: Gathered) -> str:
    """Say how many probes there are, and whether all of them are drawn."""
    seen, drawn = gathered.launches.seen, len(gathered.launches.launches)
    if not seen:
        return "No launch-time probe has been made yet."
    text = f"{counted(seen, 'probe')} asked for instances and watched them become ready."
    return text if drawn == seen else f"{text} A random {drawn:,} of them are drawn (at most {MOST_PROBES:,})."


def _ago(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def utc_offset(time: datetime) -> str:
    """Write a time's offset from UTC: `+01:00`."""
    text = f"{time:%z}"
    return f"{text[:3]}:{text[3:5]}"
