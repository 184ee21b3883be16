"""Chance that can be repeated: the same seed and name draw the same numbers, in whatever order things happen."""

import random
from datetime import timedelta


class Draw:
    """One thing's own stream of random numbers."""

    def __init__(self, *name: object) -> None:
        self._random = random.Random("/".join(map(str, name)))

    def between(self, bounds: tuple[float, float]) -> timedelta:
        """Return a duration drawn evenly between two numbers of seconds."""
        return timedelta(seconds=self._random.uniform(*bounds))

    def around(self, median_seconds: float, spread: float) -> timedelta:
        """Return a duration that is skewed as waiting times are: half are shorter than the median."""
        return timedelta(seconds=median_seconds * self._random.lognormvariate(0.0, spread))

    def waiting(self, per_hour: float) -> timedelta:
        """Return how long it takes until something happens that happens so often an hour."""
        return timedelta(hours=min(self._random.expovariate(1.0) / per_hour, 1e6) if per_hour else 1e6)

    def happens(self, probability: float) -> bool:
        """Say whether something of this probability happens."""
        return self._random.random() < probability

    def resource_id(self, prefix: str, digits: int) -> str:
        """Return an id as AWS makes them: a prefix and so many hexadecimal digits."""
        return f"{prefix}-{self._random.getrandbits(4 * digits):0{digits}x}"

    def request_id(self) -> str:
        """Return a spot request's id: eight letters and digits."""
        return "sir-" + "".join(self._random.choices("abcdefghijkmnpqrstuvwxyz123456789", k=8))
