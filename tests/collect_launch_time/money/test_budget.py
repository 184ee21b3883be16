"""The budget: nothing past the day's limit, and spread evenly over the local day, whatever its length."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collect_launch_time.money.budget import END_SECONDS, PacedBudget, maximum_cost_usd
from tests.time_zone import in_zone

LIMIT, RUN = 5.0, 0.35
# In Vienna: an ordinary day, those of 23 and 25 hours; in Santiago midnight is skipped, in Havana it comes twice.
DAYS = [
    ("Europe/Vienna", "2026-03-01", 24),
    ("Europe/Vienna", "2026-03-29", 23),
    ("Europe/Vienna", "2026-10-25", 25),
    ("America/Santiago", "2026-09-06", 23),
    ("America/Havana", "2026-11-01", 25),
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone()


def later(moment: datetime, passed: timedelta) -> datetime:
    return (moment.astimezone(UTC) + passed).astimezone()


def test_the_maximum_cost_of_a_probe_includes_its_end_its_volumes_and_its_addresses() -> None:
    besides = 8 * 0.08 / 720 + 0.005
    assert maximum_cost_usd(10, 0.36, 600) == pytest.approx(10 * (0.36 + besides) * (600 + END_SECONDS) / 3600)


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_the_share_of_a_day_goes_by_the_days_real_length(zone: str, day: str, hours: int) -> None:
    with in_zone(zone):
        noon = at(f"{day}T12:00")
        ends = later(noon, timedelta(hours=12))
        assert PacedBudget(LIMIT, 0, noon).share_of_day == pytest.approx((hours - 12) / hours)
        assert PacedBudget(LIMIT, 0, later(ends, timedelta(seconds=-1))).share_of_day == pytest.approx(1, abs=1e-4)
        assert PacedBudget(LIMIT, 0, ends).share_of_day == 0


def test_the_first_run_of_a_day_may_start_at_once_and_the_next_when_its_time_has_come() -> None:
    midnight = at("2026-03-01T00:00")
    assert PacedBudget(LIMIT, 0, midnight).has_room(1.0)
    budget = PacedBudget(LIMIT, 1.0, midnight)
    assert not budget.has_room(1.0)
    assert budget.room_from(1.0) == at("2026-03-01T06:00")  # a quarter of the 4 USD that lie before the last run
    assert not PacedBudget(LIMIT, 1.0, at("2026-03-01T05:59:59")).has_room(1.0)
    assert PacedBudget(LIMIT, 1.0, at("2026-03-01T06:00")).has_room(1.0)


def test_a_run_may_cost_as_much_as_the_whole_day_once_and_never_more() -> None:
    assert PacedBudget(LIMIT, 0, at("2026-03-01T09:00")).has_room(LIMIT)
    assert not PacedBudget(LIMIT, 0.01, at("2026-03-01T23:59")).has_room(LIMIT)
    assert PacedBudget(LIMIT, 0.01, at("2026-03-01T09:00")).room_from(LIMIT) is None
    assert not PacedBudget(LIMIT, 0, at("2026-03-01T09:00")).has_room(LIMIT + 0.01)


def test_what_is_spent_past_what_any_run_may_find_is_seen_without_asking_for_prices() -> None:
    assert PacedBudget(LIMIT, 2.6, at("2026-03-01T12:00")).is_ahead_of_any_run
    assert not PacedBudget(LIMIT, 2.4, at("2026-03-01T12:00")).is_ahead_of_any_run
    assert not PacedBudget(0.0, 0, at("2026-03-01T12:00")).is_ahead_of_any_run


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100), st.integers(0, 86_399))
def test_a_run_that_has_room_never_takes_the_day_past_its_limit_nor_past_the_hours_share(
    limit: float, spent: float, run: float, second: int
) -> None:
    budget = PacedBudget(limit, spent, later(at("2026-03-01T00:00"), timedelta(seconds=second)))
    if budget.has_room(run):
        assert spent + run <= limit + 1e-6
        assert spent + run <= limit * budget.share_of_day + run + 1e-6
        assert budget.room_from(run) == budget.moment
    elif opening := budget.room_from(run):
        assert budget.moment < opening
        assert PacedBudget(limit, spent, later(opening, timedelta(seconds=1))).has_room(run)


def probes_by_quarter(day: str, hours: int, random: Random) -> tuple[Counter[int], float]:
    """Live through a day as cron does: runs that cost some part of what they may; count those of each quarter."""
    start = later(at(f"{day}T12:00"), timedelta(hours=12 - hours))
    quarters: Counter[int] = Counter()
    spent = 0.0
    for minute in range(0, hours * 60, 10):
        if PacedBudget(LIMIT, spent, later(start, timedelta(minutes=minute))).has_room(RUN):
            spent += random.uniform(0.05, 0.25)  # a run mostly costs less than it may
            quarters[minute * 4 // (hours * 60)] += 1
    return quarters, spent


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_each_quarter_of_a_day_holds_its_share_of_the_probes(zone: str, day: str, hours: int) -> None:
    random, quarters = Random(17), Counter[int]()
    with in_zone(zone):
        for _ in range(20):
            of_day, spent = probes_by_quarter(day, hours, random)
            quarters += of_day
            assert 0.85 * LIMIT < spent <= LIMIT
    assert quarters.total() < 20 * 70  # of some 144 runs a day: without a pace the budget is gone before five
    for quarter in range(4):
        assert quarters[quarter] / quarters.total() == pytest.approx(0.25, abs=0.025)
