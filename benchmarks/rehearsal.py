"""What the rehearsals share: where they are played, what they show meanwhile, and how they are judged."""

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from tests.conftest import FALSE_CREDENTIALS
from tests.stand_in import StandIn
from tests.whole_runs.rehearsal.audit import Audit
from tests.whole_runs.rehearsal.event import PRICES
from tests.whole_runs.rehearsal.machine import Machine, small_disk
from tests.whole_runs.rehearsal.prices import missing_prices, stored_prices
from tests.whole_runs.rehearsal.rehearsal import Rehearsal, Tick

DAILY_USD = 0.5
KILL_SHARE = 0.01
SETTINGS = {"SPOT_REGIONS": "us-east-1 eu-west-1 us-west-2", "SPOT_LAUNCH_DAILY_BUDGET_USD": str(DAILY_USD)}


@contextlib.contextmanager
def machine_for(rehearsal: Rehearsal, settings: dict[str, str] | None = None) -> Iterator[Machine]:
    """Give a machine with an empty HOME, on a small disk where the machine at hand lets us, and an AWS of its own."""
    os.environ.update(FALSE_CREDENTIALS)
    start = next(rehearsal.ticks()).at
    with (
        tempfile.TemporaryDirectory(prefix="rehearsal_") as folder,
        StandIn("--now", start.isoformat()) as aws,
        small_disk(Path(folder)) as disk,
    ):
        yield Machine(
            aws, Path(folder), rehearsal, SETTINGS | (settings or {}), can_fill_disk=disk, kill_share=KILL_SHARE
        )


def say_the_day(tick: Tick) -> None:
    """Show how far it is."""
    if (tick.machine.hour, tick.machine.minute) == (0, 0):
        sys.stdout.write(f"\r{tick.machine.date()}")
        sys.stdout.flush()


def judge(machine: Machine, further: Iterable[str] = (), keep: Path | None = None) -> int:
    """Clean up, print what did not hold, further complaints too, and give the exit code; keep: a copy of the files."""
    ended = machine.clean_up(machine.ran[-1].tick.at + timedelta(hours=6))
    audit = Audit(machine.home, machine.rehearsal, machine.ran)
    print(f"\n{audit.figures()}; {machine.aws.control.bill()['usd']:.4f} USD spent")
    if not machine.can_fill_disk:
        print("no full disk was played: only root may mount a small one")
    complaints = [*_complaints(audit, machine.aws), *further]
    complaints += [f"the last clean-up: {ended}"] if ended.code else []
    print("\n".join(complaints) or "all of it held")
    if keep:
        shutil.copytree(machine.home, keep, dirs_exist_ok=True)
    return 1 if complaints else 0


def _complaints(audit: Audit, aws: StandIn) -> Iterator[str]:
    for check in (audit.ends, audit.answers, audit.coverage, audit.rows, audit.nights, audit.advisor, audit.debris):
        yield from check()
    number, of_prices = stored_prices(audit.home / PRICES / "data")
    print(f"{number} price changes")
    yield from of_prices
    yield from missing_prices(audit.home / PRICES / "data", aws, aws.control.now())
    yield from audit.quota(aws.control.score_queries())
    yield from audit.money(aws.control.truth(), aws.control.bill(), DAILY_USD)


def parser(command: str, manual: str) -> argparse.ArgumentParser:
    """Give a command's parser, with what both rehearsals take; the manual is the module's docstring."""
    description, _, details = manual.partition("\n\n")
    made = argparse.ArgumentParser(
        f"python -m benchmarks.{command}",
        description=description,
        epilog=details,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--keep", type=Path, metavar="FOLDER", help="copy the files there for a closer look")
    return made
