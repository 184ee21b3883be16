import threading
import time

import pytest

from common.side_by_side import in_time, side_by_side


def test_every_question_has_exactly_one_outcome_bound_to_it() -> None:
    def ask(number: int) -> int:
        if number % 7 == 0:
            raise ValueError(str(number))
        return number * number

    outcomes = list(side_by_side(ask, range(100), concurrency=9, seconds=30))
    assert sorted(outcome.question for outcome in outcomes) == list(range(100))
    for outcome in outcomes:
        if outcome.question % 7:
            assert outcome.answer == outcome.question**2
        else:
            assert str(outcome.error) == str(outcome.question)


def test_asks_so_many_at_once_and_no_more() -> None:
    together = threading.Barrier(5)
    most = threading.Semaphore(5)

    def ask(_: int) -> None:
        assert most.acquire(blocking=False)
        together.wait(timeout=30)
        most.release()

    assert all(outcome.error is None for outcome in side_by_side(ask, range(20), concurrency=5, seconds=60))


def test_what_does_not_answer_in_time_is_a_timeout_and_holds_nobody_up() -> None:
    never = threading.Event()
    began = time.monotonic()
    outcomes = list(
        side_by_side(lambda wait: never.wait() if wait else 1, [False, True, True], concurrency=2, seconds=0.2)
    )
    assert time.monotonic() - began < 10
    assert [type(outcome.error) for outcome in outcomes] == [type(None), TimeoutError, TimeoutError]
    never.set()


def test_begins_before_the_first_outcome_is_wanted() -> None:
    begun = threading.Event()
    side_by_side(lambda _: begun.set(), [1], concurrency=1, seconds=30)
    assert begun.wait(timeout=10)


def test_the_time_that_the_machine_slept_counts_for_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    never, now = threading.Event(), [0.0]
    monkeypatch.setattr("common.side_by_side.steady_seconds", lambda: now[0])
    outcomes = side_by_side(lambda _: never.wait(), [1, 2], concurrency=1, seconds=540)
    now[0] = 8 * 3600.0
    assert [type(outcome.error) for outcome in outcomes] == [TimeoutError, TimeoutError]
    never.set()


def test_one_call_gives_its_answer_or_its_error_or_is_too_late() -> None:
    assert in_time(30, lambda: None) is None
    with pytest.raises(KeyError):
        in_time(30, lambda: {"a": 1}["nothing"])
    never = threading.Event()
    with pytest.raises(TimeoutError):
        in_time(0.05, never.wait)
    never.set()
