"""Counting changes, merging counts, and the order of a score file."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.scoring import Run, score, scored
from data_files.market.scores import ranked

values = st.lists(st.one_of(st.none(), st.sampled_from([1.0, 2.0, 3.0])), max_size=12)


def test_a_known_value_that_differs_from_the_last_known_one_is_a_change() -> None:
    assert Run.of([3, 3, 2, 3]).changes == 2


def test_the_first_known_value_is_no_change() -> None:
    assert Run.of([None, 3]).changes == 0


def test_unknown_values_are_passed_over() -> None:
    assert Run.of([3, None, None, 3, None, 2]).changes == 1


def test_a_series_without_a_known_value_has_seen_no_change() -> None:
    assert Run.of([None, None]) == Run()


def test_interruption_frequency_0_is_a_known_value() -> None:
    assert Run.of([0, 1, 0, None, 0]).changes == 2


@given(values, st.data())
def test_runs_cut_anywhere_merge_into_the_run_of_the_whole(series: list[float | None], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(series)))
    assert Run.of(series[:cut]).then(Run.of(series[cut:])) == Run.of(series)


@given(values, values, values)
def test_merging_is_associative(a: list[float | None], b: list[float | None], c: list[float | None]) -> None:
    first, second, third = Run.of(a), Run.of(b), Run.of(c)
    assert first.then(second).then(third) == first.then(second.then(third))


@given(values)
def test_counting_agrees_with_looking_at_neighbours_among_the_known(series: list[float | None]) -> None:
    known = [value for value in series if value is not None]
    assert Run.of(series).changes == sum(a != b for a, b in pairwise(known))


def test_three_score_changes_weigh_as_much_as_five_frequency_changes() -> None:
    assert score(3, 5) == 2.0


def test_highest_score_comes_first_then_region_then_instance_type() -> None:
    rows = [
        scored("us-east-1", "m5.large", 0, 0),
        scored("eu-west-1", "m5.large", 0, 0),
        scored("us-east-1", "c5.large", 0, 0),
        scored("us-east-1", "r5.large", 3, 0),
    ]
    assert [(row.region, row.instance) for row in ranked(rows)] == [
        ("us-east-1", "r5.large"),
        ("eu-west-1", "m5.large"),
        ("us-east-1", "c5.large"),
        ("us-east-1", "m5.large"),
    ]
