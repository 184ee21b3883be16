"""Items come by time, with a few days in memory only."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collect_launch_time.dataset.time_order import in_time_order

FIRST = date(2026, 3, 1)


def moment(day: int, hours: float) -> float:
    return (datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=day, hours=hours)).timestamp()


@given(st.lists(st.lists(st.floats(-40, 64, allow_nan=False)), max_size=6))
def test_every_item_comes_once_and_in_order_whatever_the_time_zone(days: list[list[float]]) -> None:
    contents = {
        FIRST + timedelta(days=day): [(moment(day, hours), "x") for hours in rows] for day, rows in enumerate(days)
    }
    found = list(in_time_order(contents, contents.__getitem__, print))
    assert found == sorted(entry for rows in contents.values() for entry in rows)


def test_an_item_in_the_file_of_a_day_far_from_its_own_is_dropped_and_counted() -> None:
    told: list[int] = []
    found = list(in_time_order([FIRST], lambda _: [(moment(9, 0), "x"), (moment(0, 5), "y")], told.append))
    assert (found, told) == ([(moment(0, 5), "y")], [1])


def test_only_a_few_days_are_read_ahead() -> None:
    read: list[int] = []

    def reading(day: date) -> list[tuple[float, int]]:
        number = (day - FIRST).days
        read.append(number)
        return [(moment(number, 12), number)]

    stream = in_time_order([FIRST + timedelta(days=day) for day in range(100)], reading, print)
    for day in range(50):
        assert next(stream)[1] == day
        assert len(read) <= day + 5
