"""The machine of a rehearsal: its disk, its clock, and the programs cron starts on it."""

import random
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from common.files.csv_file import Cell
from data_files.market.standing_queries import HEADER, PLACE
from tests.program import Ended, Fork, dies_at_disk_step, no_longer_than
from tests.stand_in import StandIn
from tests.whole_runs.probe_stage import QUICK, be_quick, dies_at_call
from tests.whole_runs.rehearsal.event import KILLED, POLL, PRICES, PROBE, Event
from tests.whole_runs.rehearsal.rehearsal import Rehearsal, Tick

DISK_MEGABYTES = 400

# No program of ours takes longer, whatever AWS and the disk do.
LONGEST_SECONDS = 240

QUICK_PROBES = {
    "SPOT_TIMEOUT": "6",
    "SPOT_STATUS_INTERVAL": "0.5",
    "SPOT_INSTANCE_COUNT": "3",
    "SPOT_LAUNCH_TOP_K": "2",
}
# AWS tells 90, which is most of the time a rehearsal takes. More than stay plain, so that compressed days get rows too.
PRICES_TOLD_DAYS = 40
# A quota that just fits: 2 on top, and 4 new ones each day besides the 4 of the day before; and 2 standing queries.
SMALL_PLANS = {
    "SPOT_SPS_AND_IF_TOP_K": "2",
    "SPOT_SAMPLE_COUNT": "4",
    "SPOT_SPS_CONFIGURATION_LIMIT": "12",
    "SPOT_REGIONS": "us-east-1 us-west-2 eu-west-1 ap-northeast-1",
}


# Two queries more in it: of a pool, and of the same pool by zone.
STANDING = (
    "pool,m5.large c5.large m6i.large,us-east-1 eu-west-1,20,region",
    "zones,m5.large c5.large m6i.large,us-east-1 eu-west-1,20,zone",
)


@dataclass(frozen=True)
class Ran:
    """One program that cron started: when, how it ended, and what was going wrong meanwhile."""

    tick: Tick
    program: str
    pid: int
    ended: Ended
    events: Sequence[Event]
    seconds: float
    is_killed: bool = False


@dataclass
class Machine:
    """A machine with a HOME, and the AWS it talks to."""

    aws: StandIn
    home: Path
    rehearsal: Rehearsal
    settings: dict[str, str]
    can_fill_disk: bool = False
    chance: random.Random = field(default_factory=lambda: random.Random(8))
    kill_share: float = 0.0
    ran: list[Ran] = field(default_factory=list)
    _was_on: set[str] = field(default_factory=set)

    def live_through(self, before: Callable[[Tick], None] = lambda _: None) -> None:
        """Run everything cron would start, with everything that goes wrong; before is called with each tick."""
        _load_libraries()
        self._write_bootstrap_score()
        (self.home / PLACE).write_text("\n".join([HEADER, *STANDING, ""]))
        self.aws.control.set_scenario(**QUICK, price_history_days=PRICES_TOLD_DAYS)
        for tick in self.rehearsal.ticks():
            events = [event for event in self.rehearsal.going_on(tick.at) if self.can_fill_disk or not event.fills_disk]
            self._change(events, tick.at)
            before(tick)
            if not any(event.is_machine_off for event in events):
                self._run(tick, events)
        self._change([], datetime.max.replace(tzinfo=UTC))

    def clean_up(self, at: datetime) -> Ended:
        """End what is left, as a person would in the end."""
        self.aws.control.set_clock(at)
        tick = Tick(at, at, (PROBE,))
        return self._start(tick, PROBE, (), "--clean-up").end()

    def _write_bootstrap_score(self) -> None:
        rows = [
            f"{region},{kind},3,1,1.2" for kind in ("m5.large", "c5.large") for region in ("us-east-1", "eu-west-1")
        ]
        path = self.home / "collect_sps_and_if" / "data" / "init_score.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["region,instance,sps_changes,if_changes,score", *rows, ""]))

    def _change(self, events: Sequence[Event], at: datetime) -> None:
        names = {event.name for event in events}
        if names == self._was_on:
            return
        self.aws.control.set_faults(*(dict(fault) for event in events for fault in event.faults))
        for event in events:
            if event.uses_up_quota and event.name not in self._was_on:
                self.aws.control.set_clock(at)
                self.aws.control.use_configurations_elsewhere(1000)
        ballast = self.home / "ballast"
        if any(event.fills_disk for event in events):
            _fill(ballast)
        else:
            ballast.unlink(missing_ok=True)
        self._was_on = names

    def _run(self, tick: Tick, events: Sequence[Event]) -> None:
        self.aws.control.set_clock(tick.at)
        with no_longer_than(LONGEST_SECONDS):
            forks = [self._start(tick, program, events) for program in tick.programs]
            begun = time.monotonic()
            for program, fork in zip(tick.programs, forks, strict=True):
                ended = fork.end()
                seconds = time.monotonic() - begun
                self.ran.append(Ran(tick, program, fork.pid, ended, events, seconds, ended.code == KILLED))

    def _start(self, tick: Tick, program: str, events: Sequence[Event], *arguments: str) -> Fork:
        environment = {
            **self.aws.environment,
            **QUICK_PROBES,
            **self.settings,
            "SPOT_HOME": str(self.home),
            "SPOT_NOW": tick.machine.isoformat(),
            "TZ": self.rehearsal.zone.key,
        }
        for event in events:
            environment |= event.settings
        kill = self._death(program, events)
        is_away = any("AWS_ENDPOINT_URL" in event.settings for event in events)

        def before() -> None:
            time.tzset()
            # The probe measures the age of what it left in real seconds, and our hours pass in some.
            be_quick(forgotten_seconds=2.0)
            _expect_small_disk()
            if is_away:
                _be_impatient()
            if any(event.is_of_older_version for event in events):
                _write_as_before()
            kill()

        return Fork(program, *arguments, environment=environment, before=before)

    def _death(self, program: str, events: Sequence[Event]) -> Callable[[], None]:
        is_chosen = program in (POLL, PROBE, PRICES) and self.chance.random() < self.kill_share
        if not is_chosen and not any(program in event.kills for event in events):
            return lambda: None
        if program == PROBE:
            return dies_at_call(self.chance.randint(6, 14), after=bool(self.chance.getrandbits(1)))
        return dies_at_disk_step(self.chance.randint(4, 12))


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Put a small disk of its own at the folder; say whether the machine lets us."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "rehearsal", str(folder)],
        capture_output=True,
        check=False,
    )
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", str(folder)], check=True)


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


def _expect_small_disk() -> None:
    # Else people who ask would be told at all times that so small a disk is nearly full.
    import analysis.health.disk

    analysis.health.disk.LEAST_FREE_BYTES = DISK_MEGABYTES * 1_000_000 // 20


def _be_impatient() -> None:
    # Nobody answers anyway: half a day of retries would only take long.
    import collect_spot_price.history
    import collect_sps_and_if.asking.advisor_fetch
    import common.aws.aws_client

    vars(collect_spot_price.history)["_ATTEMPTS"] = 1
    common.aws.aws_client.ATTEMPTS = 1
    collect_sps_and_if.asking.advisor_fetch.FETCH_ATTEMPTS = 2


def _write_as_before() -> None:
    # As a version before the later columns did: files are begun without them, and rows do not have them.
    from common.files import csv_file

    write = csv_file.append

    def append(
        path: Path,
        header: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        *,
        base: int | None = None,
        widens: bool = False,
    ) -> None:
        write(path, header[:base], [row[:base] for row in rows], base=base, widens=widens)

    csv_file.append = append


def _load_libraries() -> None:
    # Once, for all forks.
    import jinja2  # noqa: F401
    import requests  # noqa: F401
