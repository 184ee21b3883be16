"""Rehearses a month unattended, with everything that goes wrong in one, and says whether all of it held.

Thirty-one days of cron's lines against the local AWS, half of them round each change of the clocks: a poll every ten
minutes, a probe every PROBE_MINUTES (cron's own are 10), the night's work at 23:55. Besides the events of
tests/whole_runs/rehearsal/event.py, which fall on six of the days, kill -9 hits one program in a hundred. It takes hours:
half a second a poll, some four a probe. A full disk is played only for root, who may mount one.

    python -m benchmarks.rehearsed_month [--probe-minutes 60] [--days 31] [--keep FOLDER]
"""

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.conftest import FALSE_CREDENTIALS
from tests.stand_in import StandIn
from tests.whole_runs.rehearsal import rehearsal as schedule
from tests.whole_runs.rehearsal.audit import Audit
from tests.whole_runs.rehearsal.machine import Machine, small_disk

DAILY_USD = 0.5
KILL_SHARE = 0.01


def main() -> int:
    """Live through the month and print what did not hold."""
    arguments = _arguments()
    os.environ.update(FALSE_CREDENTIALS)
    with _home() as home, StandIn("--now", "2026-03-16T00:00:00+01:00") as aws, small_disk(home) as disk:
        settings = {"SPOT_REGIONS": "us-east-1 eu-west-1 us-west-2", "SPOT_LAUNCH_DAILY_BUDGET_USD": str(DAILY_USD)}
        machine = Machine(aws, home, settings, can_fill_disk=disk, kill_share=KILL_SHARE)
        machine.live_through(schedule.full(arguments.probe_minutes, arguments.days), _say_the_day)
        ended = machine.clean_up(datetime(2026, 11, 1, 6, tzinfo=UTC))
        audit = Audit(home, machine.ran)
        print(f"\n{audit.figures()}; {aws.control.bill()['usd']:.4f} USD spent")
        if not disk:
            print("no full disk was played: only root may mount a small one")
        complaints = [*_complaints(audit, aws), *([f"the last clean-up: {ended}"] if ended.code else [])]
        print("\n".join(complaints) or "all of it held")
        if arguments.keep:
            shutil.copytree(home, arguments.keep, dirs_exist_ok=True)
    return 1 if complaints else 0


def _complaints(audit: Audit, aws: StandIn) -> Iterator[str]:
    for check in (audit.ends, audit.coverage, audit.rows, audit.nights, audit.advisor, audit.debris):
        yield from check()
    yield from audit.quota(aws.control.score_queries())
    yield from audit.money(aws.control.truth(), aws.control.bill(), DAILY_USD)


def _say_the_day(tick: schedule.Tick) -> None:
    if (tick.machine.hour, tick.machine.minute) == (0, 0):
        sys.stdout.write(f"\r{tick.machine.date()}")
        sys.stdout.flush()


@contextlib.contextmanager
def _home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rehearsed_month_") as folder:
        yield Path(folder)


def _arguments() -> argparse.Namespace:
    description, _, details = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        "python -m benchmarks.rehearsed_month",
        description=description,
        epilog=details,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--probe-minutes", type=int, default=60, help="minutes between two probes (default: 60)")
    parser.add_argument("--days", type=int, default=31, help="so many of the month's days, for a taste (default: all)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="copy the month's files there for a closer look")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
