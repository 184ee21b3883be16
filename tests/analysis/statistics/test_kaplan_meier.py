"""Kaplan and Meier's estimate against that of lifelines."""

import random

import pytest

from analysis.statistics.kaplan_meier import Wait, seconds_to_share, share_come

# lifelines 0.30.3: KaplanMeierFitter().fit(seconds, has_come), its survival function at the times at which any came.
# Over 2,000 drawn samples the two differ by 2e-15 at most.
BY_LIFELINES = [
    (
        [Wait(160, False), Wait(160, True), Wait(80, True), Wait(180, True), Wait(60, True), Wait(100, True),
         Wait(180, False)],
        [(60, 0.142857142857143), (80, 0.285714285714286), (100, 0.428571428571429), (160, 0.571428571428571),
         (180, 0.785714285714286)],
        160,
        None,
    ),
    (
        [Wait(20, True), Wait(140, False), Wait(60, True), Wait(180, True), Wait(20, True), Wait(80, True),
         Wait(160, True), Wait(80, True), Wait(100, True), Wait(40, True), Wait(100, True), Wait(180, False)],
        [(20, 0.166666666666667), (40, 0.25), (60, 0.333333333333333), (80, 0.5), (100, 0.666666666666667),
         (160, 0.777777777777778), (180, 0.888888888888889)],
        80,
        None,
    ),
    (
        [Wait(40, True), Wait(120, True), Wait(180, True), Wait(40, True), Wait(40, True)],
        [(40, 0.6), (120, 0.8), (180, 1.0)],
        40,
        180,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("waits", "steps", "half", "nine_tenths"), BY_LIFELINES)
def test_the_estimate_is_that_of_lifelines(
    waits: list[Wait], steps: list[tuple[float, float]], half: float | None, nine_tenths: float | None
) -> None:
    found = share_come(waits)
    assert [seconds for seconds, _ in found] == [seconds for seconds, _ in steps]
    assert [share for _, share in found] == pytest.approx([share for _, share in steps], abs=1e-12)
    assert (seconds_to_share(found, 0.5), seconds_to_share(found, 0.9)) == (half, nine_tenths)


@pytest.mark.parametrize("cases", range(2, 200, 2))
def test_half_is_reached_with_the_middle_case_whatever_the_rounding(cases: int) -> None:
    steps = share_come(Wait(seconds, True) for seconds in range(1, cases + 1))
    assert seconds_to_share(steps, 0.5) == cases / 2


def test_without_censored_cases_it_is_the_plain_share() -> None:
    waits = [Wait(seconds, True) for seconds in random.Random(3).sample(range(1000), 10)]
    steps = share_come(waits)
    assert [share for _, share in steps] == pytest.approx([place / 10 for place in range(1, 11)])


def test_where_too_few_come_a_share_is_never_reached() -> None:
    steps = share_come([Wait(30, True), Wait(600, False), Wait(600, False)])
    assert seconds_to_share(steps, 0.5) is None


def test_nothing_waited_for_is_no_estimate() -> None:
    assert share_come([]) == []
    assert seconds_to_share([], 0.5) is None
