"""Batches go to workers in order, and what a worker's death costs is one batch's second try."""

from hypothesis import given
from hypothesis import strategies as st

from collect_sps_and_if.spotlake.count.summary import Summary
from collect_sps_and_if.spotlake.find.sources import Source
from collect_sps_and_if.spotlake.schedule import SECOND_TRIES, WHY_LOST, Schedule


def schedule_of(count: int, max_ahead: int = 100) -> Schedule:
    return Schedule([[Source(f"{number}.csv", None, None, number)] for number in range(count)], max_ahead)


def started(schedule: Schedule) -> list[int]:
    """Start all that may be under way now."""
    return list(iter(schedule.start_one, None))


def test_no_more_batches_are_started_than_may_wait_to_be_merged() -> None:
    schedule = schedule_of(9, max_ahead=4)
    assert started(schedule) == [0, 1, 2, 3]
    for number in (3, 1, 0):
        schedule.finish(number, Summary())
    assert started(schedule) == []
    schedule.pop_next()
    schedule.pop_next()
    assert started(schedule) == [4, 5]


def test_a_batch_whose_worker_died_is_tried_again_alone() -> None:
    schedule = schedule_of(4)
    assert [schedule.start_one(), schedule.start_one()] == [0, 1]
    schedule.lose(0)
    assert schedule.start_one() is None
    schedule.finish(1, Summary())
    assert started(schedule) == [0]
    schedule.finish(0, Summary())
    assert started(schedule) == [2, 3]


def test_a_batch_whose_workers_always_die_is_skipped_and_the_rest_goes_on() -> None:
    schedule = schedule_of(2)
    for _ in range(SECOND_TRIES + 1):
        assert schedule.start_one() == 0
        schedule.lose(0)
    assert [(skipped.name, skipped.why) for skipped in schedule.pop_next().skipped] == [("0.csv", WHY_LOST)]
    assert started(schedule) == [1]


@given(st.integers(0, 12), st.integers(1, 4), st.data())
def test_summaries_are_passed_on_in_order_whatever_dies(count: int, workers: int, data: st.DataObject) -> None:
    schedule = schedule_of(count, max_ahead=2 * workers)
    working: list[int] = []
    passed_on: list[int | str] = []
    while not schedule.is_over():
        while len(working) < workers and (number := schedule.start_one()) is not None:
            working.append(number)
        if working:
            number = working.pop(data.draw(st.integers(0, len(working) - 1)))
            if data.draw(st.booleans()):
                schedule.finish(number, Summary(rows=number))
            else:
                schedule.lose(number)
        while schedule.is_next_done():
            summary = schedule.pop_next()
            passed_on.append(summary.skipped[0].name if summary.skipped else summary.rows)
    assert [str(entry).removesuffix(".csv") for entry in passed_on] == [str(number) for number in range(count)]
