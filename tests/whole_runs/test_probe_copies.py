"""A copy of the data never ends what the original has running; a folder that was moved ends what it had."""

import shutil
from pathlib import Path

import pytest

from tests.stand_in import StandIn
from tests.whole_runs.probe_stage import PAIRS, Stage

pytestmark = pytest.mark.whole_run


@pytest.fixture
def stage(aws: StandIn, tmp_path: Path) -> Stage:
    stage = Stage(aws, tmp_path / "original")
    stage.prepare(pairs=PAIRS[:1], check_seconds=[6, 6])
    return stage


def test_a_copy_s_clean_up_and_probe_leave_the_original_s_running_probe_alone(stage: Stage, tmp_path: Path) -> None:
    first = stage.begin()
    stage.wait_until(lambda truth: len(truth["living_instances"]) == stage.count)
    copy = Stage(stage.aws, Path(shutil.copytree(stage.home, tmp_path / "copy")))
    told, again = copy.run("--clean-up"), copy.run("--clean-up")
    assert (told.code, told.stderr.count("\n")) == (0, 1)
    assert "is a copy of an installation's" in told.stderr
    assert (again.code, again.stderr) == (0, "")
    assert copy.rows("spending") == []
    assert (first_ended := first.end()).code == 0, first_ended.stderr
    assert stage.rows("")[-1]["ready_instances"] == str(stage.count)
    assert copy.run().code == 0
    tags = {request["tags"]["spot-collector-installation"] for request in stage.aws.control.truth()["spot_requests"]}
    assert len(tags) == 2
    assert not stage.left_over()


def test_a_folder_that_was_moved_ends_what_it_had_left(stage: Stage, tmp_path: Path) -> None:
    fork = stage.begin()
    stage.wait_until(lambda truth: len(truth["living_instances"]) == stage.count)
    fork.kill()
    fork.end()
    moved = Stage(stage.aws, stage.home.rename(tmp_path / "moved"))
    assert moved.run("--clean-up").code == 0
    assert not moved.left_over()
    assert moved.rows("journal")[-1]["event"] == "closed"
    assert len(moved.rows("spending")) == 1
