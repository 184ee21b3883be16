"""kill -9 at any moment leaves nothing that the next clean-up does not find, end and write down.

PROBE_KILLS=500 draws that many moments (half an hour); without it, a few of each kind are drawn.
"""

import itertools
import os
import random
import signal
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.program import Ended, Fork, dies_at_disk_step
from tests.stand_in import StandIn
from tests.whole_runs.probe_stage import Stage, dies_at_call
from tests.whole_runs.recorded import probes_without_their_one_row

KILLS = int(os.environ.get("PROBE_KILLS", "10"))
# Each scene has Regions of its own, so that several can be played on one stand-in at once.
REGIONS = (
    ("us-east-1", "eu-west-1"),
    ("us-west-2", "eu-central-1"),
    ("us-east-2", "ap-northeast-1"),
    ("eu-west-2", "ap-south-1"),
    ("eu-north-1", "ap-southeast-2"),
)

pytestmark = pytest.mark.whole_run


@dataclass(frozen=True)
class Death:
    """When a program dies: at a step of its own, or so many seconds after its start."""

    kind: str  # "before call", "after call", "disk step", "seconds"
    number: float

    @property
    def arm(self) -> Callable[[], None]:
        """What makes a fork die so."""
        if self.kind == "disk step":
            return dies_at_disk_step(int(self.number))
        if self.kind == "seconds":
            return lambda: None
        return dies_at_call(int(self.number), after=self.kind == "after call")


@dataclass(frozen=True)
class Moment:
    """How one story goes: the probe dies, then perhaps a clean-up, then a clean-up lives to its end."""

    probe: Death
    clean_up: Death | None


def moments(count: int) -> list[Moment]:
    """Draw moments over every phase; the calls of the first two seconds, where most happens, more often."""
    dice = random.Random(20)

    def death(calls: int, steps: int, seconds: float) -> Death:
        kind = dice.choice(("before call", "after call", "disk step", "seconds"))
        if kind == "seconds":
            return Death(kind, dice.uniform(0.1, seconds))
        return Death(kind, dice.randint(1, calls if kind.endswith("call") else steps))

    return [Moment(death(60, 120, 7.0), death(14, 30, 2.5) if dice.random() < 0.4 else None) for _ in range(count)]


def test_after_a_kill_at_any_moment_one_clean_up_leaves_nothing_of_ours_and_touches_nothing_of_others(
    aws: StandIn, tmp_path: Path
) -> None:
    decoys(aws)
    waiting = iter(enumerate(moments(KILLS)))
    failures: list[str] = []
    deaths: list[int] = []
    playing: dict[int, Iterator[None]] = {}
    while True:
        for place in range(len(REGIONS)):
            if place not in playing and (drawn := next(waiting, None)):
                number, moment = drawn
                stage = scene_stage(aws, tmp_path / str(number), REGIONS[place])
                playing[place] = scene(stage, REGIONS[place], moment, failures, deaths)
        if not playing:
            break
        for place, story in list(playing.items()):
            if next(story, "over") == "over":
                del playing[place]
        time.sleep(0.01)
    assert not failures, "\n".join(failures)
    truth = aws.control.truth()
    assert not [truth[name] for name in ("open_requests", "living_instances", "coming_instances") if truth[name]]
    assert not truth["decoys_touched"]
    assert deaths.count(-signal.SIGKILL) > KILLS / 2, "most of the deaths drawn must come in time to be one"


def decoys(aws: StandIn) -> None:
    """Let others have requests and instances in the same Regions."""
    for region in itertools.chain(*REGIONS):
        aws.control.add_decoys("open request", region=region)
        aws.control.add_decoys("spot instance", region=region, tags={"spot-collector-installation": "another"})
        aws.control.add_decoys("on-demand instance", region=region)


def scene_stage(aws: StandIn, home: Path, regions: tuple[str, str]) -> Stage:
    """Prepare a HOME and a market in which some requests are fulfilled while they are being cancelled."""
    stage = Stage(aws, home, timeout=5.0, count=3)
    pairs = (("m5.large", regions[0]), ("c5.large", regions[0]), ("m5.large", regions[1]))
    stage.prepare(
        pairs,
        cancel_race_probability=0.5,
        cancel_race_code="canceled-before-fulfillment",
        fulfilment_seconds=[0.1, 4.0],
    )
    return stage


def scene(
    stage: Stage, regions: tuple[str, str], moment: Moment, failures: list[str], deaths: list[int]
) -> Iterator[None]:
    """Play one story, a step at a time."""
    here = {"SPOT_REGIONS": " ".join(regions)}
    fork = stage.begin(before=moment.probe.arm, settings=here)
    yield from play(fork, moment.probe, deaths)
    if moment.clean_up:
        fork = stage.begin("--clean-up", before=moment.clean_up.arm, settings=here)
        yield from play(fork, moment.clean_up, [])
    fork = stage.begin("--clean-up", settings=here)
    ended = yield from play(fork, None, [])
    settled = time.monotonic() + 1.0
    while time.monotonic() < settled:
        yield
    left = {what: ids for what, ids in left_in(stage, regions).items() if ids}
    left |= {"probes": wrong} if (wrong := probes_without_their_one_row(stage)) else {}
    if left or ended.code:
        failures.append(f"{moment}: {left} {ended}\n{stage.log()}")


def play(fork: Fork, death: Death | None, deaths: list[int]) -> Generator[None, None, Ended]:
    """Let a fork run to its end, and kill it when its time has come."""
    started = time.monotonic()
    killed = False
    while os.waitid(os.P_PID, fork.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if death and death.kind == "seconds" and not killed and time.monotonic() - started > death.number:
            fork.kill()
            killed = True
        yield
    ended = fork.end()
    deaths.append(ended.code)
    return ended


def left_in(stage: Stage, regions: tuple[str, str]) -> dict[str, list[str]]:
    """Return what is left in some Regions."""
    truth = stage.aws.control.truth()
    ours = {
        shown[key]
        for name, key in (("spot_requests", "request_id"), ("instances", "instance_id"))
        for shown in truth[name]
        if shown["region"] in regions
    }
    return {name: [left for left in truth[name] if left in ours] for name in ("open_requests", "living_instances")}
