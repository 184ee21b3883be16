"""Make many calls at once, each with an outcome of its own, all within a deadline."""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Outcome(Generic[Question, Answer]):
    """What came of one call: its answer, or the error it ended with (TimeoutError past the deadline)."""

    question: Question
    answer: Answer | None
    error: Exception | None


def side_by_side(
    ask: Callable[[Question], Answer], questions: Sequence[Question], *, at_once: int, seconds: float
) -> Iterator[Outcome[Question, Answer]]:
    """Begin to ask every question, at most at_once at a time; give the outcomes as they come in, one a question.

    What has no answer when the seconds are over ends as TimeoutError. Its thread is a daemon: it cannot keep the
    process alive, and what it still gets is dropped.
    """
    deadline = time.monotonic() + seconds
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Outcome[Question, Answer]]] = queue.SimpleQueue()
    for number in range(len(questions)):
        waiting.put(number)

    def work() -> None:
        while time.monotonic() < deadline:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            done.put((number, _outcome(ask, questions[number])))

    for _ in range(min(at_once, len(questions))):
        threading.Thread(target=work, daemon=True).start()
    return _outcomes(done, dict(enumerate(questions)), deadline, seconds)


def _outcomes(
    done: "queue.SimpleQueue[tuple[int, Outcome[Question, Answer]]]",
    missing: dict[int, Question],
    deadline: float,
    seconds: float,
) -> Iterator[Outcome[Question, Answer]]:
    while missing:
        try:
            number, outcome = done.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        del missing[number]
        yield outcome
    for question in missing.values():
        yield Outcome(question, None, TimeoutError(f"no answer within {seconds:g} s"))


def _outcome(ask: Callable[[Question], Answer], question: Question) -> Outcome[Question, Answer]:
    try:
        return Outcome(question, ask(question), None)
    except Exception as error:  # noqa: BLE001 - handed to the caller, who knows what each kind means
        return Outcome(question, None, error)
