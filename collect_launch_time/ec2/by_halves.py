"""One id that AWS refuses fails a whole call: repeat the call by halves, at once, until all others are done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from common.aws import aws_error, error_kind
from common.aws.aws_error import AWS_FAILURES

_Answer = TypeVar("_Answer")

# So many ids of a batch that are denied one by one, with one cause and none allowed: then the action itself is denied,
# and asking for each of the others would cost a call an id in every round.
_DENIED_ALIKE = 3
# So many calls that AWS's servers fail in, one after the other and without one that succeeds: then they fail for all.
_FAILED_ALIKE = 3


@dataclass
class DoneByHalves(Generic[_Answer]):
    """What came of a call for many ids: each id is done, unknown, refused, or was not tried by itself."""

    answers: list[_Answer] = field(default_factory=list)
    unknown_ids: set[str] = field(default_factory=set)  # AWS does not know them: not yet, or not any more
    refused: dict[str, Exception] = field(default_factory=dict)  # each alone
    untried: dict[str, Exception] = field(default_factory=dict)  # denied together, like all that were tried alone
    failure: Exception | None = None  # what ended it early: no answer, throttling, credentials


def call_by_halves(
    call: Callable[[list[str]], Sequence[_Answer]], ids: Sequence[str], *, batch_size: int
) -> DoneByHalves[_Answer]:
    """Call with all ids, in batches; halve a batch that AWS refuses, until the ids that it refuses are alone.

    What AWS's message names is tried apart first. Raises nothing that AWS answers: see `failure`.
    """
    done: DoneByHalves[_Answer] = DoneByHalves()
    waiting = [list(ids[start : start + batch_size]) for start in range(0, len(ids), batch_size)]
    is_anything_allowed = False
    failed_calls = 0
    while waiting:
        batch = waiting.pop(0)
        try:
            done.answers += call(batch)
            is_anything_allowed = True
        except AWS_FAILURES as error:
            failed_calls += error_kind.is_server_error(error)
            if not _may_be_one_ids(error, batch, is_anything_allowed, failed_calls):
                done.failure = error
                return done
            if len(batch) > 1:
                waiting = _with_smaller(waiting, batch, error)
            elif error_kind.is_unknown_id(error):
                done.unknown_ids.add(batch[0])
            else:
                done.refused[batch[0]] = error
                if not is_anything_allowed and _are_all_denied_alike(done.refused):
                    done.untried = {each: error for rest in waiting for each in rest}
                    return done
    return done


def _may_be_one_ids(error: Exception, batch: Sequence[str], is_anything_allowed: bool, failed_calls: int) -> bool:
    """Tell whether AWS may have failed or refused a call because of a single id in it."""
    if error_kind.is_server_error(error):
        return is_anything_allowed or (len(batch) > 1 and failed_calls < _FAILED_ALIKE)
    return error_kind.is_unknown_id(error) or error_kind.may_concern_one_id(error)


def _with_smaller(waiting: list[list[str]], batch: list[str], error: Exception) -> list[list[str]]:
    """Give the batches to try from now on, in this order."""
    if error_kind.is_server_error(error):
        return [*waiting, *_halves(batch)]  # the halves before their halves: is it some of them, or all?
    return [*_smaller(batch, error), *waiting]


def _smaller(batch: list[str], error: Exception) -> list[list[str]]:
    if error_kind.is_denied(error):
        # First of all: is it some of them, or the action?
        return [*([each] for each in batch[:_DENIED_ALIKE]), *_halves(batch[_DENIED_ALIKE:])]
    named = [each for each in batch if each in aws_error.message(error)]
    if named and len(named) < len(batch):
        return [[each for each in batch if each not in named], *_halves(named)]
    return _halves(batch)


def _halves(batch: list[str]) -> list[list[str]]:
    middle = len(batch) // 2
    return [half for half in (batch[:middle], batch[middle:]) if half]


def _are_all_denied_alike(refused: Mapping[str, Exception]) -> bool:
    are_denied = all(error_kind.is_denied(error) for error in refused.values())
    return are_denied and len(refused) >= _DENIED_ALIKE and len(set(map(aws_error.cause, refused.values()))) == 1
