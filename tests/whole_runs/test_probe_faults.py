"""Whatever goes wrong between us and AWS, nothing is launched twice, nothing is left, nothing of others is touched."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collect_launch_time.folders import probe_lock
from tests.stand_in import StandIn
from tests.whole_runs import recorded
from tests.whole_runs.probe_stage import PAIRS, Stage, be_quick

pytestmark = pytest.mark.whole_run


@pytest.fixture
def stage(aws: StandIn, tmp_path: Path) -> Stage:
    stage = Stage(aws, tmp_path)
    stage.prepare(pairs=PAIRS[:1])
    for kind in ("open request", "spot instance", "on-demand instance"):
        aws.control.add_decoys(kind, region="us-east-1", count=2)
    return stage


def requests_made(stage: Stage) -> int:
    return sum(not request["decoy"] for request in stage.aws.control.truth()["spot_requests"])


def dropped_calls(stage: Stage) -> int:
    return sum(call["count"] for call in stage.aws.control.calls() if call["outcome"] == "reset")


def test_a_lost_answer_is_asked_for_again_and_launches_nothing_twice(stage: Stage) -> None:
    stage.aws.control.set_faults({"kind": "lost_answer", "action": "RequestSpotInstances", "limit": 1})
    ended = stage.run()
    assert (ended.code, ended.stderr) == (0, "")
    assert requests_made(stage) == stage.count
    assert stage.rows("")[-1]["ready_instances"] == "3"


def test_requests_of_which_no_answer_ever_came_are_found_by_their_tag_and_ended(stage: Stage) -> None:
    stage.aws.control.set_faults({"kind": "lost_answer", "action": "RequestSpotInstances"})
    ended = stage.run()
    assert ended.code == 1
    assert ended.stderr.count("\n") == 1
    assert "no answer" in ended.stderr
    assert requests_made(stage) == stage.count
    assert not stage.left_over()
    assert [probe.ended for probe in recorded.ended(stage).values()] == ["stopped"]


@pytest.mark.parametrize("kind", ["throttle", "lost_answer"])
def test_the_calls_that_end_things_are_tried_until_they_go_through(stage: Stage, kind: str) -> None:
    stage.aws.control.set_faults(
        {"kind": kind, "action": "TerminateInstances", "limit": 5},
        {"kind": kind, "action": "CancelSpotInstanceRequests", "limit": 5},
    )
    ended = stage.run()
    assert (ended.code, ended.stderr) == (0, "")
    assert not stage.left_over()


def test_what_cannot_be_ended_is_named_and_the_next_run_ends_it_before_it_asks_for_anything(stage: Stage) -> None:
    stage.aws.control.set_faults({"kind": "server_error", "action": "TerminateInstances"})
    ended = stage.run(before=lambda: be_quick(give_up_seconds=1.0))
    assert ended.code == 1
    assert "may still be running" in ended.stderr
    assert stage.aws.control.truth()["living_instances"]
    stage.aws.control.set_faults()
    assert stage.run("--clean-up").code == 0
    assert not stage.left_over()
    assert float(stage.rows("spending")[0]["usd"]) == pytest.approx(stage.aws.control.bill()["usd"], abs=0.005)


def test_a_network_that_is_gone_for_a_while_costs_looks_and_no_row_is_made_up(stage: Stage) -> None:
    fork = stage.begin(settings={"SPOT_TIMEOUT": "30"})
    stage.aws.control.set_scenario(check_seconds=[8, 9])  # more looks than fail, else that is told
    stage.wait_until(lambda truth: len(truth["living_instances"]) == stage.count)
    stage.aws.control.set_faults({"kind": "reset"})
    stage.wait_until(lambda _: dropped_calls(stage) > 0)  # no look is under way whose answers were all there
    during = len(stage.rows(""))
    stage.wait_until(lambda _: dropped_calls(stage) > 12)
    assert len(stage.rows("")) == during
    stage.aws.control.set_faults()
    ended = fork.end()
    assert (ended.code, ended.stderr) == (0, "")
    assert stage.rows("")[-1]["ready_instances"] == "3"
    assert not stage.left_over()


def test_a_fulfilment_that_crosses_later_than_anyone_waits_is_found_by_the_next_clean_up(stage: Stage) -> None:
    stage.aws.control.set_scenario(
        capacity=0,
        cancel_race_probability=1.0,
        cancel_race_seconds=[4, 4],
        cancel_race_code="canceled-before-fulfillment",
    )
    assert stage.run(settings={"SPOT_TIMEOUT": "5"}).code == 0
    assert stage.rows("journal")[-1]["event"] == "closed"
    stage.wait_until(lambda truth: len(truth["living_instances"]) == stage.count)
    assert stage.run("--clean-up").code == 0
    assert not stage.left_over()
    spent = sum(float(row["usd"]) for row in stage.rows("spending"))
    assert spent == pytest.approx(stage.aws.control.bill()["usd"], abs=0.005)
    assert stage.run("--clean-up").code == 0
    assert sum(float(row["usd"]) for row in stage.rows("spending")) == spent


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_first_and_a_second_one_does_not_cut_that_short(
    stage: Stage, number: signal.Signals
) -> None:
    stage.aws.control.set_scenario(check_seconds=[60, 60])
    fork = stage.begin()
    stage.wait_until(lambda _: any(row["fulfilled_instances"] == str(stage.count) for row in stage.rows("")))
    fork.kill(number)
    time.sleep(0.3)
    fork.kill(number)
    ended = fork.end()
    assert ended.code == 1
    assert ended.stderr.count("\n") == 1
    assert not stage.left_over()
    what = [(row["cause"], row["reason"]) for row in stage.rows("instances")]
    assert what == [("us", "Your spot request is fulfilled.")] * stage.count
    recorded.every_instance_is_recorded_as_it_was(stage)
    assert [probe.ended for probe in recorded.ended(stage).values()] == ["stopped"]
    assert stage.rows("journal")[-1]["event"] == "closed"


def test_a_second_run_waits_and_leaves_with_75_and_tells_only_whoever_typed_it(stage: Stage) -> None:
    def impatient() -> None:
        import common.files.run_lock

        real = common.files.run_lock.run_lock

        def quick(path: Path, wait_seconds: float = 0, longest_seconds: float | None = None) -> Any:
            return real(path, min(wait_seconds, 0.3), longest_seconds)

        common.files.run_lock.run_lock = quick

    with lock_held(stage):
        by_cron, by_hand = stage.run(before=impatient), stage.run("--clean-up", before=impatient)
    assert (by_cron.code, by_cron.stdout, by_cron.stderr) == (75, "", "")
    assert (by_hand.code, by_hand.stdout, by_hand.stderr.count("\n")) == (75, "", 1)
    assert "another run is under way" in by_hand.stderr
    assert stage.log().count("another run is under way") == 2
    assert requests_made(stage) == 0


def test_a_run_waits_for_the_one_before_it_to_end(stage: Stage) -> None:
    with lock_held(stage):
        second = stage.begin()
        time.sleep(0.5)
        assert requests_made(stage) == 0
    assert second.end().code == 0
    assert requests_made(stage) == stage.count


@pytest.mark.parametrize("damage", ["garbage", "gone", "folder"])
def test_a_journal_that_is_broken_hides_nothing(stage: Stage, damage: str) -> None:
    fork = stage.begin()
    stage.wait_until(lambda truth: bool(truth["living_instances"]))
    fork.kill()
    fork.end()
    [path] = (stage.home / "collect_launch_time" / "data" / "journal").glob("*.csv")
    if damage == "garbage":
        path.write_bytes(b"\x00\xff,,\n" * 50 + path.read_bytes()[100:300])
    else:
        path.unlink()
    if damage == "folder":
        path.mkdir()
    stage.run("--clean-up")
    assert not stage.left_over()


def test_a_clean_up_goes_on_asking_while_the_list_of_our_requests_fails(stage: Stage) -> None:
    fork = stage.begin()
    stage.wait_until(lambda truth: bool(truth["living_instances"]))
    fork.kill()
    fork.end()
    fault = {"kind": "server_error", "action": "DescribeSpotInstanceRequests", "region": "us-east-1", "limit": 6}
    stage.aws.control.set_faults(fault)
    ended = stage.run("--clean-up")
    assert (ended.code, ended.stderr) == (0, "")
    assert not stage.left_over()


def test_an_installation_id_that_was_lost_leaves_the_journals_own_requests_to_be_found(stage: Stage) -> None:
    fork = stage.begin()
    stage.wait_until(lambda truth: bool(truth["living_instances"]))
    fork.kill()
    fork.end()
    (stage.home / "collect_launch_time" / "data" / "installation").unlink()
    assert stage.run("--clean-up").code == 0
    assert not stage.left_over()


def test_a_run_that_died_between_its_bill_and_closing_its_entry_is_not_billed_twice(stage: Stage) -> None:
    def die_when_closing() -> None:
        import os

        import collect_launch_time.run_journal

        write = collect_launch_time.run_journal.RunJournal.write

        def deadly(self, event, *more):  # type: ignore[no-untyped-def]
            if event == "closed":
                os.kill(os.getpid(), signal.SIGKILL)
            write(self, event, *more)

        collect_launch_time.run_journal.RunJournal.write = deadly  # type: ignore[method-assign]

    assert stage.run(before=die_when_closing).code == -signal.SIGKILL
    [billed] = stage.rows("spending")
    assert stage.run("--clean-up").code == 0
    assert stage.rows("spending") == [billed]
    assert [probe.ended for probe in recorded.ended(stage).values()] == ["all_ready"], "nor written twice"
    assert stage.rows("journal")[-1]["event"] == "closed"
    assert stage.run("--clean-up").code == 0
    assert len(stage.rows("journal")) == 4


def test_where_nobody_ever_comes_back_the_instances_end_themselves(stage: Stage) -> None:
    stage.aws.control.set_scenario(check_seconds=[600, 600])
    fork = stage.begin()
    stage.wait_until(lambda truth: len(truth["living_instances"]) == stage.count)
    fork.kill()
    fork.end()
    stage.aws.control.set_clock(speed=200)
    truth = stage.wait_until(lambda truth: not truth["living_instances"])
    assert {instance["ended_by"] for instance in truth["instances"] if not instance["decoy"]} == {"itself"}


def test_another_installation_on_the_account_is_left_alone(stage: Stage, tmp_path: Path) -> None:
    stage.aws.control.set_scenario(check_seconds=[3, 3])
    first = stage.begin()
    stage.wait_until(lambda truth: len(truth["living_instances"]) == stage.count)
    other = Stage(stage.aws, tmp_path / "other")
    assert other.run("--clean-up").code == 0
    assert first.end().code == 0
    assert stage.rows("")[-1]["ready_instances"] == "3"


def test_without_room_for_the_journal_nothing_is_requested(stage: Stage) -> None:
    ended = stage.run(before=lambda: full_disk("journal"))
    assert ended.code == 1
    assert ended.stderr.count("\n") == 1
    assert "without a journal" in ended.stderr
    assert requests_made(stage) == 0


def test_a_disk_that_fills_in_the_middle_costs_the_rows_and_leaves_nothing_running(stage: Stage) -> None:
    ended = stage.run(before=lambda: full_disk("data", but="intended", spares="selection"))
    assert ended.code == 1
    assert "could not be written" in ended.stderr
    assert requests_made(stage) == stage.count
    assert not stage.left_over()


@contextlib.contextmanager
def lock_held(stage: Stage) -> Iterator[None]:
    """Let another process hold the lock: a fork of this one would inherit it."""
    lock = probe_lock(stage.home)
    lock.parent.mkdir(parents=True)
    hold = "import fcntl, sys; file = open(sys.argv[1], 'a'); fcntl.flock(file, 2); print('held', flush=True); input()"
    other = subprocess.Popen(
        [sys.executable, "-c", hold, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdin
    assert other.stdout
    assert other.stdout.readline() == "held\n"
    yield
    other.communicate("\n")


def full_disk(part: str, but: str = "nothing", spares: str = "nothing") -> None:
    """Let every append below a folder fail, but for rows with a word in them, and below another folder."""
    import common.files.csv_file
    from common.errors import Unwritable

    real = common.files.csv_file.append

    def append(path, header, rows, **options):  # type: ignore[no-untyped-def]
        rows = list(rows)
        if part in path.parts and spares not in path.parts and not any(but in map(str, row) for row in rows):
            raise Unwritable(f"cannot write {path}: No space left on device; nothing was added")
        real(path, header, rows, **options)

    common.files.csv_file.append = append
