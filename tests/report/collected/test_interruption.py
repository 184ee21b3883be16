"""A pair's steps tell its band on every day, though days are read newest first."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from report.collected.interruption import InterruptionFrequency

Days = list[dict[int, int]]
histories = st.lists(st.dictionaries(st.integers(0, 3), st.integers(0, 4)), max_size=12)


def fed(days: Days) -> InterruptionFrequency:
    frequency = InterruptionFrequency()
    for day in reversed(range(len(days))):
        pairs = np.array(list(days[day]), np.int64)
        frequency.add(day, pairs, np.array(list(days[day].values()), float))
    return frequency


def steps_of(frequency: InterruptionFrequency) -> dict[int, list[tuple[int, int]]]:
    listed = frequency.listed()
    found, pair, at = {}, 0, 0
    for step, count in zip(listed["pair"], listed["steps"], strict=True):
        pair += step
        found[pair] = list(zip(listed["day"][at : at + count], listed["band"][at : at + count], strict=True))
        at += count
    return found


def by_hand(days: Days) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for day, seen in enumerate(days):
        for pair, band in seen.items():
            steps = found.setdefault(pair, [])
            if not steps or steps[-1][1] != band:
                steps.append((day, band))
    return found


@given(days=histories)
def test_steps_are_the_first_band_and_every_change(days: Days) -> None:
    assert steps_of(fed(days)) == by_hand(days)
    assert len(fed(days)) == sum(map(len, by_hand(days).values()))


def test_unknown_bands_are_no_change() -> None:
    frequency = InterruptionFrequency()
    for day, band in ((2, 1.0), (1, np.nan), (0, 1.0)):
        frequency.add(day, np.array([0]), np.array([band]))
    assert steps_of(frequency) == {0: [(0, 1)]}


def test_of_a_pair_seen_twice_on_a_day_the_last_row_counts() -> None:
    frequency = InterruptionFrequency()
    frequency.add(5, np.array([0, 0]), np.array([1.0, 3.0]))
    assert steps_of(frequency) == {0: [(5, 3)]}
