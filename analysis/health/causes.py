"""What of the collection needs a person: each cause in one sentence that says what to do, a cause before its symptoms.

These are the conditions under which a collection is not healthy; a query that waits for its place in the quota is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.health.disk import LEAST_DAYS
from analysis.health.figures import Health
from analysis.health.polling import LEAST_DONE, Polling
from analysis.health.probes import Probes
from common.counted import ago, counted
from data_files.folders import Folders
from data_files.market import polls
from data_files.market.polled import FAILED, REFUSED

_POLL = "python -m collect_sps_and_if"


def causes(health: Health) -> list[str]:
    """Say what needs a person, the most pressing first; nothing if the collection is healthy."""
    found = [*_probes(health.probes), *_hung(health), *_disk(health)]
    if health.polling:
        found += _polling(health, health.polling)
    return [
        *found,
        *_night(health),
        *(f"{what}: give this user the file, or move it away" for what in health.unreadable),
    ]


def _probes(probes: Probes | None) -> Iterator[str]:
    if probes and probes.left_open:
        first, count = probes.left_open[0], len(probes.left_open)
        since = f"{first.intended:%Y-%m-%d %H:%M}" if first.intended else "an unknown time"
        yield (
            f"{counted(count, 'launch-time probe was', 'launch-time probes were')} never ended and may cost money,"
            f" the oldest of {first.instance or 'an unknown type'} in {first.region} since {since}:"
            " run python -m collect_launch_time --clean-up"
        )


def _hung(health: Health) -> Iterator[str]:
    for run in health.hung:
        yield (
            f"process {run.holder.process} has held {run.lock.relative_to(health.home)} since"
            f" {run.holder.since:%Y-%m-%d %H:%M}, longer than a run may take, and locks out all others:"
            f" look at it, then end it (kill {run.holder.process})"
        )


def _disk(health: Health) -> Iterator[str]:
    disk = health.disk
    if disk and disk.is_short:
        days = "" if disk.days_left is None else f", room for {counted(disk.days_left, 'day')} of collecting"
        yield (
            f"the disk is nearly full, with {disk.free_bytes / 1e9:.1f} GB free at {disk.place}{days}:"
            f" make room for {LEAST_DAYS} days, or set HOME to a larger disk"
        )


def _polling(health: Health, polling: Polling) -> Iterator[str]:
    if spoiled := polling.unreadable_polls:
        yield (
            f"{counted(spoiled, 'row')} of {polls.FILE.path(Path())} under HOME make{'s' if spoiled == 1 else ''} no"
            " sense, so the polls they are of count as missing: has the file been edited, or saved by a spreadsheet?"
            " Put back a copy of before"
        )
    if polling.last is None and spoiled:
        return
    if polling.last is None:
        yield (
            f"nothing has been collected yet under {health.home}: run {_POLL} once, and install crontab.txt,"
            " which goes on with it"
        )
        return
    log = Folders(Path(), "collect_sps_and_if").log
    if polling.is_late(health.now):
        age = ago((health.now - polling.last.time).total_seconds())
        failure = polling.failure
        yield (
            f"the last finished poll was {age}; the newest that failed, at {failure.time:%Y-%m-%d %H:%M}, says:"
            f" {failure.words}"
            if failure
            else f"the last finished poll was {age}: does cron run (service cron status), and is the machine awake?"
            f" {log} under HOME says what went wrong, if anything"
        )
    if not polling.is_covered:
        missing, due = polling.today.missing, polling.today.due
        yield (
            f"{counted(missing, 'poll')} of the {due:,} due today {'is' if missing == 1 else 'are'} missing,"
            f" less than {LEAST_DONE:.0%} are done"
            + (
                ""
                if spoiled >= missing
                else f": was the machine asleep, or cron off? {log} under HOME has the reasons, if any"
            )
        )
    if not polling.is_answered:
        yield _unanswered(polling)


def _unanswered(polling: Polling) -> str:
    refused, failed = polling.outcomes.get(REFUSED, 0), polling.outcomes.get(FAILED, 0)
    said = f"AWS answered {percent(polling.answered_share)} of the placement scores asked for in 24 hours"
    if refused >= failed:
        queries = "" if polling.refused_queries is None else f" and refused {_queries(polling.refused_queries)}"
        return (
            f"{said}{queries}: if for the configuration limit, does another program use the account?"
            " Else lower SPS_CONFIGURATION_LIMIT in spot.toml; the log has AWS's words"
        )
    return f"{said}, the rest failed: run python -m check_setup, which tries credentials and network"


def _queries(count: int) -> str:
    return counted(count, "query", "queries")


def percent(share: float | None) -> str:
    """Write a share in percent, rounded down, so that 100 % and a limit are said of all of it only."""
    return "unknown" if share is None else f"{int(share * 1000 + 1e-9) / 10:g} %"


def _night(health: Health) -> Iterator[str]:
    if not health.night:
        return
    if unscored := health.night.unscored:
        is_one = len(unscored) == 1
        yield (
            f"{counted(len(unscored), 'past day has', 'past days have')} polls but no score ({_days(unscored)}):"
            f" run python -m collect_sps_and_if.daily_score --date {unscored[0]}{'' if is_one else ', and so for each'}"
        )
    if unsent := health.night.unsent_for_a_day(health.now):
        yield (
            f"{counted(len(unsent), 'report has', 'reports have')} waited for a mail server for more than a day"
            f" ({_days(unsent)}): run python -m check_setup, which tries the log-in; the next night's work mails them"
        )


def _days(days: Sequence[object]) -> str:
    return ", ".join(map(str, days))
