"""The budget: no start that could pass the limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_launch_time.money.budget import END_SECONDS, Budget, maximum_cost_usd


def test_the_most_a_probe_costs_reckons_with_its_end() -> None:
    assert maximum_cost_usd(10, 0.36, 600) == pytest.approx(10 * 0.36 * (600 + END_SECONDS) / 3600)


@given(st.floats(0, 100), st.lists(st.floats(0, 50)))
def test_whatever_is_taken_the_limit_is_never_passed(limit: float, wishes: list[float]) -> None:
    budget = Budget(limit)
    taken = [usd for usd in wishes if budget.reserve(usd)]
    assert sum(taken) <= limit * (1 + 1e-9)
    assert budget.committed_usd <= limit
