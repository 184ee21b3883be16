"""Scores gathered in numpy are what counting by hand gives, however the rows are cut into files."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data_files.columnar import Times
from data_files.market.polled import OK, OUTCOMES
from report.gather.placement_scores import UNSCORED, ScoreCells, gather_cells, join_cells
from report.gather.polled import PolledArrays

answers = st.one_of(st.integers(1, 10), st.sampled_from(OUTCOMES))
rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), answers), max_size=40)
Row = tuple[int, int, int | str]


def gathered(some: Sequence[Row]) -> ScoreCells:
    """Gather rows of time, pair and the score, or what came instead of it; ok without a score makes no sense."""
    time, pair = (np.array([row[place] for row in some], np.int64) for place in (0, 1))
    score = np.array([np.nan if isinstance(row[2], str) else row[2] for row in some], float)
    outcome = np.array([OUTCOMES.index(row[2] if isinstance(row[2], str) else OK) for row in some], np.int64)
    every = np.arange(len(some))
    times = Times(time.astype(float), time.astype(float))
    return join_cells([gather_cells(PolledArrays(every, every, times, pair, score, score, outcome), 1)])


def by_hand(some: Sequence[Row]) -> list[tuple[int, ...]]:
    cells: dict[tuple[int, int], list[int | str]] = defaultdict(list)
    for time, pair, answer in some:
        cells[time, pair].append("failed" if answer == OK else answer)
    found: list[tuple[int, ...]] = []
    for (time, pair), all_answers in sorted(cells.items()):
        known = [answer for answer in all_answers if isinstance(answer, int)]
        extremes = (min(known), max(known)) if known else (0, 0)
        found.append((time, pair, len(known), sum(known), *extremes, *map(all_answers.count, UNSCORED)))
    return found


def unpacked(cells: ScoreCells) -> list[tuple[int, ...]]:
    listed = cells.listed()
    times = expanded(listed["times"])
    pairs: list[int] = []
    for place, step in enumerate(listed["pair"]):
        goes_on = place > 0 and times[place] == times[place - 1]
        pairs.append(pairs[-1] + step if goes_on else step)
    rest = (listed[name] for name in ("known", "total", "low", "high"))
    return list(zip(times, pairs, *rest, *(expanded(listed[name]) for name in UNSCORED), strict=True))


def expanded(runs: Sequence[int]) -> list[int]:
    return [value for value, count in zip(runs[::2], runs[1::2], strict=True) for _ in range(count)]


@given(some=rows)
def test_counts_sums_and_extremes_are_those_counted_by_hand(some: list[Row]) -> None:
    assert unpacked(gathered(some)) == by_hand(some)


@given(some=rows, cut=st.integers(0, 40))
def test_parts_joined_in_any_order_are_the_whole(some: list[Row], cut: int) -> None:
    whole = unpacked(gathered(some))
    assert unpacked(join_cells([gathered(some[:cut]), gathered(some[cut:])])) == whole
    assert unpacked(join_cells([gathered(some[cut:]), gathered(some[:cut])])) == whole


def test_an_hour_that_clocks_come_back_to_is_one_cell() -> None:
    wall, pair = np.array([1, 2, 1, 1.0]), np.zeros(4, np.int64)
    score, every = np.arange(1.0, 5), np.arange(4)
    cells = gather_cells(PolledArrays(every, every, Times(np.arange(4.0), wall), pair, score, score, pair), 1)
    assert (cells.time.tolist(), cells.known.tolist(), cells.total.tolist()) == ([1, 2], [3, 1], [8, 2])


def test_refused_failed_waiting_and_absent_are_told_apart_and_are_no_low_score() -> None:
    some: list[Row] = [(0, 0, "refused"), (0, 0, "refused"), (0, 0, "waiting"), (0, 0, "absent"), (0, 1, 1)]
    assert unpacked(gathered(some)) == [
        (0, 0, 0, 0, 0, 0, 1, 2, 0, 1),
        (0, 1, 1, 1, 1, 1, 0, 0, 0, 0),
    ]
