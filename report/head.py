"""The head of the page in words and figures: whether collecting goes well, and what to do where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from analysis.health.causes import causes, percent
from analysis.health.polling import LEAST_DONE
from common.counted import ago, counted
from data_files.market.polled import ABSENT, FAILED, OK, REFUSED, WAITING
from report.gather.endings import ENDED_ALL_FULFILLED, ENDED_NOT_FULFILLED
from report.gather.everything import Gathered
from report.gather.launches import MOST_PROBES

_GOOD, _WARN, _NONE = "good", "warn", "none"


@dataclass(frozen=True)
class Card:
    """One figure with what it means; its state is good, warn (look into it) or none (nothing known)."""

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
        if self.ending in (ENDED_ALL_FULFILLED, ENDED_NOT_FULFILLED):
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
    lines = [f"{cause[0].upper()}{cause[1:]}." for cause in causes(gathered.health)]
    if gathered.troubles.lines:
        lines.append("Some of what was collected makes no sense and was passed over; the foot of the page names it.")
    return lines


def _last_poll(gathered: Gathered) -> Card:
    health, polling = gathered.health, gathered.health.polling
    if not polling or not polling.last:
        return Card("Last poll", _NONE, "none", "", ("No poll has been finished.",))
    last = polling.last
    seconds = "" if last.seconds is None else f" in {last.seconds:g} s"
    lines = (
        f"{last.time:%a %-d %b %Y}, {ago((health.now - last.time).total_seconds())}",
        f"{counted(last.queries or 0, 'query', 'queries')}, {last.failed or 0} failed;"
        f" {counted(last.rows or 0, 'row')}{seconds}",
    )
    state = _WARN if polling.is_late(health.now) else _GOOD
    return Card("Last poll", state, f"{last.time:%H:%M}", utc_offset(last.time), lines)


def _coverage(gathered: Gathered) -> Card:
    polls, polling = gathered.polls, gathered.health.polling
    if not polls.due:
        return Card("Coverage", _NONE, "none", "", ("No poll is on record.",))
    share = 1 - polls.missing / polls.due
    today = f"today {polling.today.done:,} of {polling.today.due:,} due" if polling else "today unknown"
    return Card(
        "Coverage",
        _GOOD if share >= LEAST_DONE and polling and polling.is_covered else _WARN,
        f"{100 * share:.1f}",
        "% of polls due",
        (
            f"{polls.missing:,} missed in {counted(len(polls.gaps), 'gap')}; {today}",
            f"{polls.failed:,} of {polls.queries:,} queries failed",
        ),
    )


def _answers(gathered: Gathered) -> Card:
    title, polling = "Placement scores of 24 hours", gathered.health.polling
    if not polling or polling.answered_share is None:
        return Card(title, _NONE, "none", "", ("No placement score was asked for.",))
    outcomes = polling.outcomes
    return Card(
        title,
        _GOOD if polling.is_answered else _WARN,
        percent(polling.answered_share).removesuffix(" %"),
        "% answered",
        (
            f"{outcomes.get(OK, 0):,} scores, {outcomes.get(ABSENT, 0):,} pairs absent",
            f"{outcomes.get(REFUSED, 0):,} refused, {outcomes.get(FAILED, 0):,} failed,"
            f" {outcomes.get(WAITING, 0):,} waiting",
        ),
    )


def _quota(gathered: Gathered) -> list[Card]:
    title, limit = "Quota of 24 hours", gathered.health.settings.configuration_limit
    used = gathered.health.places_used
    if used is None:
        return [Card(title, _NONE, "unknown", f"of {limit}", ("The record of configurations cannot be read.",))]
    if not any(used.values()):
        return [Card(title, _NONE, "0", f"of {limit}", ("No placement score was asked for.",))]
    return [
        Card(
            title, _GOOD if count <= limit else _WARN, str(count), f"of {limit}", (f"configurations asked in {region}",)
        )
        for region, count in used.items()
    ]


def _probes(gathered: Gathered) -> Card:
    rows = probe_rows(gathered)
    if not rows:
        return Card("Last probe", _NONE, "none", "", ("No probe has been made.",))
    last = rows[0]
    return Card(
        "Last probe",
        _WARN if gathered.health.probes and gathered.health.probes.left_open else _GOOD,
        last.ready_in_words,
        "" if last.ready_in_words.endswith("fulfilled") else "ready",
        (f"{last.instance} in {last.region}", f"{last.when}; {last.ending} after {last.seconds} s"),
    )


def _spending(gathered: Gathered) -> Card:
    money, budget = gathered.health.money, gathered.health.settings.daily_budget_usd
    if not gathered.spending or not money:
        return Card("Spending", _NONE, "0.00", "USD", ("No probe has cost anything.",))
    return Card(
        "Spending today",
        _GOOD if money.of_days(1) <= budget else _WARN,
        f"{money.of_days(1):.2f}",
        f"of {budget:.2f} USD",
        (f"{money.of_days(7):.2f} in 7 days", f"{money.of_days(30):.2f} in 30 days"),
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


def utc_offset(time: datetime) -> str:
    """Write a time's offset from UTC: `+01:00`."""
    text = f"{time:%z}"
    return f"{text[:3]}:{text[3:5]}"
