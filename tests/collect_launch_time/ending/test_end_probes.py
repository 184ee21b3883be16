"""The end of a run's own probes: what is written, in which order, and what is reported."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from collect_launch_time.ec2.answers import InstanceCheck
from collect_launch_time.ending.end_probes import ProbeEnder
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.probe import Probe
from collect_launch_time.watching.looking import look
from common.clock import iso
from data_files.launches import journal
from data_files.launches.journal import Entry, new_token
from data_files.launches.probes import STOPPED, TIMED_OUT
from tests.collect_launch_time.fakes import (
    REGION,
    START,
    TYPE,
    FakeClock,
    FakeEc2,
    block,
    now_here,
    probe_on,
    refused,
    rows,
    run_on,
)  # fmt: skip


@pytest.fixture
def ec2() -> FakeEc2:
    return FakeEc2(FakeClock())


@pytest.fixture
def run(ec2: FakeEc2, tmp_path: Path) -> RunContext:
    return run_on(ec2, tmp_path)


def local(seconds: float) -> str:
    """A moment of the fake clock as the files have it."""
    return iso((START + timedelta(seconds=seconds)).astimezone())


def two_instances(run: RunContext, ec2: FakeEc2) -> Probe:
    """A probe of two instances that have been running for 100 seconds and were seen so."""
    entry = Entry(new_token(), REGION, TYPE, 2, request_ids=("sir-1", "sir-2"))
    run.journal.write(journal.REQUESTED, entry)
    for request_id in entry.request_ids:
        ec2.add(request_id, token=entry.token, fulfilled=0.0, seconds_to_running=0.0)
    probe = probe_on(run, ec2, entry, entry.request_ids)
    for track in probe.tracks.values():
        track.note_instance(
            InstanceCheck(track.instance_id, "running", False, f"{REGION}a"), run.clock.now(), run.clock.now()
        )
    ec2.clock.sleep(100)
    return probe


def test_a_probe_is_ended_then_its_rows_its_bill_and_its_closing_row_are_written(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    ProbeEnder(run, now_here).end(ec2, [two_instances(run, ec2)], TIMED_OUT)
    assert ec2.alive == []
    assert not run.problems
    written = rows(tmp_path, "instances")
    assert [row["instance_id"] for row in written] == ["i-1", "i-2"]
    assert {row["aws_launch_time"] for row in written} == {local(0)}
    assert {(row["cause"], row["reason"]) for row in written} == {("us", "in AWS's words: fulfilled")}
    [ended] = rows(tmp_path, "probes")
    assert (ended["request_time"], ended["end_time"], ended["ended"]) == (local(0), local(100), "timeout")
    assert {row["az"] for row in rows(tmp_path, "instances")} == {"use1-az1"}
    [spent] = rows(tmp_path, "spending")
    assert (spent["instances"], spent["seconds"], spent["usd"]) == ("2", "200.0", "0.02")
    assert float(spent["addresses_usd"]) > 200 * 0.005 / 3600, "from the launch on"
    assert float(spent["volumes_usd"]) > 0
    written = rows(tmp_path, "journal")
    assert [row["event"] for row in written] == ["requested", "cancelled", "closed"]
    assert written[-1]["instance_ids"] == "i-1 i-2"
    assert written[-1]["time"] == spent["time"], "by which a later clean-up knows that it is billed"


def test_a_probe_is_closed_only_when_its_own_row_is_on_disk(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    block(tmp_path, "probes")
    ProbeEnder(run, now_here).end(ec2, [two_instances(run, ec2)], TIMED_OUT)
    assert ec2.alive == []
    assert [row["event"] for row in rows(tmp_path, "journal")] == ["requested"]


def test_what_others_ended_is_told_and_lost(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    probe = two_instances(run, ec2)
    for spot in ec2.spots:
        spot.terminated = 100.0
    for track in probe.tracks.values():
        track.note_instance(InstanceCheck(track.instance_id, "shutting-down", False), run.clock.now(), run.clock.now())
    for spot in ec2.spots:
        spot.reason = "Client.UserInitiatedShutdown"
    ProbeEnder(run, now_here).end(ec2, [probe], TIMED_OUT)
    assert {row["cause"] for row in rows(tmp_path, "instances")} == {"others"}
    assert [row["ended"] for row in rows(tmp_path, "probes")] == ["lost"]
    assert run.problems.lines() == [f"others ended its instances before any was ready: 2 x {TYPE} in {REGION}"]


@pytest.mark.parametrize("call", ["cancel", "terminate", "requests", "instances_of_requests"])
def test_what_cannot_be_ended_is_retried_for_two_minutes_then_named_and_stays_open_in_the_journal(
    run: RunContext, ec2: FakeEc2, tmp_path: Path, call: str
) -> None:
    probe = two_instances(run, ec2)
    ec2.fail(call, refused("RequestLimitExceeded"))
    ProbeEnder(run, now_here).end(ec2, [probe], TIMED_OUT)
    [line] = run.problems.lines()
    assert line.startswith("may still be running, the next run or --clean-up ends it (RequestLimitExceeded")
    assert f"2 x {TYPE} in {REGION}" in line
    assert ("i-1 (" in line) == (call == "terminate"), "what lives is named"
    assert [row["event"] for row in rows(tmp_path, "journal")] == ["requested"]
    assert rows(tmp_path, "spending") == []
    assert len(rows(tmp_path, "instances")) == 2, "the measurement is kept"
    assert len(rows(tmp_path, "probes")) == 1, "and how it ended"


def test_a_request_fulfilled_while_it_is_being_cancelled_has_its_instance_terminated_and_recorded(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    entry = Entry(new_token(), REGION, TYPE, 1, request_ids=("sir-1",))
    ec2.add("sir-1", token=entry.token)
    ec2.crossing_seconds = 5.0
    ProbeEnder(run, now_here).end(ec2, [probe_on(run, ec2, entry, ["sir-1"])], TIMED_OUT)
    assert ec2.alive == []
    [row] = rows(tmp_path, "instances")
    assert (row["instance_id"], row["outcome"]) == ("i-1", "pending-fulfillment")
    assert row["fulfilled_time"] > row["request_time"]
    assert row["not_fulfilled_time"] == row["not_running_time"] == row["request_time"]
    assert (row["aws_request_time"], row["aws_fulfilled_time"], row["aws_launch_time"]) == (local(0), "", local(5))
    assert row["cause"] == "us"
    assert row["running_time"] == row["ready_time"] == ""


def test_if_no_request_of_an_unanswered_call_is_found_its_entry_stays_open_in_the_journal(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    entry = Entry(new_token(), REGION, TYPE, 2)
    run.journal.write(journal.INTENDED, entry)
    ProbeEnder(run, now_here).end(ec2, [probe_on(run, ec2, entry, [])], TIMED_OUT)
    assert [row["event"] for row in rows(tmp_path, "journal")] == ["intended"]
    assert (rows(tmp_path, "instances"), rows(tmp_path, "spending")) == ([], [])
    assert len(rows(tmp_path, "probes")) == 1


def test_requests_whose_answer_was_lost_are_found_ended_and_recorded_without_a_measurement(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    entry = Entry(new_token(), REGION, TYPE, 2)
    for request_id in ("sir-1", "sir-2"):
        ec2.add(request_id, token=entry.token, fulfilled=10.0)
    ProbeEnder(run, now_here).end(ec2, [probe_on(run, ec2, entry, [])], STOPPED)
    assert ec2.alive == []
    assert [row["request_id"] for row in rows(tmp_path, "instances")] == ["sir-1", "sir-2"]
    assert rows(tmp_path, "journal")[-1]["event"] == "closed"
    assert {row["cause"] for row in rows(tmp_path, "instances")} == {"us"}
    assert [row["ended"] for row in rows(tmp_path, "probes")] == ["stopped"]


def test_answers_of_aws_after_the_end_began_are_not_recorded_as_outcomes(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    ProbeEnder(run, now_here).end(ec2, [two_instances(run, ec2)], TIMED_OUT)
    assert {row["outcome"] for row in rows(tmp_path, "instances")} == {"fulfilled"}


def test_a_probe_that_is_being_ended_is_not_looked_at_any_more(run: RunContext, ec2: FakeEc2) -> None:
    probe = two_instances(run, ec2)
    ProbeEnder(run, lambda _work, _name: None).end(ec2, [probe], TIMED_OUT)
    look(ec2, [probe], run.clock)
    assert ec2.calls == []


def test_a_probe_whose_bill_cannot_be_written_is_not_closed(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    block(tmp_path, "spending")
    ProbeEnder(run, now_here).end(ec2, [two_instances(run, ec2)], TIMED_OUT)
    assert ec2.alive == []
    assert [row["event"] for row in rows(tmp_path, "journal")] == ["requested", "cancelled"]


def test_a_journal_that_cannot_be_written_is_named_and_everything_is_ended(
    run: RunContext, ec2: FakeEc2, tmp_path: Path
) -> None:
    entry = Entry(new_token(), REGION, TYPE, 1, request_ids=("sir-1",))
    ec2.add("sir-1", token=entry.token, fulfilled=0.0)
    block(tmp_path, "journal")
    ProbeEnder(run, now_here).end(ec2, [probe_on(run, ec2, entry, ["sir-1"])], TIMED_OUT)
    assert ec2.alive == []
    assert len(rows(tmp_path, "spending")) == 1
    [line] = run.problems.lines()
    assert line.startswith("the journal could not be written; the next run closes it")


def test_an_instance_may_be_ended_ahead_of_its_probe(run: RunContext, ec2: FakeEc2, tmp_path: Path) -> None:
    probe = two_instances(run, ec2)
    early, late = probe.tracks.values()
    ender = ProbeEnder(run, now_here)
    ender.end_early(probe, [early])
    assert ec2.alive == ["i-2"]
    assert ec2.asked("cancel") == [["sir-1"]]
    assert (early.early_ended_at, early.is_early_end_running) == (run.clock.now(), False)
    assert late.early_ended_at is None
    ec2.clock.sleep(100)
    ender.end(ec2, [probe], TIMED_OUT)
    [spent] = rows(tmp_path, "spending")
    assert spent["seconds"] == "300.0", "100 seconds of the first and 200 of the second"


@pytest.mark.parametrize("call", ["cancel", "terminate"])
def test_an_early_end_that_fails_may_be_tried_again(run: RunContext, ec2: FakeEc2, call: str) -> None:
    probe = two_instances(run, ec2)
    [track, _] = probe.tracks.values()
    ec2.fail(call)
    ProbeEnder(run, now_here).end_early(probe, [track])
    assert (track.early_ended_at, track.is_early_end_running) == (None, False)
    assert not run.problems
    ec2.failures.clear()
    ProbeEnder(run, now_here).end_early(probe, [track])
    assert ec2.alive == ["i-2"]


def test_it_is_busy_until_its_last_probe_has_been_ended(run: RunContext, ec2: FakeEc2) -> None:
    waiting: list[Callable[[], None]] = []
    ender = ProbeEnder(run, lambda work, _: waiting.append(work))
    busy = [ender.is_busy]
    ender.end(ec2, [two_instances(run, ec2)], TIMED_OUT)
    ender.end(ec2, [], TIMED_OUT)
    for work in waiting:
        busy.append(ender.is_busy)
        work()
    assert [*busy, ender.is_busy] == [False, True, True, False]
    assert ec2.alive == []


def test_without_a_thread_probes_are_ended_in_the_callers(run: RunContext, ec2: FakeEc2) -> None:
    def no_thread(_work: Callable[[], None], _name: str) -> None:
        raise RuntimeError("can't start new thread")

    ender = ProbeEnder(run, no_thread)
    ender.end(ec2, [two_instances(run, ec2)], TIMED_OUT)
    assert ec2.alive == []
    assert not ender.is_busy


def test_a_defect_while_ending_is_named_and_not_waited_for(run: RunContext, ec2: FakeEc2) -> None:
    probe = two_instances(run, ec2)
    ec2.fail("cancel", KeyError("oh"))
    ender = ProbeEnder(run, now_here)
    ender.end(ec2, [probe], TIMED_OUT)
    assert not ender.is_busy
    assert run.problems.lines() == ["a defect of this program: KeyError: 'oh'; the log has it"]
