"""Score the day, plan the next one, and report: the night's work. Cron runs this at 23:55.

Counts how often each pair's placement score and interruption frequency changed, and writes data/score/YYYY-MM-DD.csv
under collect_sps_and_if; plans the next day, unless it has a plan; writes the report to data/report, and mails it if
SMTP_RECIPIENTS has anybody. Without --date the day is today, before noon yesterday; past days of the last 14 that have
no score or no report get theirs too, and a day on which nothing was collected is reported as that. Safe to run again:
the same day gives the same score, a plan stays, and the same report is mailed once. What could not be mailed is tried
again at the next run. Files of days that are long over are compressed. Settings: configs.py. Exit codes: 0 done, 1 done
in part, 2 nothing was collected on the --date or bad settings, 75 another run is under way.
"""

from __future__ import annotations

import argparse
import logging
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if not __package__:  # run by its path: Python then looks for modules in this folder, not in the root
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from common.command_line import CommandLine, calendar_date
from common.exit_code import DONE, IN_PART, leave
from common.time_limit import LONGEST_RUN_SECONDS, time_limit
from data_files.folders import Folders

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from collect_sps_and_if.nightly.daily_report import Report
    from collect_sps_and_if.nightly.day_moves import Moves
    from collect_sps_and_if.nightly.due_days import DueDays
    from common.clock import Clock
    from data_files.market.polled import PolledDay
    from data_files.market.scores import Score

log = logging.getLogger(__name__)

_PACKAGE = "collect_sps_and_if"
_CATCHING_UP_SECONDS = 240.0  # so that tonight's own report is made, however much was missed


def main() -> int:
    """Do the night's work and give the exit code."""
    arguments = _parse_arguments()
    import configs
    from common.clock import Clock
    from common.files.run_lock import run_lock
    from common.run_log import start_log

    clock = Clock.start()
    folders = Folders(configs.HOME, _PACKAGE)
    start_log(folders.log, clock.started)
    lock = folders.data / "daily_score.lock"
    with time_limit(LONGEST_RUN_SECONDS), run_lock(lock, longest_seconds=LONGEST_RUN_SECONDS):
        return _nightly_work(arguments.date, clock, configs.HOME, mails=not arguments.no_email)


def _nightly_work(asked: date | None, clock: Clock, home: Path, *, mails: bool) -> int:
    """Score, plan, report, tidy up: in this order, so that what fails later costs nothing of what came before."""
    import configs
    from collect_sps_and_if.nightly.day_moves import moves_of, score_day
    from collect_sps_and_if.nightly.due_days import asked_day, due_days
    from collect_sps_and_if.nightly.old_days import tidy
    from common.terminal import say_on_terminal
    from data_files.market.polled import read_day

    days = asked_day(home, asked) if asked else due_days(home, clock.started)
    is_whole = [_is_fine(*_catch_up(days, clock, home))]
    polled = read_day(home, days.reported)
    moves = moves_of(polled)
    scores = score_day(polled, moves)
    if scores:
        write_scores(home, days.reported, scores)
    is_whole += [
        _is_fine(*_about_senseless(polled, home)),
        _is_fine(*plan_next_day(days.reported, clock, home)),
        _is_fine(*_tell_of_the_day(days, polled, scores, moves, clock.now(), home, mails=mails)),
        _is_fine(*tidy(home, clock.started.date(), configs.KEEP_PLAIN_DAYS)),
    ]
    say_on_terminal(
        f"{len(scores)} pairs scored for {days.reported}; the report is in {Folders(home, _PACKAGE).data / 'report'}"
    )
    return DONE if all(is_whole) else IN_PART


def _catch_up(days: DueDays, clock: Clock, home: Path) -> list[str]:
    """Score and report past days, oldest first; give a line for each that failed. The rest is for the next night."""
    from common.clock import steady_seconds

    failed = []
    over = steady_seconds() + _CATCHING_UP_SECONDS
    for day in days.caught_up:
        if steady_seconds() > over:
            log.info("more past days are left for the next night")
            break
        try:
            failed += _catch_up_day(day, clock, home)
        except Exception as error:
            log.exception("%s was not caught up", day)
            failed.append(f"{day} could not be scored and reported: {error}")
    return failed


def _catch_up_day(day: date, clock: Clock, home: Path) -> list[str]:
    from collect_sps_and_if.nightly.day_moves import moves_of, score_day
    from collect_sps_and_if.nightly.due_days import DueDays
    from data_files.market import scores as score_files
    from data_files.market.polled import read_day

    polled = read_day(home, day)
    moves = moves_of(polled)
    scores = score_day(polled, moves)
    if not (
        polled.senseless and score_files.FILES.has(home, day)
    ):  # the score of before the file was spoiled is better
        write_scores(home, day, scores)
    _write_report(DueDays(day), polled, scores, moves, clock.now(), home, undelivered=0)
    return _about_senseless(polled, home)


def write_scores(home: Path, day: date, scores: Sequence[Score]) -> None:
    """Put a day's scores in place, whole. Raises Unwritable."""
    from data_files.market.scores import FILES

    FILES.replace(FILES.path(home, day), scores)
    log.info("%d pairs scored for %s", len(scores), day)


def plan_next_day(day: date, clock: Clock, home: Path) -> list[str]:
    """Plan the day after, unless it has a plan or is over; give a line a cause about what it lacks."""
    following = day + timedelta(days=1)
    if following < clock.started.date():
        return []
    import configs
    from collect_sps_and_if.asking.offers import NoOffers
    from collect_sps_and_if.planning.days_plan import plan_for
    from collect_sps_and_if.planning.plan_settings import offered_types, plan_settings
    from collect_sps_and_if.planning.standing import standing_for
    from common.errors import Locked, Refusal
    from data_files.market import plans, standing_definitions
    from data_files.market.configurations import Ledger

    offered, now, capacity = offered_types(), clock.now(), configs.INSTANCE_COUNT
    has_plan = plans.FILES.has(home, following)
    standing = standing_for(home, now, capacity, offered.every_type, is_planning=not has_plan)
    try:
        settings = plan_settings(capacity, standing.configurations)
        plan_for(following, now, home, Ledger(home, configs.SPS_REGION), settings, offered)
        standing_definitions.record_definitions(home, standing.definitions)
    except (NoOffers, Refusal, Locked) as reason:
        return [f"{following} is not planned, and its first poll will try again: {reason}"]
    return offered.complaints


def _write_report(
    days: DueDays, polled: PolledDay, scores: Sequence[Score], moves: Moves, now: datetime, home: Path, undelivered: int
) -> tuple[Report, list[str]]:
    """Write a day's report to disk, and give it with what needs a person. undelivered: earlier ones not mailed yet."""
    from collect_sps_and_if.nightly import daily_report
    from collect_sps_and_if.nightly.attention import attention
    from collect_sps_and_if.nightly.report_facts import gather

    facts = gather(home, polled, scores, moves, now, days)
    needs = attention(facts, home, undelivered)
    report = daily_report.compose(facts, needs, home)
    daily_report.keep_report(report, home)
    return report, needs


def _tell_of_the_day(
    days: DueDays, polled: PolledDay, scores: Sequence[Score], moves: Moves, now: datetime, home: Path, *, mails: bool
) -> list[str]:
    """Write the report, mail it and notify people where that is wished; give the one line about what failed, if any."""
    import configs
    from collect_sps_and_if.nightly.daily_report import letter
    from collect_sps_and_if.nightly.mail import outbox
    from notify.people import notify_people

    is_mailed = mails and bool(configs.SMTPConfigs().SMTP_RECIPIENTS)
    undelivered = len(outbox.waiting(home, without=polled.day)) if is_mailed else 0
    report, needs = _write_report(days, polled, scores, moves, now, home, undelivered)
    failure = outbox.mail(letter(report), polled.day, home, now) if is_mailed else None
    failures = [failure] if failure else []
    if mails:
        notify_people(home, configs.NOTIFY_URLS, [*needs, *failures], now)
    return failures


def _is_fine(*complaints: str) -> bool:
    # Told at once: the report, which comes last, reads in the log what came before it.
    from common.run_log import tell_on_stderr

    for line in complaints:
        tell_on_stderr(line)
    return not complaints


def _about_senseless(polled: PolledDay, home: Path) -> list[str]:
    if not polled.senseless:
        return []
    from data_files.market.polled import FILES

    return [f"{polled.senseless} rows of {FILES.path(home, polled.day)} made no sense and were left out of the score"]


def _parse_arguments() -> argparse.Namespace:
    parser = CommandLine("python -m collect_sps_and_if.daily_score", __doc__)
    parser.add_argument("--date", type=calendar_date, metavar="YYYY-MM-DD", help="score and report this day alone")
    parser.add_argument("--no-email", action="store_true", help="write the report to disk, but mail and notify nobody")
    return parser.parse_args()


if __name__ == "__main__":
    leave(main)
