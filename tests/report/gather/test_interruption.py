"""A pair's steps tell its band at every moment it was seen, though days are read newest first."""

from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from report.gather.interruption import InterruptionFrequency, SeenBands

Sights = list[tuple[int, int, int]]
"""Day, minute of it and band."""
MINUTES_A_DAY = 1440

sights = st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 4))
histories = st.dictionaries(st.integers(0, 3), st.lists(sights, min_size=1, max_size=12))


def seen_on(day: int, histories: dict[int, Sights]) -> SeenBands:
    rows = [
        (pair, 60 * (MINUTES_A_DAY * at + minute), band)
        for pair, history in histories.items()
        for at, minute, band in history
        if at == day
    ]
    pair, wall, band = np.array(rows, np.int64).reshape(-1, 3).T
    return SeenBands.of(pair, wall, band.astype(float))


def fed(histories: dict[int, Sights]) -> InterruptionFrequency:
    frequency = InterruptionFrequency()
    for day in reversed(range(5)):
        frequency.add(seen_on(day, histories))
    return frequency


def steps_of(frequency: InterruptionFrequency) -> dict[int, list[tuple[int, int]]]:
    listed = frequency.listed()
    found, start, at = {}, 0, 0
    for pair, count in zip(accumulate(listed["pair"]), listed["steps"], strict=True):
        first, *steps = listed["minute"][at : at + count]
        start += first
        found[pair] = list(zip(accumulate([start, *steps]), listed["band"][at : at + count], strict=True))
        at += count
    return found


def by_hand(histories: dict[int, Sights]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for pair, history in histories.items():
        last_of_moment = {MINUTES_A_DAY * day + minute: band for day, minute, band in history}
        for moment, band in sorted(last_of_moment.items()):
            steps = found.setdefault(pair, [])
            if not steps or steps[-1][1] != band:
                steps.append((moment, band))
    return found


@given(histories=histories)
def test_steps_are_the_first_band_and_every_change_at_the_moment_it_was_seen(histories: dict[int, Sights]) -> None:
    assert steps_of(fed(histories)) == by_hand(histories)
    assert len(fed(histories)) == sum(map(len, by_hand(histories).values()))


@given(histories=histories)
def test_what_two_files_of_a_day_tell_counts_as_one(histories: dict[int, Sights]) -> None:
    frequency = InterruptionFrequency()
    even, odd = (
        {pair: [sight for sight in history if sight[1] % 2 == rest] for pair, history in histories.items()}
        for rest in (0, 1)
    )
    for day in reversed(range(5)):
        frequency.add(seen_on(day, even), seen_on(day, odd))
    assert steps_of(frequency) == by_hand(histories)


def test_unknown_bands_are_no_change() -> None:
    one, two, three = (np.array([value]) for value in (60, 120, 180))
    frequency = InterruptionFrequency()
    for wall, band in ((three, 1.0), (two, np.nan), (one, 1.0)):
        frequency.add(SeenBands.of(np.array([0]), wall, np.array([band])))
    assert steps_of(frequency) == {0: [(1, 1)]}


def test_a_change_within_the_first_day_is_seen_when_it_was() -> None:
    assert steps_of(fed({0: [(0, 0, 1), (0, 5, 3)]})) == {0: [(0, 1), (5, 3)]}
