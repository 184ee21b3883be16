"""What was known of a (Region, instance type) at a moment: learnt in the order in which it became known."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

# The quantities of a pair that are known of.
SPS = "placement score"
IF = "interruption frequency"
SAVINGS = "savings over on-demand"

_DAY = 86_400.0
# Placement scores move within hours, the advisor's figures within weeks.
CHANGES_WITHIN_SECONDS = {SPS: _DAY, IF: 30 * _DAY, SAVINGS: 30 * _DAY}


class Observation(NamedTuple):
    """Known values of a pair, by quantity, and when they were measured, in seconds since 1970."""

    measured_at: float
    region: str
    instance: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Known:
    """A value as it was known at a moment; all None if it never had been."""

    value: int | None = None
    age_seconds: float | None = None
    changes: int | None = None


@dataclass
class _Course:
    value: int
    measured_at: float
    changed_at: deque[float] = field(default_factory=deque)


class Knowledge:
    """All that is known so far. It only ever hears of what became known by the moment it is asked about."""

    def __init__(self, observations: Iterable[tuple[float, Observation]]) -> None:
        """Take (moment it became known, observation) in the order of these moments."""
        self._coming: Iterator[tuple[float, Observation]] = iter(observations)
        self._next = next(self._coming, None)
        self._courses: dict[tuple[str, str, str], _Course] = {}

    def advance(self, moment: float) -> None:
        """Learn what became known up to a moment; moments must not go back."""
        while self._next and self._next[0] <= moment:
            known_at, seen = self._next
            for quantity, value in seen.values:
                self._learn((seen.region, seen.instance, quantity), value, seen.measured_at, known_at)
            self._next = next(self._coming, None)

    def of(self, region: str, instance: str, quantity: str, moment: float) -> Known:
        """Give the last known value of a pair, its age, and how often it changed of late."""
        course = self._courses.get((region, instance, quantity))
        if course is None:
            return Known()
        recently = moment - CHANGES_WITHIN_SECONDS[quantity]
        while course.changed_at and course.changed_at[0] <= recently:
            course.changed_at.popleft()
        return Known(course.value, moment - course.measured_at, len(course.changed_at))

    def _learn(self, key: tuple[str, str, str], value: int, measured_at: float, known_at: float) -> None:
        course = self._courses.get(key)
        if course is None:
            self._courses[key] = _Course(value, measured_at)
            return
        if measured_at < course.measured_at:
            return
        if value != course.value:
            course.changed_at.append(known_at)
        course.value, course.measured_at = value, measured_at
