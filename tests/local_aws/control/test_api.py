"""The control API: clock, reset, call counts, and invalid requests."""

from datetime import UTC, datetime, timedelta

import pytest

from local_aws.control.api import put_clock
from local_aws.state.world import World
from tests.stand_in import StandIn


def test_the_clock_can_be_set_stopped_and_run_faster(aws: StandIn) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    aws.control.set_clock(noon, speed=0)
    assert aws.control.now() == noon
    assert aws.control.now() == noon
    aws.control.set_clock(speed=1_000_000)
    first, second = aws.control.now(), aws.control.now()
    assert second - first > timedelta(seconds=10)


def test_a_reset_forgets_everything_but_the_seed(aws: StandIn) -> None:
    before, catalog = aws.control.state(), aws.control.set_catalog()
    aws.control.set_clock(datetime(2031, 1, 1, tzinfo=UTC), speed=5)
    aws.control.set_faults({"kind": "latency"})
    aws.control.deny("DescribeRegions")
    aws.control.set_instance_role(name="other")
    aws.control.set_catalog(unscored_types=["m5.*"])
    aws.control.set_configuration_limit(3)
    aws.client("sts").get_caller_identity()
    aws.control.reset()
    after = aws.control.state()
    assert {**after, "now": before["now"]} == before
    assert aws.control.set_catalog() == catalog
    assert abs(datetime.now(UTC) - aws.control.now()) < timedelta(seconds=30)
    assert aws.control.calls() == []


def test_calls_are_counted_by_action_region_and_outcome(aws: StandIn) -> None:
    for region in ("us-east-1", "us-east-1", "eu-west-1"):
        aws.client(region=region).describe_regions()
    assert aws.control.calls() == [
        {"action": "DescribeRegions", "region": "eu-west-1", "outcome": "ok", "count": 1},
        {"action": "DescribeRegions", "region": "us-east-1", "outcome": "ok", "count": 2},
    ]
    assert aws.control.call_count("DescribeRegions") == 3
    assert aws.control.call_count("DescribeRegions", "throttle") == 0


def test_an_invalid_request_is_refused_with_the_reason(aws: StandIn) -> None:
    with pytest.raises(ValueError, match="offset"):
        aws.control.set_clock(datetime(2026, 3, 1))  # noqa: DTZ001 - it has no offset on purpose
    with pytest.raises(ValueError, match="explosion"):
        aws.control.set_faults({"kind": "explosion"})
    with pytest.raises(ValueError, match="-1"):
        aws.control.set_clock(speed=-1)


def test_the_token_buckets_are_full_after_a_jump_ahead() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    world = World(now=noon, speed=0)

    def empty() -> None:
        while world.token_buckets.take("1", "us-east-1", "RunInstances", {}):
            pass

    empty()
    put_clock(world, {"now": (noon - timedelta(hours=1)).isoformat()})
    assert not world.token_buckets.take("1", "us-east-1", "RunInstances", {})
    put_clock(world, {"now": (noon + timedelta(minutes=10)).isoformat()})
    assert world.token_buckets.take("1", "us-east-1", "RunInstances", {})
