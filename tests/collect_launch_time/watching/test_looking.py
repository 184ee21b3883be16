"""One look: what is asked for, what is not any more, and what is kept of a look that half failed."""

from datetime import timedelta
from pathlib import Path

import pytest

from collect_launch_time.run_context import RunContext
from collect_launch_time.state.probe import Probe
from collect_launch_time.watching.looking import look, look_row
from data_files.launches.journal import Entry, new_token
from tests.collect_launch_time.fakes import REGION, START, TYPE, FakeClock, FakeEc2, probe_on, refused, run_on


@pytest.fixture
def ec2() -> FakeEc2:
    return FakeEc2(FakeClock())


@pytest.fixture
def run(ec2: FakeEc2, tmp_path: Path) -> RunContext:
    return run_on(ec2, tmp_path)


def probe(run: RunContext, ec2: FakeEc2, *fulfilled: float) -> Probe:
    """A probe whose instances are fulfilled at these moments, run 2 seconds later and are ready 20 seconds later."""
    ids = [f"sir-{len(ec2.spots) + number}" for number in range(1, len(fulfilled) + 1)]
    entry = Entry(new_token(), REGION, TYPE, len(ids), request_ids=tuple(ids))
    for request_id, moment in zip(ids, fulfilled, strict=True):
        ec2.add(request_id, token=entry.token, made=run.clock.monotonic(), fulfilled=moment)
    return probe_on(run, ec2, entry, ids)


@pytest.mark.parametrize("probes", [1, 100])
def test_one_probe_or_a_hundred_are_looked_at_by_two_calls(run: RunContext, ec2: FakeEc2, probes: int) -> None:
    watched = [probe(run, ec2, 1.0, 2.0) for _ in range(probes)]
    ec2.clock.sleep(10)
    look(ec2, watched, run.clock)
    assert [name for _, name, _ in ec2.calls] == ["look_at_requests", "look_at_instances"]
    assert all(each.counts.fulfilled == each.counts.running == 2 for each in watched)


def test_an_instance_is_looked_at_in_the_same_look_that_brought_its_id(run: RunContext, ec2: FakeEc2) -> None:
    watched = probe(run, ec2, 1.0)
    ec2.clock.sleep(25)
    look(ec2, [watched], run.clock)
    assert watched.counts.ready == 1


def test_while_nothing_is_fulfilled_no_call_for_instances_is_made(run: RunContext, ec2: FakeEc2) -> None:
    watched = probe(run, ec2, 100.0)
    look(ec2, [watched], run.clock)
    assert [name for _, name, _ in ec2.calls] == ["look_at_requests"]


def test_after_an_instance_is_ready_its_request_is_not_looked_at_any_more_but_the_instance_is(
    run: RunContext, ec2: FakeEc2
) -> None:
    watched = probe(run, ec2, 1.0, 100.0)
    ec2.clock.sleep(25)
    look(ec2, [watched], run.clock)
    look(ec2, [watched], run.clock)
    assert ec2.asked("look_at_requests") == [["sir-1", "sir-2"], ["sir-2"]]
    assert ec2.asked("look_at_instances") == [["i-1"], ["i-1"]]


def test_instances_that_are_dead_or_being_ended_are_not_looked_at_any_more(run: RunContext, ec2: FakeEc2) -> None:
    watched = probe(run, ec2, 1.0, 1.0, 1.0)
    ec2.spots[0].interrupted = 5.0
    watched.tracks["sir-2"].is_ending = True
    ec2.clock.sleep(10)
    look(ec2, [watched], run.clock)
    look(ec2, [watched], run.clock)
    assert ec2.asked("look_at_requests") == [["sir-1", "sir-3"], ["sir-3"]]
    assert ec2.asked("look_at_instances") == [["i-1", "i-3"], ["i-3"]]


def test_an_id_that_is_not_visible_yet_counts_neither_as_yes_nor_as_no(run: RunContext, ec2: FakeEc2) -> None:
    watched = probe(run, ec2, 1.0)
    ec2.invisible_seconds = 30.0
    ec2.clock.sleep(10)
    look(ec2, [watched], run.clock)
    [track] = watched.tracks.values()
    assert (track.fulfilled.last_no, track.fulfilled.first_yes) == (START, None)
    ec2.clock.sleep(25)
    look(ec2, [watched], run.clock)
    assert (track.fulfilled.last_no, track.fulfilled.first_yes) == (START, START + timedelta(seconds=35))


def test_a_yes_has_the_time_of_the_answers_and_a_no_that_of_its_question(run: RunContext, ec2: FakeEc2) -> None:
    watched = probe(run, ec2, 1.0)
    ec2.seconds = {"look_at_requests": 0.5, "look_at_instances": 0.25}
    ec2.clock.sleep(10)
    answered = look(ec2, [watched], run.clock)
    [track] = watched.tracks.values()
    assert answered == track.running.first_yes == track.fulfilled.first_yes == START + timedelta(seconds=10.75)
    assert track.ready.last_no == START + timedelta(seconds=10.5), "when the instances were asked for, not the requests"


def test_if_the_call_for_instances_fails_the_requests_are_noted_and_the_look_fails(
    run: RunContext, ec2: FakeEc2
) -> None:
    watched = probe(run, ec2, 1.0)
    ec2.fail("look_at_instances")
    ec2.clock.sleep(10)
    with pytest.raises(type(refused("X"))):
        look(ec2, [watched], run.clock)
    assert (watched.counts.fulfilled, watched.counts.running) == (1, 0)


def test_if_the_call_for_requests_fails_nothing_is_noted(run: RunContext, ec2: FakeEc2) -> None:
    watched = probe(run, ec2, 1.0)
    ec2.fail("look_at_requests")
    ec2.clock.sleep(10)
    with pytest.raises(type(refused("X"))):
        look(ec2, [watched], run.clock)
    assert watched.counts.fulfilled == 0
    assert ec2.moments("look_at_instances") == []


def test_a_row_counts_the_instances_that_have_become_ready_fulfilled_and_running_so_far(
    run: RunContext, ec2: FakeEc2
) -> None:
    watched = probe(run, ec2, 1.0, 15.0, 100.0)
    ec2.clock.sleep(22)
    answered = look(ec2, [watched], run.clock)
    region, instance, count, requested, moment, *counts = look_row(watched, answered)
    assert (region, instance, count, counts) == (REGION, TYPE, 3, [1, 2, 2])
    assert str(requested) < str(moment)
