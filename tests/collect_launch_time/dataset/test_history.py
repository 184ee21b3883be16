"""What is known at a moment is the same as what a search through all observations finds."""

import itertools
import math
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from collect_launch_time.dataset.history import DAY_MS, SeriesHistory, observations
from collect_launch_time.dataset.numbering import Numbering
from data_files.columnar import CodedValues

HOUR = 3_600_000
PAIR = ("us-east-1", "m5.large")

steps = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 3), st.integers(1, 3)), max_size=30
)  # hour measured, hours until known, value


class Answer(NamedTuple):
    """What is known at a moment; all unknown, or None of it."""

    value: float
    age_seconds: float
    changes: float
    looks: float


NOTHING = Answer(math.nan, math.nan, math.nan, math.nan)


def history() -> SeriesHistory:
    series = Numbering()
    series.of(*(CodedValues(np.zeros(1, np.int64), [part]) for part in PAIR))
    return SeriesHistory(series, window_days=1, counts_looks=True)


def learn(found: SeriesHistory, seen: list[tuple[int, int, int]]) -> None:
    hours, delays, values = np.array(seen, np.int64).reshape(-1, 3).T
    found.learn(
        observations((hours + delays) * HOUR, np.zeros(len(seen), np.int64), hours * HOUR, values.astype(np.float64))
    )


def ask(found: SeriesHistory, moment: int, pair: tuple[str, str] = PAIR) -> Answer:
    known = found.known([pair], np.array([moment])).pick(np.zeros(1, np.int64))
    return Answer(*(float(values[0]) for values in (known.value, known.age_seconds, known.changes, known.looks)))


def same(one: Answer, other: Answer) -> bool:
    return np.array_equal(one, other, equal_nan=True)


@given(steps, st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_the_last_known_value_its_age_its_changes_and_looks(seen: list[tuple[int, int, int]], asked: list[int]) -> None:
    whole, forgetful = history(), history()
    learn(whole, seen)
    known_by = 0
    for hour in sorted(asked):
        expected = by_going_through(seen, hour)
        assert same(ask(whole, hour * HOUR), expected)
        learn(forgetful, [step for step in seen if known_by <= step[0] + step[1] < hour + 1])
        known_by = hour + 1
        assert same(ask(forgetful, hour * HOUR), expected)
        forgetful.forget_before(hour * HOUR)
        assert same(ask(forgetful, hour * HOUR), expected)


def by_going_through(seen: list[tuple[int, int, int]], asked: int) -> Answer:
    """The slow way: drop what was measured before an earlier known value, then compare neighbours."""
    kept: list[tuple[int, int, int]] = []
    for known_at, measured, value in sorted(
        ((hour + delay, hour, value) for hour, delay, value in seen), key=lambda step: step[:2]
    ):
        if known_at <= asked and not (kept and measured < kept[-1][1]):
            if kept and (known_at, measured) == kept[-1][:2]:
                kept.pop()
            kept.append((known_at, measured, value))
    if not kept:
        return NOTHING
    earliest = asked - DAY_MS // HOUR
    changes = sum(later[2] != earlier[2] and later[0] > earliest for earlier, later in itertools.pairwise(kept))
    looks = sum(step[0] > earliest for step in kept)
    return Answer(kept[-1][2], 3600 * (asked - kept[-1][1]), changes, looks)


def test_nothing_is_known_of_another_pair() -> None:
    found = history()
    learn(found, [(0, 0, 3)])
    assert same(ask(found, 10 * HOUR, ("us-east-1", "m5.xlarge")), NOTHING)
    assert not same(ask(found, 10 * HOUR), NOTHING)


def test_memory_does_not_grow_with_the_days() -> None:
    found = history()
    sizes = []
    for day in range(30):
        learn(found, [(24 * day + hour, 0, hour % 3) for hour in range(24)])
        found.forget_before((day + 1) * DAY_MS)
        sizes.append(len(found._rows))
    assert max(sizes) <= 26
