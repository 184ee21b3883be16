"""Score a day, plan the next one, and report: the night's work. Cron runs this at 23:55.

Counts how often each pair's placement score and interruption frequency changed, and writes data/score/YYYY-MM-DD.csv
under collect_sps_and_if; plans the next day, unless it has a plan; writes the report to data/report, and mails it if
SMTP_RECIPIENTS has anybody. Safe to run again: the same day gives the same score, a plan stays, and the same report is
mailed once. What could not be mailed is tried again at the next run. Files of days that are long over are compressed.
Settings: configs.py. Exit codes: 0 done, 1 done in part, 2 nothing to score or bad settings, 75 another run is under
way.
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

    from collect_sps_and_if.nightly.day_moves import Moves
    from common.clock import Clock
    from data_files.market.polled import PolledDay
    from data_files.market.scores import Score

log = logging.getLogger(__name__)

PACKAGE = "collect_sps_and_if"


def main() -> int:
    """Do the night's work and give the exit code."""
    arguments = _parse_arguments()
    import configs
    from common.clock import Clock
    from common.files.run_lock import run_lock
    from common.run_log import start_log

    clock = Clock.start()
    folders = Folders(configs.HOME, PACKAGE)
    start_log(folders.log, clock.started)
    lock = folders.data / "daily_score.lock"
    with time_limit(LONGEST_RUN_SECONDS), run_lock(lock, longest_seconds=LONGEST_RUN_SECONDS):
        return nightly_work(arguments.date or clock.started.date(), clock, configs.HOME, mails=not arguments.no_email)


def nightly_work(day: date, clock: Clock, home: Path, *, mails: bool) -> int:
    """Score, plan, report, tidy up: in this order, so that what fails later costs nothing of what came before."""
    import configs
    from collect_sps_and_if.nightly.day_moves import moves_of, score_day
    from collect_sps_and_if.nightly.old_days import tidy
    from common.terminal import say

    polled = _polled(day, home)
    moves = moves_of(polled)
    scores = score_day(polled, moves)
    write_scores(home, day, scores)
    is_whole = [
        _is_fine(*_about_senseless(polled, home)),
        _is_fine(*plan_next_day(day, clock, home)),
        _is_fine(*report(polled, scores, moves, clock.now(), home, mails=mails)),
        _is_fine(*tidy(home, clock.started.date(), configs.KEEP_PLAIN_DAYS)),
    ]
    say(f"{len(scores)} pairs scored for {day}; the report is in {Folders(home, PACKAGE).data / 'report'}")
    return DONE if all(is_whole) else IN_PART


def _polled(day: date, home: Path) -> PolledDay:
    from common.errors import Refusal
    from data_files.market import polled

    path = polled.FILES.path(home, day)
    if not polled.FILES.has(home, day):
        raise Refusal(f"nothing was collected on {day}: there is no {path}")
    found = polled.read_day(home, day)
    if not found.rows:
        raise Refusal(f"{path} holds no row that makes sense: expected {','.join(polled.FILES.header)}")
    return found


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
    from collect_sps_and_if.planning.standing import standing_for
    from collect_sps_and_if.planning.wishes import offered_types, wishes
    from common.errors import Locked, Refusal
    from data_files.market import plans, standing_definitions
    from data_files.market.configurations import Ledger

    offered, now, capacity = offered_types(), clock.now(), configs.INSTANCE_COUNT
    has_plan = plans.FILES.has(home, following)
    standing = standing_for(home, now, capacity, offered.every_type, is_planning=not has_plan)
    try:
        wished = wishes(capacity, standing.configurations)
        plan_for(following, now, home, Ledger(home, configs.SPS_REGION), wished, offered)
        standing_definitions.record_definitions(home, standing.definitions)
    except (NoOffers, Refusal, Locked) as reason:
        return [f"{following} is not planned, and its first poll will try again: {reason}"]
    return offered.complaints


def report(
    polled: PolledDay, scores: Sequence[Score], moves: Moves, now: datetime, home: Path, *, mails: bool
) -> list[str]:
    """Write the report to disk, and mail it where that is wished; give the one line about what failed, if anything."""
    import configs
    from collect_sps_and_if.nightly.attention import attention
    from collect_sps_and_if.nightly.daily_report import compose, letter, write_report
    from collect_sps_and_if.nightly.mail import outbox
    from collect_sps_and_if.nightly.report_facts import gather

    mails = mails and bool(configs.SMTPConfigs().SMTP_RECIPIENTS)
    undelivered = len(outbox.waiting(home, without=polled.day)) if mails else 0
    facts = gather(home, polled, scores, moves, now)
    composed = compose(facts, attention(facts, home, undelivered), home)
    write_report(composed, home)
    failure = outbox.mail(letter(composed), polled.day, home, now) if mails else None
    return [failure] if failure else []


def _is_fine(*complaints: str) -> bool:
    # Told at once: the report, which comes last, reads in the log what came before it.
    from common.run_log import tell

    for line in complaints:
        tell(line)
    return not complaints


def _about_senseless(polled: PolledDay, home: Path) -> list[str]:
    if not polled.senseless:
        return []
    from data_files.market.polled import FILES

    return [f"{polled.senseless} rows of {FILES.path(home, polled.day)} made no sense and were left out of the score"]


def _parse_arguments() -> argparse.Namespace:
    description, _, details = (__doc__ or "").partition("\n\n")
    parser = CommandLine("python -m collect_sps_and_if.daily_score", description=description, epilog=details)
    parser.add_argument("--date", type=calendar_date, metavar="YYYY-MM-DD", help="the day to score (default: today)")
    parser.add_argument("--no-email", action="store_true", help="write the report to disk, but mail nothing")
    return parser.parse_args()


if __name__ == "__main__":
    leave(main)
