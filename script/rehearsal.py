"""The rehearsal that script/demo runs: an evening and a night of the whole main job, on a local AWS, in two minutes."""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from common.command_line import CommandLine
from common.exit_code import leave
from data_files.folders import Folders
from data_files.launches import probes
from data_files.market import standing_queries
from data_files.market.coverage import SLOT
from local_aws.control.client import ControlClient
from script import drawings

_ROOT = Path(__file__).resolve().parent.parent
_OUTPUT = _ROOT / "demo_output"
_POLLS = 36  # cron's polls from 18:00 to midnight, as of somebody who begins in the evening; 144 make a day

_STANDING_QUERIES = """name,instances,regions,target_capacity,scope
small arm,c8g.medium m8g.medium r8g.medium,eu-west-2 us-east-1 us-east-2,20,region
c8g by zone,c8g.medium,eu-west-2 us-east-1,,zone
"""

# A launch takes minutes; the demo's market is quicker, and not always willing.
_QUICK_LAUNCHES = {
    "fulfilment_seconds": [1, 5],
    "pending_seconds": [2, 6],
    "check_seconds": [3, 16],
    "check_interval_seconds": 1,
    "shutting_down_seconds": [1, 3],
}
_QUICK_PROBE = {"SPOT_TIMEOUT": "30", "SPOT_STATUS_INTERVAL": "1"}


def main() -> int:
    """Rehearse, and say where to look."""
    polls = _parser().parse_args().polls
    began = time.monotonic()
    shutil.rmtree(_OUTPUT, ignore_errors=True)
    day = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0).astimezone() - timedelta(days=1)
    with ExitStack() as stack:
        environment = _own_environment()
        environment |= stack.enter_context(_running("local_aws", "--port", "0", "--now", day.isoformat(), lines=5))
        environment |= stack.enter_context(_running("local_aws.mail.sink", "--folder", str(_OUTPUT / "mail"), lines=6))
        stage = Stage(environment, ControlClient(environment["AWS_ENDPOINT_URL"]))
        _bootstrap(stage, day)
        _polls(stage, day, polls)
        _prices(stage, day + timedelta(hours=23, minutes=50))
        _night(stage, day + timedelta(hours=23, minutes=55))
        _probe(stage, day + timedelta(days=1, seconds=1))
        _later_prices(stage, day + timedelta(days=1, minutes=5))
        _advice(stage, day + timedelta(days=1, minutes=5))
        _report(stage, day + timedelta(days=1, minutes=6))
        _status(stage, day + timedelta(days=1, minutes=7))
    _say_where_to_look(time.monotonic() - began, stage.failures)
    return 1 if stage.failures else 0


class Stage:
    """Runs our programs as cron would, at a rehearsed time, and shows the command."""

    def __init__(self, environment: dict[str, str], control: ControlClient) -> None:
        self._environment, self.control = environment, control
        self.failures: list[str] = []

    def run(self, now: datetime, *command: str, show: bool = True, settings: Mapping[str, str] | None = None) -> None:
        """Run `python …` with the stand-in's clock at now."""
        self.control.set_clock(now)
        if show:
            _say(f"$ python {' '.join(command)}")
        environment = self._environment | {"SPOT_NOW": now.isoformat()} | dict(settings or {})
        ended = subprocess.run([sys.executable, *command], cwd=_ROOT, env=environment, check=False)
        if ended.returncode:
            self.failures.append(f"{' '.join(command)} left with exit code {ended.returncode}")


def _bootstrap(stage: Stage, day: datetime) -> None:
    _title("1. A first score, from an archive of SpotLake's shape (made up for this demo)")
    archive = _OUTPUT / "spot_dataset"
    start = (day - timedelta(days=3)).date().isoformat()
    stage.run(day, "-m", "benchmarks.spotlake_archive", str(archive), "--days", "2", "--rows", "2000", "--start", start)
    stage.run(day, "collect_sps_and_if/score_by_spotlake_data.py", str(archive))


def _polls(stage: Stage, day: datetime, polls: int) -> None:
    first = day + timedelta(days=1) - polls * SLOT
    _title(f"2. Polls every ten minutes, {first:%A %-d %B} from {first:%H:%M} on: {polls}; cron goes on, 144 a day")
    (_OUTPUT / standing_queries.PLACE).write_text(_STANDING_QUERIES, encoding="utf-8")
    _say(f"With every poll goes what {standing_queries.PLACE} asks: a pool of types, and one type by zone.")
    for number in range(polls):
        now = first + number * SLOT
        stage.run(now, "-m", "collect_sps_and_if", show=not number)
        _say(f"  {now:%H:%M}  poll {number + 1} of {polls}", again=number + 1 < polls and sys.stdout.isatty())
    collected = drawings.polled_day(_OUTPUT, day.date())
    _say(collected.table)
    collected.draw(_OUTPUT / "placement_scores.png")


def _prices(stage: Stage, now: datetime) -> None:
    _title("3. Spot prices of what was polled: every change in 2 days (AWS tells 90, which takes longer)")
    stage.control.set_scenario(price_history_days=2)
    stage.run(now, "-m", "collect_spot_price")


def _night(stage: Stage, now: datetime) -> None:
    _title("4. The night's work: the day's score, tomorrow's plan, and a mail to the owner")
    stage.run(now, "-m", "collect_sps_and_if.daily_score")


def _probe(stage: Stage, now: datetime) -> None:
    _title("5. Midnight: the new plan's first poll, and launch-time probes of its best pairs: 10 spot instances each")
    stage.run(now, "-m", "collect_sps_and_if")
    stage.control.set_scenario(**_QUICK_LAUNCHES)
    stage.run(now, "-m", "collect_launch_time", "--dry-run")
    stage.run(now, "-m", "collect_launch_time", settings=_QUICK_PROBE)
    truth = stage.control.truth()
    _say(f"left running: {len(truth['living_instances'])} instances; open: {len(truth['open_requests'])} requests")
    drawings.draw_readiness(_OUTPUT, now.date(), _OUTPUT / "readiness.png")


def _later_prices(stage: Stage, now: datetime) -> None:
    _title("6. Spot prices since then, and those of the new plan's pairs")
    stage.run(now, "-m", "collect_spot_price")


def _advice(stage: Stage, now: datetime) -> None:
    _title("7. Where to launch now, by what was measured")
    stage.run(now, "-m", "advise", "--count", "5")
    for probe in islice(probes.FILES.rows(_OUTPUT, now.date()), 1):
        stage.run(now, "-m", "advise", probe.instance, "--regions", probe.region)


def _report(stage: Stage, now: datetime) -> None:
    _title("8. The report page")
    stage.run(now, "-m", "report")


def _status(stage: Stage, now: datetime) -> None:
    _title("9. Is the collection healthy?")
    stage.run(now, "-m", "status")


def _say_where_to_look(seconds: float, failures: list[str]) -> None:
    _title(f"Done in {seconds:.0f} s. Look at:")
    found = [
        (_OUTPUT / "report" / "index.html", "the page: open it in a browser"),
        *((page, "the mail") for page in sorted((_OUTPUT / "mail").glob("*/message.html"))),
        (_OUTPUT / "placement_scores.png", "placement scores of the pairs that moved most"),
        (_OUTPUT / "readiness.png", "which share of the instances was ready after how many seconds"),
        (Folders(_OUTPUT, "collect_sps_and_if").data, "what the polls and the night left, as CSV"),
        (Folders(_OUTPUT, "collect_spot_price").data, "what the prices did, as CSV"),
        (Folders(_OUTPUT, "collect_launch_time").data, "what the probe left, as CSV"),
    ]
    for path, what in found:
        _say(f"  {path.relative_to(_ROOT)}  ({what})" if path.exists() else f"  missing: {path.relative_to(_ROOT)}")
    for failure in failures:
        _say(f"  NOT WELL: {failure}")


@contextmanager
def _running(module: str, *arguments: str, lines: int) -> Iterator[dict[str, str]]:
    """Start a server of local_aws, and give what its export lines set."""
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(command, cwd=_ROOT, env=_own_environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        exports = [shlex.split(process.stdout.readline()) for _ in range(lines)]
        yield dict(assignment.split("=", 1) for _, assignment in exports)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _own_environment() -> dict[str, str]:
    """Give the environment without anybody's real AWS account, proxy or settings."""
    theirs = ("AWS_", "SPOT_", "BOTO_")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(theirs) and not name.lower().endswith("_proxy")
    }
    nothing = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return environment | nothing | {"SPOT_HOME": str(_OUTPUT)}


def _parser() -> argparse.ArgumentParser:
    parser = CommandLine("script/demo", description=__doc__)
    parser.add_argument("--polls", type=_polls_a_day, default=_POLLS, metavar="2…144", help="default: %(default)s")
    return parser


def _polls_a_day(text: str) -> int:
    if not text.isdecimal() or not 2 <= int(text) <= 144:
        raise argparse.ArgumentTypeError(f"a number from 2 to 144, not {text}")
    return int(text)


def _title(text: str) -> None:
    _say(f"\n{text}\n{'─' * len(text)}")


def _say(text: str, *, again: bool = False) -> None:
    sys.stdout.write(f"{text}\r" if again else f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    leave(main)
