"""Request throttling: a burst of calls, then a number of calls a second."""

from collections.abc import Mapping

import pytest

from local_aws.state.token_buckets import TokenBuckets


class Stopwatch:
    """A monotonic clock that a test sets."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def allowed(buckets: TokenBuckets, action: str, parameters: Mapping[str, str] | None = None, calls: int = 500) -> int:
    return sum(buckets.take("1", "us-east-1", action, parameters or {}) for _ in range(calls))


@pytest.mark.parametrize(
    ("action", "parameters", "capacity", "refill"),
    [
        ("RequestSpotInstances", {}, 50, 5),
        ("CancelSpotInstanceRequests", {}, 50, 5),
        ("TerminateInstances", {}, 100, 5),
        ("DescribeInstanceStatus", {"InstanceId.1": "i-1"}, 100, 20),
        ("DescribeSpotInstanceRequests", {"Filter.1.Name": "state"}, 100, 20),
        ("DescribeInstances", {"MaxResults": "100"}, 100, 20),
        ("DescribeInstances", {"Action": "DescribeInstances"}, 50, 10),
        ("GetSpotPlacementScores", {}, 100, 20),
    ],
)
def test_a_bucket_has_the_capacity_and_refill_that_aws_documents(
    action: str, parameters: Mapping[str, str], capacity: int, refill: int
) -> None:
    watch = Stopwatch()
    buckets = TokenBuckets(watch)
    assert allowed(buckets, action, parameters) == capacity
    watch.seconds = 2.0
    assert allowed(buckets, action, parameters) == 2 * refill
    watch.seconds = 1000.0
    assert allowed(buckets, action, parameters) == capacity


def test_regions_and_kinds_of_call_have_buckets_of_their_own() -> None:
    buckets = TokenBuckets(Stopwatch())
    allowed(buckets, "RequestSpotInstances")
    assert buckets.take("1", "eu-west-1", "RequestSpotInstances", {})
    assert buckets.take("1", "us-east-1", "TerminateInstances", {})
    assert not buckets.take("1", "us-east-1", "RequestSpotInstances", {})
