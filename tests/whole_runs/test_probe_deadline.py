"""A run is over in its time, whatever answers or does not: what it could not end is named, and the next one ends it."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from collect_launch_time.folders import probe_lock
from tests.program import ROOT
from tests.stand_in import StandIn
from tests.whole_runs.probe_stage import PAIRS, Stage, be_quick

pytestmark = pytest.mark.whole_run

LIMIT = 40.0  # seconds that a run may take
SETTINGS = {"SPOT_TIMEOUT": "5"}
# Every answer drips: what comes is never far from what came before, and it takes minutes.
DRIP = {"kind": "drip", "seconds": 0.2}


@pytest.fixture
def stage(aws: StandIn, tmp_path: Path) -> Stage:
    stage = Stage(aws, tmp_path)
    stage.prepare(pairs=PAIRS[:1])
    return stage


def hurried(limit: float = LIMIT, hangs: bool = False) -> Callable[[], None]:
    """Cut a run's time, and that of its calls, from minutes to seconds."""

    def before() -> None:
        be_quick(give_up_seconds=4.0, ending_seconds=12.0, call_seconds=4.0, writing_seconds=2.0)
        import collect_launch_time.ec2.region_ec2 as calls
        import common.aws.aws_client as clients
        import common.time_limit as limits

        make, enforce = clients.aws_client, limits.time_limit
        quick = {"attempts": 1, "connect_seconds": 2.0, "read_seconds": 2.0}
        for module in (clients, calls):
            vars(module)["aws_client"] = lambda service, region, **options: make(service, region, **options | quick)
        vars(limits)["time_limit"] = lambda _seconds, last_words=tuple: enforce(limit, last_words)
        if hangs:
            import collect_launch_time.steps as steps

            vars(steps)["regions_in_use"] = lambda *_: time.sleep(3600)

    return before


def test_a_probe_at_whose_end_every_answer_drips_saves_what_it_saw_and_names_what_may_run(stage: Stage) -> None:
    stage.aws.control.set_scenario(check_seconds=[60, 60])
    began = time.monotonic()
    fork = stage.begin(before=hurried(), settings=SETTINGS)
    stage.wait_until(lambda _: any(row["running_instances"] == str(stage.count) for row in stage.rows("")))
    stage.aws.control.set_faults(DRIP)
    ended = fork.end()
    assert time.monotonic() - began < LIMIT + 5
    assert ended.code == 1
    assert "may still be running" in ended.stderr
    assert len(stage.rows("instances")) == stage.count
    assert stage.rows("")[-1]["running_instances"] == str(stage.count)
    assert {row["event"] for row in stage.rows("journal")} == {"intended", "requested"}
    stage.aws.control.set_faults()
    assert stage.run("--clean-up").code == 0
    assert not stage.left_over()


def test_a_run_that_can_look_nowhere_in_time_requests_nothing_and_ends(stage: Stage) -> None:
    stage.aws.control.set_faults(DRIP)
    began = time.monotonic()
    ended = stage.run(before=hurried(), settings=SETTINGS)
    assert time.monotonic() - began < LIMIT + 5
    assert ended.code == 1
    assert "nobody could look" in ended.stderr
    assert stage.rows("journal") == []


def test_a_run_whose_prices_drip_requests_nothing_and_ends(stage: Stage) -> None:
    stage.aws.control.set_faults(DRIP | {"action": "DescribeSpotPriceHistory"})
    ended = stage.run(before=hurried(), settings=SETTINGS)
    assert ended.code == 1
    assert "no spot prices" in ended.stderr or "took too long" in ended.stderr
    assert stage.rows("journal") == []


def test_a_run_that_hangs_for_good_is_ended_with_what_the_journal_holds_open(stage: Stage) -> None:
    fork = stage.begin()
    stage.wait_until(lambda truth: bool(truth["living_instances"]))
    fork.kill()
    fork.end()
    ended = stage.run(before=hurried(1.0, hangs=True))
    assert ended.code == 1
    assert ended.stderr.count("\n") == 2
    assert "not over within 1 s" in ended.stderr
    assert "1 probe is open" in ended.stderr
    assert stage.run("--clean-up").code == 0
    assert not stage.left_over()


@pytest.mark.parametrize(("longest", "told"), [(600.0, 0), (-1.0, 1)])
def test_a_run_that_is_locked_out_is_silent_until_the_other_takes_longer_than_it_may(
    stage: Stage, longest: float, told: int
) -> None:
    hold = (
        "import sys; from pathlib import Path; from common.files.run_lock import run_lock\n"
        f"with run_lock(Path(sys.argv[1]), longest_seconds={longest}): print('held', flush=True); input()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", hold, str(probe_lock(stage.home))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert other.stdin
    assert other.stdout
    assert other.stdout.readline() == "held\n"

    def impatient() -> None:
        import common.files.run_lock as module

        real = module.run_lock
        vars(module)["run_lock"] = lambda path, _wait, longest_seconds: real(path, 0.3, longest_seconds)

    ended = stage.run(before=impatient)
    other.communicate("\n")
    assert ended.code == 75
    assert ended.stderr.count("\n") == told
    assert (f"process {other.pid} has held" in ended.stderr) == bool(told)
