"""The probe on an EC2 that differs from the local AWS wherever AWS's documents leave room."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.program import Fork
from tests.stand_in import StandIn
from tests.whole_runs.probe_stage import PAIRS, Stage, be_quick
from tests.whole_runs.unlike_ec2 import UnlikeEc2

pytestmark = pytest.mark.whole_run


@pytest.fixture
def elsewhere() -> Iterator[Callable[..., UnlikeEc2]]:
    made: list[UnlikeEc2] = []

    def make(*refused_filters: str) -> UnlikeEc2:
        made.append(UnlikeEc2(refused_filters=refused_filters))
        return made[-1]

    yield make
    for ec2 in made:
        ec2.stop()


def staged(aws: StandIn, home: Path) -> Stage:
    stage = Stage(aws, home, timeout=10)
    stage.prepare(pairs=PAIRS)
    return stage


def test_a_run_measures_ends_everything_and_touches_nothing_of_others(
    aws: StandIn, tmp_path: Path, elsewhere: Callable[..., UnlikeEc2]
) -> None:
    stage, ec2 = staged(aws, tmp_path), elsewhere()
    ended = stage.run(settings=ec2.environment)
    assert (ended.code, ended.stderr) == (0, "")
    assert ec2.left() == []
    assert len(ec2.ours()) == len(PAIRS) * stage.count
    last = {(row["instance"], row["region"]): row["ready_instances"] for row in stage.rows("")}
    assert last == dict.fromkeys(PAIRS, "3")
    assert {row["az"] for row in stage.rows("instances")} <= {"zone-1", ""}


def test_what_killed_runs_left_is_ended_although_it_is_not_visible_yet_and_whatever_filters_there_are(
    aws: StandIn, tmp_path: Path, elsewhere: Callable[..., UnlikeEc2]
) -> None:
    stories: list[tuple[Stage, UnlikeEc2, float, Fork]] = []
    for seconds in (0.2, 1.0, 3.0):
        for refused_filters in ((), ("spot-instance-request-id", "tag:spot-collector-token")):
            stage, ec2 = staged(aws, tmp_path / str(len(stories))), elsewhere(*refused_filters)
            stories.append((stage, ec2, seconds, stage.begin(settings=ec2.environment)))
    kill_when_due(stories)
    clean_ups = [
        stage.begin("--clean-up", settings=ec2.environment, before=longer_patience) for stage, ec2, _, _ in stories
    ]
    assert [(ended.code, ended.stderr) for ended in (fork.end() for fork in clean_ups)] == [(0, "")] * len(stories)
    time.sleep(1.2)
    assert [ec2.left() for _, ec2, _, _ in stories] == [[]] * len(stories)


def test_instances_that_may_not_be_terminated_are_named_by_each_run_and_keep_no_other_alive(
    aws: StandIn, tmp_path: Path, elsewhere: Callable[..., UnlikeEc2]
) -> None:
    stage, ec2, code = staged(aws, tmp_path), elsewhere(), "OperationNotPermitted"
    ec2.protect(code, ends_in="01234567")
    first = stage.run("--until", "ready", settings=ec2.environment, before=short_patience)
    protected = {one.instance_id for one in ec2.ours() if one.instance_id[-1] in "01234567"}
    assert set(ec2.left()) == protected
    second = stage.run("--clean-up", settings=ec2.environment, before=short_patience)
    assert set(ec2.left()) == protected
    for ended in (first, second):
        assert ended.code == (1 if protected else 0)
        assert ended.stderr.count("\n") == ended.code, ended.stderr
        assert (code in ended.stderr and any(name in ended.stderr for name in protected)) or not protected
    ec2.refusals.clear()
    assert stage.run("--clean-up", settings=ec2.environment, before=longer_patience).code == 0
    assert ec2.left() == []


def kill_when_due(stories: list[tuple[Stage, UnlikeEc2, float, Fork]]) -> None:
    """Kill each run so many seconds after its last request was made."""
    waiting = list(stories)
    due: dict[int, float] = {}
    deadline = time.monotonic() + 60
    while waiting:
        assert time.monotonic() < deadline
        for story in list(waiting):
            stage, ec2, seconds, fork = story
            if len(ec2.ours()) == len(PAIRS) * stage.count:
                due.setdefault(fork.pid, time.monotonic() + seconds)
            if time.monotonic() >= due.get(fork.pid, deadline):
                fork.kill()
                fork.end()
                waiting.remove(story)
        time.sleep(0.01)


def short_patience() -> None:
    """What is refused for ever need not be waited for."""
    be_quick(invisible_seconds=4.0, settle_seconds=3.0, refused_seconds=6.0, repeat_refused_seconds=2.0)


def longer_patience() -> None:
    """This endpoint hides new ids for longer than the stage's quick market does."""
    be_quick(invisible_seconds=4.0, settle_seconds=3.0)
