"""Whatever callers do to a Region, in whatever order: what AWS promises holds."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from local_aws.spot.instance import PENDING, RUNNING, SHUTTING_DOWN, TERMINATED
from local_aws.spot.request import SpotRequest
from tests.local_aws.simulated_region import NOON, Stage

_STATES = [PENDING, RUNNING, SHUTTING_DOWN, TERMINATED]
_DEEDS = st.tuples(
    st.sampled_from(["request", "cancel", "terminate", "interrupt", "look"]),
    st.integers(0, 5),
    st.floats(0, 60),
)


@settings(max_examples=60)
@given(st.lists(_DEEDS, max_size=25), st.floats(0, 1), st.integers(0, 12))
def test_no_deed_launches_twice_goes_back_or_leaves_anything_unfindable(
    deeds: list[tuple[str, int, float]], crossing: float, capacity: int
) -> None:
    stage = Stage(
        capacity=capacity,
        cross_cancel_probability=crossing,
        fulfilment_seconds=[0, 20],
        evaluation_seconds=[0, 3],
        interrupt_share=0.2,
        interrupt_after_seconds=[0, 100],
        capacity_beat_seconds=10,
    )
    now, requests = NOON, list[SpotRequest]()
    for deed, number, seconds in deeds:
        now += timedelta(seconds=seconds)
        instances = stage.region.every_instance(now)
        if deed == "request":
            requests += stage.request(number + 1, at=now)
        elif deed == "cancel":
            stage.region.cancel([one.request_id for one in requests[number::3]], now)
        elif deed == "terminate":
            seen = [one for one in instances[number::3] if one.is_seen(now)]
            stage.region.terminate([one.instance_id for one in seen], now)
        elif deed == "interrupt" and instances:
            stage.region.interrupt([instances[number % len(instances)].instance_id], now)
        _holds(stage, requests, now)
    _everything_ends(stage, requests, now)


def _holds(stage: Stage, requests: list[SpotRequest], now: datetime) -> None:
    instances = stage.region.every_instance(now, planned=True)
    assert len({one.instance_id for one in instances}) == len(instances)
    for request in requests:
        assert len(request.instances) <= 1
        assert [turn.at for turn in request.turns] == sorted(turn.at for turn in request.turns)
    for instance in instances:
        assert [instance] == stage.region.registry.requests[instance.request_id or ""].instances
        moments = [instance.launched + timedelta(seconds=second) for second in range(0, 300, 7)]
        places = [_STATES.index(instance.state(moment)) for moment in moments]
        assert places == sorted(places)


def _everything_ends(stage: Stage, requests: list[SpotRequest], now: datetime) -> None:
    """Do as a careful caller does: cancel, wait until nothing is open, then terminate what there is."""
    end = now + timedelta(seconds=30)
    if requests:
        stage.region.cancel([one.request_id for one in requests], end)
    later = end + timedelta(seconds=10)
    assert not [one for one in requests if one.is_open(later)]
    ids = [turn.instance.instance_id for turn in (one.turn(later) for one in requests) if turn.instance]
    if ids:
        seen = [one.instance_id for one in stage.region.instances([], later)[0] if one.instance_id in ids]
        stage.region.terminate(seen, later)
    living = [one for one in stage.region.every_instance(later) if one.holds_capacity(later)]
    assert living == []
