"""Rehearses a month unattended, with everything that goes wrong in one, and says whether all of it held.

Thirty-one days of cron's lines against the local AWS, half of them round each change of the clocks: a poll every ten
minutes, a probe every PROBE_MINUTES (cron's own are 10), prices every three hours, the night's work at 23:55. Besides
the events of tests/whole_runs/rehearsal/month.py, which fall on six of the days, kill -9 hits one program in a hundred.
It takes hours: half a second a poll, some four a probe. A full disk is played only for root, who may mount one.

    python -m benchmarks.rehearsed_month [--probe-minutes 60] [--days 31] [--keep FOLDER]
"""

import argparse
import sys

from benchmarks import rehearsal
from tests.whole_runs.rehearsal import month


def main() -> int:
    """Live through the month and print what did not hold."""
    arguments = _arguments()
    with rehearsal.machine_for(month.full(arguments.probe_minutes, arguments.days)) as machine:
        machine.live_through(rehearsal.say_the_day)
        return rehearsal.judge(machine, keep=arguments.keep)


def _arguments() -> argparse.Namespace:
    parser = rehearsal.parser("rehearsed_month", __doc__ or "")
    parser.add_argument("--probe-minutes", type=int, default=60, help="minutes between two probes (default: 60)")
    parser.add_argument("--days", type=int, default=31, help="so many of the month's days, for a taste (default: all)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
