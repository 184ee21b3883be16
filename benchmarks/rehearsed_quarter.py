"""Rehearses a quarter unattended: ninety-two days, what befalls a machine in that time, and what is in the mail of it.

Against the local AWS and a mail server, by a clock of Morocco, where both changes of the clocks fall into one quarter.
What befalls it is in tests/whole_runs/rehearsal/quarter.py; besides, kill -9 hits one program in a hundred. Cron's own
lines are played whole around what begins and ends; on quiet days a poll every six hours and the prices twice: of those
too the mail must tell how many polls are missing. While something goes wrong, status and check_setup must name it. In
the end each gap must stand in a mail that arrived, each past day must have the score of all its polls, no price change
may be missing, and each compressed file must read as before. It takes half an hour. A full disk is played only for
root, who may mount one.

    python -m benchmarks.rehearsed_quarter [--days 92] [--keep FOLDER]
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import rehearsal
from tests.whole_runs.rehearsal import quarter
from tests.whole_runs.rehearsal.event import NIGHT, PRICES
from tests.whole_runs.rehearsal.machine import Machine
from tests.whole_runs.rehearsal.mails import Mails, mail_sink
from tests.whole_runs.rehearsal.past_days import CompressedDays, scores_of_past_days
from tests.whole_runs.rehearsal.prices import missing_prices
from tests.whole_runs.rehearsal.rehearsal import Tick
from tests.whole_runs.rehearsal.rows import rows_of

KEEP_PLAIN_DAYS = 30  # the default


def main() -> int:
    """Live through the quarter and print what did not hold."""
    arguments = _arguments()
    with (
        tempfile.TemporaryDirectory(prefix="mails_") as folder,
        mail_sink(Path(folder)) as mail_settings,
        rehearsal.machine_for(quarter.quarter(arguments.days), mail_settings) as machine,
    ):
        compressed = CompressedDays(machine.home, KEEP_PLAIN_DAYS)
        prices: list[str] = []

        def before(tick: Tick) -> None:
            rehearsal.say_the_day(tick)
            if NIGHT in tick.programs:
                compressed.remember(tick.machine.date())
                if tick.machine.date() in quarter.PRICES_COMPARED:
                    prices.extend(
                        missing_prices(machine.home / PRICES / "data", machine.aws, machine.aws.control.now())
                    )

        machine.live_through(before)
        mails = Mails(Path(folder), machine.rehearsal, machine.ran)
        print(f"\n{len(mails.arrived)} mails arrived, {compressed.number} files were compressed", end="")
        return rehearsal.judge(machine, [*prices, *_complaints(machine, mails, compressed)], arguments.keep)


def _complaints(machine: Machine, mails: Mails, compressed: CompressedDays) -> Iterator[str]:
    yield from mails.nights()
    yield from mails.gaps(rows_of(machine.home / "collect_sps_and_if" / "data" / "polls.csv"))
    yield from scores_of_past_days(machine.home)
    yield from compressed.complaints()


def _arguments() -> argparse.Namespace:
    parser = rehearsal.parser("rehearsed_quarter", __doc__ or "")
    parser.add_argument(
        "--days", type=int, default=quarter.DAYS, help="so many of its days, for a taste (default: all)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
