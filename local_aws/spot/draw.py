"""Reproducible random numbers: the same seed and name give the same numbers, in whatever order things happen."""

import random
from datetime import timedelta

_NEVER_HOURS = 1e6  # stands for "never", and is still a valid timedelta


class Draw:
    """One resource's own stream of random numbers."""

    def __init__(self, *name: object) -> None:
        self._random = random.Random("/".join(map(str, name)))

    def between(self, bounds: tuple[float, float]) -> timedelta:
        """Return a duration, uniformly distributed between two numbers of seconds."""
        return timedelta(seconds=self._random.uniform(*bounds))

    def around(self, median_seconds: float, spread: float) -> timedelta:
        """Return a log-normal duration, skewed as waiting times are; spread is its logarithm's standard deviation."""
        return timedelta(seconds=median_seconds * self._random.lognormvariate(0.0, spread))

    def until_next(self, per_hour: float) -> timedelta:
        """Return how long it takes until the next of events that happen this often an hour on average."""
        hours = min(self._random.expovariate(1.0) / per_hour, _NEVER_HOURS) if per_hour else _NEVER_HOURS
        return timedelta(hours=hours)

    def happens(self, probability: float) -> bool:
        """Return True with this probability."""
        return self._random.random() < probability

    def resource_id(self, prefix: str, digits: int) -> str:
        """Return an id such as AWS gives: a prefix and a number of hexadecimal digits."""
        return f"{prefix}-{self._random.getrandbits(4 * digits):0{digits}x}"

    def request_id(self) -> str:
        """Return a spot request's id: "sir-" and eight letters and digits."""
        return "sir-" + "".join(self._random.choices("abcdefghijkmnpqrstuvwxyz123456789", k=8))
