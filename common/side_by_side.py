"""Make many calls at once, each with an outcome of its own, all within a deadline."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from common.clock import steady_seconds

_Question = TypeVar("_Question")
_Answer = TypeVar("_Answer")

# A queue's own clock stands still while the machine sleeps; so often ours is looked at.
_LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Outcome(Generic[_Question, _Answer]):
    """What came of one call: its answer, or the error it ended with (TimeoutError past the deadline)."""

    question: _Question
    answer: _Answer | None
    error: Exception | None


def side_by_side(
    ask: Callable[[_Question], _Answer], questions: Sequence[_Question], *, concurrency: int, seconds: float
) -> Iterator[Outcome[_Question, _Answer]]:
    """Begin to ask every question, at most concurrency at a time; give the outcomes as they come in, one a question.

    What has no answer when the seconds are over, those that the machine slept included, ends as TimeoutError. Its
    thread is a daemon: it cannot keep the process alive, and what it still gets is dropped.
    """
    deadline = steady_seconds() + seconds
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Outcome[_Question, _Answer]]] = queue.SimpleQueue()
    for number in range(len(questions)):
        waiting.put(number)

    def work() -> None:
        while steady_seconds() < deadline:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            done.put((number, _outcome(ask, questions[number])))

    for _ in range(min(concurrency, len(questions))):
        threading.Thread(target=work, daemon=True).start()
    return _outcomes(done, dict(enumerate(questions)), deadline, seconds)


def in_time(seconds: float, ask: Callable[[], _Answer]) -> _Answer:
    """Call, and give the answer; raises what it raises, and TimeoutError if the seconds are over before."""
    (outcome,) = side_by_side(lambda _: ask(), [None], concurrency=1, seconds=seconds)
    if outcome.error is not None:
        raise outcome.error
    return cast(_Answer, outcome.answer)


def _outcomes(
    done: "queue.SimpleQueue[tuple[int, Outcome[_Question, _Answer]]]",
    missing: dict[int, _Question],
    deadline: float,
    seconds: float,
) -> Iterator[Outcome[_Question, _Answer]]:
    while missing:
        left = deadline - steady_seconds()
        try:
            number, outcome = done.get(timeout=min(_LOOK_SECONDS, max(0.0, left)))
        except queue.Empty:
            if left <= 0:
                break
            continue
        del missing[number]
        yield outcome
    for question in missing.values():
        yield Outcome(question, None, TimeoutError(f"no answer within {round(seconds, 1):g} s"))


def _outcome(ask: Callable[[_Question], _Answer], question: _Question) -> Outcome[_Question, _Answer]:
    try:
        return Outcome(question, ask(question), None)
    except Exception as error:  # noqa: BLE001 - handed to the caller, who knows what each kind means
        return Outcome(question, None, error)
