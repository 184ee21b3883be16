"""Measure how many of N spot instances are ready after how many seconds; cron runs this every 10 minutes.

Ends what any earlier run left, requests N spot instances for each of the best (instance type, Region) pairs of the
newest score, within the day's budget, looks at them every few seconds, and ends them all. Settings: configs.py.
SIGTERM and SIGINT end everything first. Exit codes: 0 done, 1 done in part, 2 bad settings, credentials or input,
75 another run is under way.
"""

import argparse
import logging
from typing import TYPE_CHECKING, NoReturn

from common.exit_code import LOCKED, Locked, Refusal, leave

if TYPE_CHECKING:
    from collect_launch_time.run_context import Rules
    from collect_launch_time.stop import Stop
    from collect_launch_time.tables import Tables
    from common.clock import Clock

LOCK_SECONDS = 60.0  # a run that took its whole timeout is still ending when cron starts the next


def main() -> int:
    """Do one run."""
    arguments = _parse_arguments()
    import configs
    from collect_launch_time.stop import Stop
    from collect_launch_time.tables import Tables
    from common.clock import Clock
    from common.run_lock import run_lock
    from common.run_log import start_log

    stop = Stop()
    stop.listen()
    clock = Clock.start()
    tables = Tables(configs.HOME)
    count = _instance_count(arguments.instance_count)
    start_log(tables.log, clock.started)
    if arguments.dry_run:
        return _dry_run(clock, tables, stop, count)
    try:
        with run_lock(tables.lock, wait_seconds=LOCK_SECONDS):
            stop.guard()
            return _run(arguments, clock, tables, stop, count)
    except Locked as locked:
        # Cron would mail it every ten minutes; it is no more than a long run.
        logging.getLogger(__name__).warning("%s", locked)
        return LOCKED


def _run(arguments: argparse.Namespace, clock: "Clock", tables: "Tables", stop: "Stop", count: int) -> int:
    from collect_launch_time.installation import installation
    from collect_launch_time.run import run_clean_up, run_probes
    from collect_launch_time.run_context import RunContext

    rules = _rules(count, until_fulfilled=arguments.until == "fulfilled")
    run = RunContext(rules, clock, tables, installation(tables.installation), stop)
    return run_clean_up(run) if arguments.clean_up else run_probes(run)


def _dry_run(clock: "Clock", tables: "Tables", stop: "Stop", count: int) -> int:
    from collect_launch_time.dry_run import dry_run
    from collect_launch_time.run_context import RunContext

    return dry_run(RunContext(_rules(count), clock, tables, "", stop))


def _rules(count: int, *, until_fulfilled: bool = False) -> "Rules":
    import configs
    from collect_launch_time.run_context import Rules

    return Rules(count, configs.TIMEOUT, configs.STATUS_INTERVAL, until_fulfilled)


def _instance_count(argument: str | None) -> int:
    import configs
    from common.settings import whole_number

    if argument is None:
        return int(configs.INSTANCE_COUNT)
    try:
        return whole_number(1, 1000)(argument)
    except ValueError as reason:
        raise Refusal(f"INSTANCE_COUNT is {argument!r}, but must be {reason}") from None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        raise Refusal(f"{message}; --help shows what there is")


def _parse_arguments() -> argparse.Namespace:
    description, _, details = (__doc__ or "").partition("\n\n")
    parser = _Parser("python -m collect_launch_time", description=description, epilog=details)
    parser.add_argument(
        "instance_count", nargs="?", metavar="INSTANCE_COUNT", help="instances per probe (default: configs.py)"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be requested and what that could cost; request nothing"
    )
    parser.add_argument(
        "--clean-up", action="store_true", help="only cancel and terminate what earlier runs of ours left"
    )
    parser.add_argument(
        "--until",
        choices=("ready", "fulfilled"),
        default="ready",
        help="fulfilled: end each instance as soon as it is fulfilled, at nearly no cost (default: ready)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    leave(main)
