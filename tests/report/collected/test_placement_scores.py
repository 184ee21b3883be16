"""Scores gathered in numpy are what counting by hand gives, however the rows are cut into files."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from report.collected.placement_scores import ScoreCells, gather_cells, join_cells

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.one_of(st.none(), st.integers(1, 10))), max_size=40)
Row = tuple[int, int, int | None]


def gathered(some: list[Row]) -> ScoreCells:
    time, pair = (np.array([row[place] for row in some], np.int64) for place in (0, 1))
    return gather_cells(time, pair, np.array([np.nan if row[2] is None else row[2] for row in some], float))


def by_hand(some: list[Row]) -> list[tuple[int, ...]]:
    cells: dict[tuple[int, int], list[int | None]] = defaultdict(list)
    for time, pair, score in some:
        cells[time, pair].append(score)
    found: list[tuple[int, ...]] = []
    for (time, pair), scores in sorted(cells.items()):
        known = [score for score in scores if score is not None]
        extremes = (min(known), max(known)) if known else (0, 0)
        mean = round(10 * sum(known) / len(known)) if known else 0
        found.append((time, pair, scores.count(None), len(known), mean, *extremes))
    return found


def unpacked(cells: ScoreCells) -> list[tuple[int, ...]]:
    listed = cells.listed()
    times = [
        time for time, count in zip(listed["times"][::2], listed["times"][1::2], strict=True) for _ in range(count)
    ]
    pairs: list[int] = []
    for place, step in enumerate(listed["pair"]):
        goes_on = place > 0 and times[place] == times[place - 1]
        pairs.append(pairs[-1] + step if goes_on else step)
    rest = (listed[name] for name in ("unknown", "known", "mean", "low", "high"))
    return list(zip(times, pairs, *rest, strict=True))


@given(some=rows)
def test_counts_means_and_extremes_are_those_counted_by_hand(some: list[Row]) -> None:
    assert unpacked(gathered(some)) == by_hand(some)


@given(some=rows, cut=st.integers(0, 40))
def test_parts_joined_in_any_order_are_the_whole(some: list[Row], cut: int) -> None:
    whole = unpacked(gathered(some))
    assert unpacked(join_cells([gathered(some[:cut]), gathered(some[cut:])])) == whole
    assert unpacked(join_cells([gathered(some[cut:]), gathered(some[:cut])])) == whole


def test_asked_without_an_answer_is_not_a_low_score() -> None:
    assert unpacked(gathered([(0, 0, None), (0, 0, None), (0, 1, 1)])) == [
        (0, 0, 2, 0, 0, 0, 0),
        (0, 1, 0, 1, 10, 1, 1),
    ]
