"""The budget: nothing is reserved beyond the limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_launch_time.money.budget import END_SECONDS, Budget, maximum_cost_usd


def test_the_maximum_cost_of_a_probe_includes_the_time_its_end_may_take() -> None:
    assert maximum_cost_usd(10, 0.36, 600) == pytest.approx(10 * 0.36 * (600 + END_SECONDS) / 3600)


@given(st.floats(0, 100), st.lists(st.floats(0, 50)))
def test_reservations_never_exceed_the_limit(limit: float, amounts: list[float]) -> None:
    budget = Budget(limit)
    reserved = [usd for usd in amounts if budget.reserve(usd)]
    assert sum(reserved) <= limit * (1 + 1e-9)
    assert budget.committed_usd <= limit
