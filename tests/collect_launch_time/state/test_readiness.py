"""Readiness: what was reached stays reached, and lies between its last no and its first yes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collect_launch_time.ec2.answers import InstanceCheck, SpotRequest
from collect_launch_time.state.readiness import Counts, Track, count

START = datetime(2026, 3, 1, tzinfo=UTC)


def moment(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def request(code: str, state: str = "open", instance_id: str = "") -> SpotRequest:
    return SpotRequest("sir-1", state, code, instance_id)


FULFILLED = request("fulfilled", "active", "i-1")


def check(state: str, ready: bool = False) -> InstanceCheck:
    return InstanceCheck("i-1", state, ready)


def test_an_instance_became_ready_between_the_last_look_that_said_no_and_the_first_that_said_yes() -> None:
    track = Track("sir-1", START)
    track.note_request(FULFILLED, moment(1), moment(1.1))
    track.note_instance(check("pending"), moment(1.1), moment(1.2))
    track.note_instance(check("running"), moment(4), moment(4.2))
    track.note_instance(check("running", ready=True), moment(10), moment(10.3))
    track.note_instance(check("running"), moment(13), moment(13.3))
    assert (track.ready.last_no, track.ready.first_yes) == (moment(4), moment(10.3))
    assert (track.running.last_no, track.running.first_yes) == (moment(1.1), moment(4.2))
    assert track.outcome == "ready"


def test_an_instance_ready_at_the_first_look_was_not_ready_when_it_was_requested() -> None:
    track = Track("sir-1", START)
    track.note_instance(check("running", ready=True), moment(5), moment(5.1))
    assert (track.ready.last_no, track.ready.first_yes) == (START, moment(5.1))
    assert count([track]) == Counts(1, 1, 1)


def test_an_interrupted_instance_stays_counted_and_its_outcome_is_its_requests_status_code() -> None:
    track = Track("sir-1", START)
    track.note_request(FULFILLED, moment(1), moment(1))
    track.note_instance(check("running"), moment(2), moment(2))
    track.note_request(request("instance-terminated-no-capacity", "closed", "i-1"), moment(5), moment(5))
    still_running = not track.is_decided
    assert still_running, "AWS says so two minutes before"
    track.note_instance(check("shutting-down"), moment(6), moment(6))
    assert track.is_decided
    assert count([track]) == Counts(0, 1, 1)
    assert track.outcome == "instance-terminated-no-capacity"


def test_a_look_that_sees_it_dead_does_not_say_that_it_was_not_running_or_ready_before() -> None:
    track = Track("sir-1", START)
    track.note_instance(check("pending"), moment(2), moment(2.1))
    track.note_instance(check("terminated"), moment(5), moment(5.1))
    assert (track.running.last_no, track.ready.last_no) == (moment(2), moment(2))
    assert track.dead.first_yes == moment(5.1)


def test_a_look_that_does_not_show_the_instance_says_neither() -> None:
    track = Track("sir-1", START)
    track.note_request(request("pending-fulfillment"), moment(1), moment(1.1))
    track.note_request(FULFILLED, moment(4), moment(4.1))
    track.note_request(FULFILLED, moment(7), moment(7.1))
    assert (track.fulfilled.last_no, track.fulfilled.first_yes) == (moment(1), moment(4.1))
    assert (track.running.last_no, track.ready.last_no) == (moment(1), moment(1))


def test_awss_own_times_are_those_of_the_first_answer_that_tells_them() -> None:
    track = Track("sir-1", START)
    for code, state, seconds in (
        ("pending-evaluation", "open", 1),
        ("fulfilled", "active", 4),
        ("marked-for-termination", "active", 90),
    ):
        shown = SpotRequest("sir-1", state, code, created=moment(0.5), status_since=moment(seconds))
        track.note_request(shown, moment(100), moment(100))
    assert (track.aws_requested, track.aws_fulfilled) == (moment(0.5), moment(4))


def test_after_we_began_to_end_it_nothing_is_recorded_any_more() -> None:
    track = Track("sir-1", START)
    track.note_request(request("capacity-not-available"), moment(1), moment(1))
    track.is_ending = True
    track.note_request(request("canceled-before-fulfillment", "cancelled"), moment(2), moment(2))
    track.note_instance(check("terminated"), moment(3), moment(3))
    assert track.outcome == "capacity-not-available"
    assert track.dead.first_yes is None


def test_a_failed_request_is_decided_and_an_open_one_is_not() -> None:
    track = Track("sir-1", START)
    track.note_request(request("capacity-not-available"), moment(1), moment(1))
    assert not track.is_decided
    track.note_request(request("bad-parameters", "failed"), moment(2), moment(2))
    assert track.is_decided


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["open", "fulfilled", "pending", "running", "ready", "impaired", "terminated"]),
            st.floats(0.1, 5),
            st.floats(0, 1),
        ),
        max_size=20,
    )
)
def test_counts_only_grow_and_each_interval_ends_after_it_began(looks: list[tuple[str, float, float]]) -> None:
    track, now, before = Track("sir-1", START), 0.0, Counts(0, 0, 0)
    for what, gap, took in looks:
        asked, answered = moment(now + gap), moment(now + gap + took)
        now += gap + took
        if what in ("open", "fulfilled"):
            track.note_request(request("pending-fulfillment") if what == "open" else FULFILLED, asked, answered)
        else:
            state = what if what in ("pending", "terminated") else "running"
            track.note_instance(check(state, ready=what == "ready"), asked, answered)
        counts = count([track])
        assert counts.ready >= before.ready
        assert counts.fulfilled >= max(before.fulfilled, counts.running)
        assert counts.running >= max(before.running, counts.ready)
        before = counts
    for milestone in (track.fulfilled, track.running, track.ready, track.dead):
        assert milestone.first_yes is None or milestone.last_no <= milestone.first_yes
