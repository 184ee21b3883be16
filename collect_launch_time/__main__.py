"""Measure how many of N spot instances are ready after how many seconds; cron runs this every 10 minutes.

Ends what earlier runs left, requests N spot instances for each of some (instance type, Region) pairs, looks at them
every few seconds, and ends them all. The pairs: those with the highest score of all that today's plan polls, and some
drawn at random from today's sample. The daily budget is spread over the day: a run for which it has no room yet does no
more than end what was left. Settings: configs.py. SIGTERM and SIGINT end everything first. Exit codes: 0 done, 1 done
in part, 2 bad settings, credentials or input, 75 another run is under way.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if not __package__:  # run by its path: Python then looks for modules in this folder, not in the root
    sys.path[0] = str(Path(__file__).resolve().parent.parent)


from collect_launch_time.arguments import parse
from common.errors import Locked
from common.exit_code import LOCKED, leave
from common.time_limit import LONGEST_RUN_SECONDS, time_limit

if TYPE_CHECKING:
    from common.clock import Clock
    from common.time_limit import TimeLimit

ENDING_SECONDS = 300.0
"""What a run takes at the most beside its TIMEOUT."""
LOCK_SECONDS = 60.0  # a run that took its whole timeout is still ending when cron starts the next


def main() -> int:
    """Do one run."""
    arguments = parse(__doc__ or "")
    import configs
    from collect_launch_time.folders import probe_lock
    from collect_launch_time.steps import dry_run, full_run, held_open, start_logging
    from collect_launch_time.stop import Stop
    from common.clock import Clock
    from common.files.run_lock import run_lock

    stop = Stop()
    stop.listen()
    clock = Clock.start()
    unlogged = start_logging(clock)
    is_probing = not (arguments.dry_run or arguments.clean_up)
    seconds = configs.TIMEOUT + ENDING_SECONDS if is_probing else LONGEST_RUN_SECONDS
    if arguments.dry_run:
        with time_limit(seconds):
            return dry_run(arguments, clock, stop)
    try:
        with (
            time_limit(seconds, last_words=lambda: held_open(clock)) as limit,
            run_lock(probe_lock(configs.HOME), LOCK_SECONDS, longest_seconds=seconds),
        ):
            stop.defer()
            try:
                return full_run(arguments, clock, stop, unlogged, limit)
            finally:
                _notify_of_what_is_open(clock, limit)
    except Locked as locked:
        if arguments.clean_up or locked.is_overdue:
            raise
        # Not told on stderr, which cron would mail every ten minutes: the other run is merely a long one.
        logging.getLogger(__name__).warning("%s", locked)
        return LOCKED


def _notify_of_what_is_open(clock: Clock, limit: TimeLimit) -> None:
    """Tell people of the probes that a run, which still has the lock, could not end: they may cost money."""
    import configs
    from collect_launch_time.steps import held_open
    from notify.people import TELLING_SECONDS, notify_people

    seconds = min(TELLING_SECONDS, limit.seconds_left() / 2)
    if configs.NOTIFY_URLS and seconds > 0:
        with contextlib.suppress(OSError):  # the journal cannot be read, which the run itself has told
            notify_people(configs.HOME, configs.NOTIFY_URLS, held_open(clock), clock.now(), seconds)


if __name__ == "__main__":
    leave(main)
