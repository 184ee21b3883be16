"""One unknown id fails a whole EC2 call: repeat the call without the ids that AWS does not know."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import botocore.exceptions

from common.aws import error_kind

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class KnownAnswers(Generic[_Answer]):
    """The answers to the calls that succeeded, and the ids AWS does not know: not yet, or not any more."""

    answers: Sequence[_Answer]
    unknown_ids: frozenset[str]


def call_with_known_ids(
    call: Callable[[list[str]], _Answer], ids: Sequence[str], *, batch_size: int, trust_message: bool = False
) -> KnownAnswers[_Answer]:
    """Call with all ids, in batches; drop those AWS calls unknown, and halve a batch where it does not say which.

    trust_message: if AWS's refusal names every id of a batch, believe it, which costs one call. Otherwise each id is
    tried alone, because some endpoints name all ids they were asked for. Raises botocore's other errors.
    """
    waiting = [list(ids[start : start + batch_size]) for start in range(0, len(ids), batch_size)]
    answers: list[_Answer] = []
    unknown_ids: set[str] = set()
    while waiting:
        batch = waiting.pop(0)
        try:
            answers.append(call(batch))
        except botocore.exceptions.ClientError as error:
            if not error_kind.is_unknown_id(error):
                raise
            unknown, smaller_batches = _split(batch, _message(error), trust_message)
            unknown_ids.update(unknown)
            waiting[:0] = smaller_batches
    return KnownAnswers(answers, frozenset(unknown_ids))


def _split(batch: list[str], message: str, trust_message: bool) -> tuple[list[str], list[list[str]]]:
    """Give the ids that are certainly unknown, and the batches to try next."""
    if len(batch) == 1:
        return batch, []
    named = [each for each in batch if each in message]
    if named and (trust_message or len(named) < len(batch)):
        rest = [each for each in batch if each not in message]
        return named, [rest] if rest else []
    middle = len(batch) // 2
    return [], [batch[:middle], batch[middle:]]


def _message(error: botocore.exceptions.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message", ""))
