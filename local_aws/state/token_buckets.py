"""AWS's request throttling: token buckets by account, Region and kind of call."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

# Each limit is a bucket's capacity (calls in a burst) and its refill (calls a second).
# https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
_PER_ACTION = {
    "RequestSpotInstances": (50, 5),
    "CancelSpotInstanceRequests": (50, 5),
    "TerminateInstances": (100, 5),
    "RunInstances": (50, 2),
}
_NON_MUTATING = (100, 20)
_UNFILTERED = (50, 10)  # a Describe call without ids, filters and pages
_MUTATING = (50, 5)
_READING = ("Describe", "Get", "Search", "List")
_SELECTING = ("Filter", "MaxResults", "NextToken", "InstanceId", "SpotInstanceRequestId", "ImageId", "GroupId")


@dataclass(frozen=True)
class Level:
    """How many tokens a bucket held when one was last taken."""

    tokens: float
    at: float  # in seconds of the monotonic clock


class TokenBuckets:
    """The buckets of all Regions; they refill in real time, whatever the speed of the market's clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._levels: dict[tuple[str, str, str], Level] = {}

    def take(self, account: str, region: str, action: str, parameters: Mapping[str, str]) -> bool:
        """Take a token for one EC2 call, and return whether there was one."""
        bucket, (capacity, refill) = _bucket(action, parameters)
        key = account, region, bucket
        with self._lock:
            now = self._clock()
            level = self._levels.get(key, Level(capacity, now))
            tokens = min(capacity, level.tokens + (now - level.at) * refill)
            self._levels[key] = Level(tokens - 1 if tokens >= 1 else tokens, now)
            return tokens >= 1


def _bucket(action: str, parameters: Mapping[str, str]) -> tuple[str, tuple[int, int]]:
    """Return a call's bucket: its name, capacity and refill a second."""
    if action in _PER_ACTION:
        return action, _PER_ACTION[action]
    if not action.startswith(_READING):
        return "mutating", _MUTATING
    if action.startswith("Describe") and not any(name.startswith(_SELECTING) for name in parameters):
        return "unfiltered", _UNFILTERED
    return "non-mutating", _NON_MUTATING
