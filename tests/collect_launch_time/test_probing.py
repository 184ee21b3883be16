"""All probes of a run: each is requested, watched and ended, whatever happens to the others or to the run."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import botocore.exceptions
import pytest

from collect_launch_time.choosing.selection import Chosen
from collect_launch_time.choosing.targets import ProbePair, Target
from collect_launch_time.money.prices import Prices
from collect_launch_time.probing import run_probes
from collect_launch_time.run_context import RunContext
from common.time_limit import TimeLimit
from tests.collect_launch_time.fakes import REGION, FakeClock, FakeEc2, refused, rows, run_on

ELSEWHERE = "eu-west-1"


@dataclass(frozen=True)
class WorkersClock(FakeClock):
    """Time passes while the threads that watch and end sleep. The main thread only waits for them."""

    interruptions: list[Callable[[], None]] = field(default_factory=list)  # one each time the main thread waits

    def sleep(self, seconds: float) -> None:
        if threading.current_thread() is not threading.main_thread():
            super().sleep(seconds)
            return
        time.sleep(0.0001)  # the other threads run meanwhile; no test depends on how far they get
        if self.interruptions:
            self.interruptions.pop(0)()


def chosen(*pairs: tuple[str, str]) -> list[Chosen]:
    targets = [Target(ProbePair(instance_type, region), "ami-1") for instance_type, region in pairs]
    return [Chosen(target, Prices({}), {}, 0.5) for target in targets]


HERE = chosen(("m5.large", REGION))
TWO = chosen(("m5.large", REGION), ("c5.large", REGION))


@pytest.fixture
def clock() -> WorkersClock:
    return WorkersClock()


@pytest.fixture
def ec2(clock: WorkersClock) -> FakeEc2:
    return FakeEc2(clock)


@pytest.fixture
def run(ec2: FakeEc2, tmp_path: Path) -> RunContext:
    return run_on(ec2, tmp_path)


def assert_nothing_is_left(home: Path, *regions: FakeEc2) -> None:
    for ec2 in regions:
        assert (ec2.alive, ec2.open) == ([], [])
    by_token: dict[str, str] = {}
    for row in rows(home, "journal"):
        by_token[row["client_token"]] = row["event"]
    assert set(by_token.values()) <= {"closed"}


def test_every_target_is_requested_watched_ended_and_closed(clock: WorkersClock, tmp_path: Path) -> None:
    here, there = FakeEc2(clock), FakeEc2(clock, ELSEWHERE)
    run = run_on(here, tmp_path, regions=[here, there])
    result = run_probes(run, [*TWO, *chosen(("t3.micro", ELSEWHERE))])
    assert len(result.probes) == 3
    assert all(done.counts.ready == 2 for done in result.probes)
    assert (result.refusals, result.failed_looks) == ([], 0)
    assert result.looks == len(here.moments("look_at_requests")) + len(there.moments("look_at_requests"))
    assert not run.problems
    assert len(rows(tmp_path, "instances")) == 6
    assert_nothing_is_left(tmp_path, here, there)


def test_it_returns_only_when_everything_has_been_ended(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    ec2.fail("terminate", until=100.0)
    run_probes(run, HERE)
    assert ec2.clock.monotonic() >= 100.0
    assert_nothing_is_left(tmp_path, ec2)


@pytest.mark.parametrize("call", ["look_at_requests", "look_at_instances"])
def test_a_region_in_which_most_looks_fail_is_named_and_one_in_which_some_do_is_not(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, call: str
) -> None:
    ec2.fail(call, refused("UnauthorizedOperation"))
    run_probes(run, HERE)
    [line] = run.problems.lines()
    assert line.startswith("most of our looks at what was requested were not answered")
    assert "UnauthorizedOperation" in line
    assert line.endswith(f": {REGION}")
    assert_nothing_is_left(tmp_path, ec2)
    some = FakeEc2(WorkersClock())
    some.fail(call, until=6.0)
    again = run_on(some, tmp_path / "again")
    run_probes(again, HERE)
    assert not again.problems


def test_a_request_whose_answer_was_lost_is_looked_for_and_ended(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    ec2.lost_answer = botocore.exceptions.ReadTimeoutError(endpoint_url="x")
    result = run_probes(run, HERE)
    assert result.probes == []
    assert len(ec2.spots) == 2
    assert_nothing_is_left(tmp_path, ec2)
    [line] = run.problems.lines()
    assert line.startswith("no answer to a request")


def test_a_refusal_that_people_must_act_on_is_given_back(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    ec2.fail("request", refused("UnauthorizedOperation"))
    result = run_probes(run, TWO)
    assert (result.probes, len(result.refusals)) == ([], 2)
    assert_nothing_is_left(tmp_path, ec2)


def test_a_request_to_stop_ends_everything_that_was_requested(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    ec2.seconds_to_fulfil = [1e6]

    def stop() -> None:
        run.stop.is_requested = True

    ec2.during["look_at_requests"] = stop
    run_probes(run, TWO)
    assert ec2.clock.monotonic() < 100.0
    assert_nothing_is_left(tmp_path, ec2)


def test_a_defect_in_one_probe_is_raised_after_the_others_have_been_ended(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    def fail_for_c5() -> None:
        if ec2.orders[-1]["LaunchSpecification"]["InstanceType"] == "c5.large":
            raise KeyError("oh")

    ec2.during["request"] = fail_for_c5
    with pytest.raises(KeyError):
        run_probes(run, TWO)
    assert (ec2.alive, ec2.open) == ([], [])
    assert len(rows(tmp_path, "instances")) == 2


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_an_exception_in_the_main_thread_leaves_it_after_everything_has_been_ended(
    run: RunContext, clock: WorkersClock, ec2: FakeEc2, tmp_path: Path, error: type[BaseException]
) -> None:
    ec2.seconds_to_fulfil = [1e6]

    def interrupt() -> None:
        raise error

    clock.interruptions.append(interrupt)
    with pytest.raises(error):
        run_probes(run, TWO)
    assert run.stop.is_requested
    assert_nothing_is_left(tmp_path, ec2)


def test_without_a_thread_to_watch_it_a_probe_is_ended(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    def no_thread(_work: Callable[[], None], _name: str) -> None:
        raise RuntimeError("can't start new thread")

    with pytest.raises(RuntimeError):
        run_probes(run, HERE, no_thread)
    assert len(ec2.spots) == 2
    assert_nothing_is_left(tmp_path, ec2)


def test_a_run_whose_time_is_over_names_what_is_open_and_leaves_it_to_the_next(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    over = replace(run, limit=TimeLimit(0.0))
    ec2.fail("terminate")
    run_probes(over, HERE)
    assert [line for line in over.problems.lines() if "1 probe is open since" in line]
    assert "closed" not in {row["event"] for row in rows(tmp_path, "journal")}
