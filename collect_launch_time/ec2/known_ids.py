"""One unknown id fails a whole EC2 call: make the call for those that are known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import botocore.exceptions

from common import aws_error

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Known(Generic[Answer]):
    """The answers to the calls that went through, and the ids AWS does not know: not yet, or not any more."""

    answers: Sequence[Answer]
    unknown: frozenset[str]


def for_known(
    call: Callable[[list[str]], Answer], ids: Sequence[str], *, at_once: int, trust_message: bool = False
) -> Known[Answer]:
    """Call with all ids, in batches; leave out those AWS calls unknown, and halve a batch where it does not say which.

    With trust_message a refusal that names every id is believed, which costs one call only; without, each is tried
    alone: some endpoints name all ids they were asked for. Raises botocore's other errors.
    """
    waiting = [list(ids[start : start + at_once]) for start in range(0, len(ids), at_once)]
    answers: list[Answer] = []
    unknown: set[str] = set()
    while waiting:
        batch = waiting.pop(0)
        try:
            answers.append(call(batch))
        except botocore.exceptions.ClientError as error:
            if not aws_error.is_unknown_id(error):
                raise
            refused, rest = _split(batch, _message(error), trust_message)
            unknown.update(refused)
            waiting[:0] = rest
    return Known(answers, frozenset(unknown))


def _split(batch: list[str], message: str, trust_message: bool) -> tuple[list[str], list[list[str]]]:
    if len(batch) == 1:
        return batch, []
    named = [known for known in batch if known in message]
    if named and (trust_message or len(named) < len(batch)):
        rest = [known for known in batch if known not in message]
        return named, [rest] if rest else []
    middle = len(batch) // 2
    return [], [batch[:middle], batch[middle:]]


def _message(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Message", ""))
