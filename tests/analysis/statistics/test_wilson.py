"""Wilson's interval against that of statsmodels."""

import pytest

from analysis.statistics.wilson import wilson_interval

# statsmodels 0.15.0: proportion_confint(yes, cases, alpha=0.1, method="wilson"), rounded to nothing. Over all cases up
# to 400 the two differ by 4e-16 at most.
BY_STATSMODELS = [
    (0, 1, 0.0, 0.730134051215946),
    (1, 1, 0.269865948784054, 1.0),
    (0, 10, 0.0, 0.2129419700834071),
    (3, 10, 0.12687658390319784, 0.558300204130165),
    (10, 10, 0.7870580299165928, 1.0),
    (83, 120, 0.6187373871336062, 0.7561438016466608),
    (7, 30, 0.13176024453803759, 0.3790260531286821),
    (1, 1000, 0.00022312384391207085, 0.004469722909368932),
    (997, 1000, 0.9925175086980943, 0.9988004375215837),
]


@pytest.mark.parametrize(("yes", "cases", "lower", "upper"), BY_STATSMODELS)
def test_the_interval_is_that_of_statsmodels(yes: int, cases: int, lower: float, upper: float) -> None:
    assert wilson_interval(yes, cases) == pytest.approx((lower, upper), abs=1e-12)


def test_more_cases_of_the_same_share_make_it_narrower() -> None:
    few, many = wilson_interval(8, 10), wilson_interval(80, 100)
    assert few[0] < many[0] < 0.8 < many[1] < few[1]


@pytest.mark.parametrize(("yes", "cases"), [(0, 0), (-1, 3), (4, 3)])
def test_what_is_no_share_is_refused(yes: int, cases: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson_interval(yes, cases)
