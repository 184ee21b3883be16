"""Fetch spot price changes; cron runs this every hour.

Asks each Region for the prices of the instance types in the plans and probes of the last two days, since what it has of
each already (at first: 90 days back, as far as AWS tells), and appends a row for every change to data/YYYY-MM-DD.csv
under collect_spot_price, by the day of the change. It costs nothing and uses no quota. Exit codes: 0 done, 1 done in
part (what a Region did not answer is caught up later), 2 bad settings or credentials, 75 another run is under way.
"""

import sys
from pathlib import Path

if not __package__:  # run by its path: Python then looks for modules in this folder, not in the root
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from common.command_line import CommandLine
from common.exit_code import leave


def main() -> int:
    """Do one run."""
    CommandLine("python -m collect_spot_price", __doc__).parse_args()
    import configs
    from common.clock import Clock
    from common.files.run_lock import run_lock
    from common.run_log import start_log
    from common.time_limit import LONGEST_RUN_SECONDS, time_limit
    from data_files.folders import Folders

    clock = Clock.start()
    folders = Folders(configs.HOME, "collect_spot_price")
    start_log(folders.log, clock.started)
    lock = folders.data / "run.lock"
    with time_limit(LONGEST_RUN_SECONDS), run_lock(lock, longest_seconds=LONGEST_RUN_SECONDS):
        from collect_spot_price.collecting import collect

        return collect(configs.HOME, clock)


if __name__ == "__main__":
    leave(main)
