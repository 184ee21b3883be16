"""Poll placement scores and interruption frequency once; cron runs this every 10 minutes.

Asks AWS for the placement scores of today's plan (made with the day's first poll, or the night before), and the Spot
Instance Advisor for the interruption frequency, and appends a row for every planned (Region, instance type) to
data/sps_and_if/YYYY-MM-DD.csv under collect_sps_and_if; what HOME/standing_queries.csv asks besides goes to
data/standing_scores. Settings: configs.py. Exit codes: 0 done, 1 done in part,
2 bad settings or credentials, 75 another poll is under way.
"""

import sys
from pathlib import Path

if not __package__:  # run by its path: Python then looks for modules in this folder, not in the root
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from common.command_line import CommandLine
from common.exit_code import leave

POLL_SECONDS = 570.0
"""The most that a poll takes: it is over before cron starts the next."""


def main() -> int:
    """Do one poll."""
    _parse_arguments()
    import configs
    from common.clock import Clock
    from common.files.run_lock import run_lock
    from common.run_log import start_log
    from common.time_limit import time_limit
    from data_files.folders import Folders

    clock = Clock.start()
    folders = Folders(configs.HOME, "collect_sps_and_if")
    start_log(folders.log, clock.started)
    with time_limit(POLL_SECONDS), run_lock(folders.data / "poll.lock", longest_seconds=POLL_SECONDS):
        from collect_sps_and_if.heartbeat import send_heartbeat
        from collect_sps_and_if.poll import poll
        from common.errors import Refusal
        from notify.people import notify_people

        try:
            return poll(clock, configs.HOME)
        except Exception as error:  # whatever it was, leave() tells it
            send_heartbeat(configs.HEARTBEAT_URL, is_well=False)
            if isinstance(error, Refusal):  # only a person can mend it
                notify_people(configs.HOME, configs.NOTIFY_URLS, [str(error)], clock.now())
            raise


def _parse_arguments() -> None:
    CommandLine("python -m collect_sps_and_if", __doc__).parse_args()


if __name__ == "__main__":
    leave(main)
