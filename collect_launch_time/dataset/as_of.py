"""What was known of a (Region, instance type) pair at a moment, and nothing that became known later."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

# The quantities: numbers, which are compared faster than names.
SPS, IF, SAVINGS = range(3)

_DAY = 86_400.0
# For how long changes are counted: placement scores change within hours, the advisor's figures within weeks.
CHANGES_WITHIN_SECONDS = {SPS: _DAY, IF: 30 * _DAY, SAVINGS: 30 * _DAY}


class Observation(NamedTuple):
    """Values of a pair, each with its quantity, measured at the same moment (seconds since 1970)."""

    measured_at: float
    region: str
    instance: str
    values: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class KnownValue:
    """A value as it was known at a moment; all None if no value was known by then."""

    value: int | None = None
    age_seconds: float | None = None
    changes: int | None = None


@dataclass
class _Series:
    value: int
    measured_at: float
    changed_at: deque[float] = field(default_factory=deque)


class Knowledge:
    """All values known at a moment that moves forward. It never reads an observation that became known later."""

    def __init__(self, observations: Iterable[tuple[float, Observation]]) -> None:
        """Take pairs of (moment it became known, observation), ordered by these moments."""
        self._upcoming: Iterator[tuple[float, Observation]] = iter(observations)
        self._next = next(self._upcoming, None)
        self._series: dict[tuple[str, str, int], _Series] = {}

    def advance(self, moment: float) -> None:
        """Add what became known up to a moment, which must not be before the last one."""
        while self._next and self._next[0] <= moment:
            known_at, observed = self._next
            for quantity, value in observed.values:
                self._add((observed.region, observed.instance, quantity), value, observed.measured_at, known_at)
            self._next = next(self._upcoming, None)

    def of(self, region: str, instance: str, quantity: int, moment: float) -> KnownValue:
        """Give the last known value of a pair, its age, and how often it changed in CHANGES_WITHIN_SECONDS."""
        series = self._series.get((region, instance, quantity))
        if series is None:
            return KnownValue()
        earliest = moment - CHANGES_WITHIN_SECONDS[quantity]
        while series.changed_at and series.changed_at[0] <= earliest:
            series.changed_at.popleft()
        return KnownValue(series.value, moment - series.measured_at, len(series.changed_at))

    def _add(self, key: tuple[str, str, int], value: int, measured_at: float, known_at: float) -> None:
        series = self._series.get(key)
        if series is None:
            self._series[key] = _Series(value, measured_at)
            return
        if measured_at < series.measured_at:
            return
        if value != series.value:
            series.changed_at.append(known_at)
        series.value, series.measured_at = value, measured_at
