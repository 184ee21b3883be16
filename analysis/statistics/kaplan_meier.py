"""Kaplan and Meier's estimate: after what time which share has come, where for some it is only known until when not."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# Products of fractions such as 9/10 · 8/9 · … · 5/6 miss one half by a rounding error.
_ROUNDING = 1e-9


class Wait(NamedTuple):
    """How long was waited for one case, in seconds; if it did not come by then, it is censored."""

    seconds: float
    has_come: bool


def share_come(waits: Iterable[Wait]) -> list[tuple[float, float]]:
    """Give the estimated share that has come by each time at which any came, in the order of time.

    A case that is censored at a time counts as still waited for at that time.
    """
    come: Counter[float] = Counter()
    ended: Counter[float] = Counter()
    for wait in waits:
        ended[wait.seconds] += 1
        come[wait.seconds] += wait.has_come
    waiting, not_come = ended.total(), 1.0
    steps = []
    for seconds in sorted(ended):
        if come[seconds]:
            not_come *= 1 - come[seconds] / waiting
            steps.append((seconds, 1 - not_come))
        waiting -= ended[seconds]
    return steps


def seconds_to_share(steps: Sequence[tuple[float, float]], share: float) -> float | None:
    """Give the least time at which the estimate reaches a share; None if it never does."""
    return next((seconds for seconds, come in steps if come >= share - _ROUNDING), None)
