"""Whatever callers do in a Region, in whatever order: what AWS guarantees holds."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from local_aws.spot.instance import PENDING, RUNNING, SHUTTING_DOWN, TERMINATED
from local_aws.spot.request import SpotRequest
from tests.local_aws.simulated_region import NOON, SimulatedRegion

_STATES = [PENDING, RUNNING, SHUTTING_DOWN, TERMINATED]
_ACTIONS = st.tuples(
    st.sampled_from(["request", "cancel", "terminate", "interrupt", "look"]),
    st.integers(0, 5),
    st.floats(0, 60),
)


@settings(max_examples=60)
@given(st.lists(_ACTIONS, max_size=25), st.floats(0, 1), st.integers(0, 12))
def test_no_sequence_of_calls_launches_twice_or_leaves_an_instance_that_cannot_be_found(
    actions: list[tuple[str, int, float]], race: float, capacity: int
) -> None:
    simulated = SimulatedRegion(
        capacity=capacity,
        cancel_race_probability=race,
        fulfilment_seconds=[0, 20],
        evaluation_seconds=[0, 3],
        interrupt_share=0.2,
        interrupt_after_seconds=[0, 100],
        capacity_retry_seconds=10,
    )
    now, requests = NOON, list[SpotRequest]()
    for action, number, seconds in actions:
        now += timedelta(seconds=seconds)
        instances = simulated.region.every_instance(now)
        if action == "request":
            requests += simulated.request(number + 1, at=now)
        elif action == "cancel":
            simulated.region.cancel([one.request_id for one in requests[number::3]], now)
        elif action == "terminate":
            visible = [one for one in instances[number::3] if one.is_visible(now)]
            simulated.region.terminate([one.instance_id for one in visible], now)
        elif action == "interrupt" and instances:
            simulated.region.interrupt([instances[number % len(instances)].instance_id], now)
        _check(simulated, requests, now)
    _everything_ends(simulated, requests, now)


def _check(simulated: SimulatedRegion, requests: list[SpotRequest], now: datetime) -> None:
    instances = simulated.region.every_instance(now, planned=True)
    assert len({one.instance_id for one in instances}) == len(instances)
    for request in requests:
        assert len(request.instances) <= 1
        assert [status.since for status in request.statuses] == sorted(status.since for status in request.statuses)
    for instance in instances:
        assert [instance] == simulated.region.registry.requests[instance.request_id or ""].instances
        moments = [instance.launched_at + timedelta(seconds=second) for second in range(0, 300, 7)]
        states = [_STATES.index(instance.state(moment)) for moment in moments]
        assert states == sorted(states)  # an instance never goes back to an earlier state


def _everything_ends(simulated: SimulatedRegion, requests: list[SpotRequest], now: datetime) -> None:
    """End all as a careful caller does: cancel, wait until nothing is open, then terminate what runs."""
    end = now + timedelta(seconds=30)
    if requests:
        simulated.region.cancel([one.request_id for one in requests], end)
    later = end + timedelta(seconds=10)
    assert not [one for one in requests if one.is_open(later)]
    ids = [status.instance.instance_id for status in (one.status(later) for one in requests) if status.instance]
    if ids:
        visible = [one.instance_id for one in simulated.region.instances([], later)[0] if one.instance_id in ids]
        simulated.region.terminate(visible, later)
    living = [one for one in simulated.region.every_instance(later) if one.holds_capacity(later)]
    assert living == []
