"""One look: what is asked, what is not asked any more, and what half a look is worth."""

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
    assert all(one.counts.fulfilled == one.counts.running == 2 for one in watched)


def test_an_instance_whose_id_this_very_look_told_is_looked_at_in_it(run: RunContext, ec2: FakeEc2) -> None:
    one = probe(run, ec2, 1.0)
    ec2.clock.sleep(25)
    look(ec2, [one], run.clock)
    assert one.counts.ready == 1


def test_while_nothing_is_fulfilled_no_instance_is_asked_for(run: RunContext, ec2: FakeEc2) -> None:
    one = probe(run, ec2, 100.0)
    look(ec2, [one], run.clock)
    assert [name for _, name, _ in ec2.calls] == ["look_at_requests"]


def test_a_request_whose_instance_is_ready_is_not_asked_for_again_but_the_instance_is(
    run: RunContext, ec2: FakeEc2
) -> None:
    one = probe(run, ec2, 1.0, 100.0)
    ec2.clock.sleep(25)
    look(ec2, [one], run.clock)
    look(ec2, [one], run.clock)
    assert ec2.asked("look_at_requests") == [["sir-1", "sir-2"], ["sir-2"]]
    assert ec2.asked("look_at_instances") == [["i-1"], ["i-1"]]


def test_what_is_dead_or_being_ended_by_us_is_not_asked_for_any_more(run: RunContext, ec2: FakeEc2) -> None:
    one = probe(run, ec2, 1.0, 1.0, 1.0)
    ec2.spots[0].interrupted = 5.0
    one.tracks["sir-2"].is_ending = True
    ec2.clock.sleep(10)
    look(ec2, [one], run.clock)
    look(ec2, [one], run.clock)
    assert ec2.asked("look_at_requests") == [["sir-1", "sir-3"], ["sir-3"]]
    assert ec2.asked("look_at_instances") == [["i-1", "i-3"], ["i-3"]]


def test_an_id_that_is_not_visible_yet_says_neither_yes_nor_no(run: RunContext, ec2: FakeEc2) -> None:
    one = probe(run, ec2, 1.0)
    ec2.invisible_seconds = 30.0
    ec2.clock.sleep(10)
    look(ec2, [one], run.clock)
    [track] = one.tracks.values()
    assert (track.fulfilled.last_no, track.fulfilled.first_yes) == (START, None)
    ec2.clock.sleep(25)
    look(ec2, [one], run.clock)
    assert (track.fulfilled.last_no, track.fulfilled.first_yes) == (START, START + timedelta(seconds=35))


def test_yes_is_dated_when_the_answers_were_in_and_no_when_the_question_left(run: RunContext, ec2: FakeEc2) -> None:
    one = probe(run, ec2, 1.0)
    ec2.seconds = {"look_at_requests": 0.5, "look_at_instances": 0.25}
    ec2.clock.sleep(10)
    answered = look(ec2, [one], run.clock)
    [track] = one.tracks.values()
    assert answered == track.running.first_yes == track.fulfilled.first_yes == START + timedelta(seconds=10.75)
    assert track.ready.last_no == START + timedelta(seconds=10.5), "its own question, not that for the requests"


def test_where_the_instances_cannot_be_had_what_the_requests_told_is_noted_and_the_look_fails(
    run: RunContext, ec2: FakeEc2
) -> None:
    one = probe(run, ec2, 1.0)
    ec2.fail("look_at_instances")
    ec2.clock.sleep(10)
    with pytest.raises(type(refused("X"))):
        look(ec2, [one], run.clock)
    assert (one.counts.fulfilled, one.counts.running) == (1, 0)


def test_where_the_requests_cannot_be_had_nothing_is_noted(run: RunContext, ec2: FakeEc2) -> None:
    one = probe(run, ec2, 1.0)
    ec2.fail("look_at_requests")
    ec2.clock.sleep(10)
    with pytest.raises(type(refused("X"))):
        look(ec2, [one], run.clock)
    assert one.counts.fulfilled == 0
    assert ec2.moments("look_at_instances") == []


def test_a_row_says_how_many_have_so_far_become_what(run: RunContext, ec2: FakeEc2) -> None:
    one = probe(run, ec2, 1.0, 15.0, 100.0)
    ec2.clock.sleep(22)
    answered = look(ec2, [one], run.clock)
    region, instance, count, requested, moment, *counts = look_row(one, answered)
    assert (region, instance, count, counts) == (REGION, TYPE, 3, [1, 2, 2])
    assert str(requested) < str(moment)
