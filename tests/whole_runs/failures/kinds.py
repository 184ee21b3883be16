"""What goes wrong at AWS, each kind as rules of the local AWS."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from tests.whole_runs.failures.in_process_aws import Asked

Rule = Mapping[str, Any]


class Remedy(Enum):
    """What ends it."""

    PERSON = "a person"  # keys, clock, policy, account: AWS's no, which asking again does not change
    AWS = "AWS, later"  # no answer that could be used, for as long as the program runs
    NEXT_TRY = "the next try"
    NONE = "nothing: an item lacks a field"


@dataclass(frozen=True)
class Kind:
    """One kind of failure: a rule for the calls of an action in a Region."""

    name: str
    remedy: Remedy
    rule: Callable[[Asked], Rule]
    words: str = ""  # by which the one line tells it from the others, where no Region allows it; "" the action's name
    is_denial: bool = False  # a rule of the policy's, not a fault

    def says(self, action: str) -> str:
        """Give what the line must say of an action that no Region allows."""
        return self.words or action

    def applies_to(self, asked: Asked) -> bool:
        """Whether AWS could do that to this call."""
        return not (self.is_denial and asked.action == "GetCallerIdentity")


def _error(codes: Mapping[str, str] | str, **more: Any) -> Callable[[Asked], Rule]:
    def rule(asked: Asked) -> Rule:
        code = codes if isinstance(codes, str) else codes.get(asked.service, codes["ec2"])
        return {"kind": "error", "code": code, "dry_runs": True, **more}

    return rule


def _fault(kind: str, **more: Any) -> Callable[[Asked], Rule]:
    return lambda _: {"kind": kind, **more}


_WRONG_KEYS = {
    "ec2": "AuthFailure",
    "ssm": "UnrecognizedClientException",
    "sts": "InvalidClientTokenId",
    "servicequotas": "UnrecognizedClientException",
}
_EXPIRED = {"ec2": "RequestExpired", "ssm": "ExpiredTokenException", "sts": "ExpiredToken"}

KINDS: Sequence[Kind] = (
    Kind("wrong keys", Remedy.PERSON, _error(_WRONG_KEYS), "does not accept the credentials"),
    Kind("expired session", Remedy.PERSON, _error(_EXPIRED), "expired.*renew them"),
    Kind(
        "expired token",
        Remedy.PERSON,
        _error({"ec2": "ExpiredToken", "ssm": "ExpiredTokenException"}),
        "have expired: renew them",
    ),
    Kind("wrong clock", Remedy.PERSON, _error(_WRONG_KEYS, date_hours=-3), "clock is .* s ahead of AWS's"),
    Kind("denied", Remedy.PERSON, lambda _: {"encoded": True, "explicit": False}, is_denial=True),
    Kind("forbidden by the organisation", Remedy.PERSON, lambda _: {"explicit": True}, is_denial=True),
    Kind("not opted in", Remedy.PERSON, _error("OptInRequired"), "the keys are fine"),
    Kind("blocked", Remedy.PERSON, _error("Blocked"), "the keys are fine"),
    Kind("pending verification", Remedy.PERSON, _error("PendingVerification"), "the keys are fine"),
    Kind("throttled", Remedy.AWS, _fault("throttle")),
    Kind("server error", Remedy.AWS, _fault("server_error")),
    Kind("unavailable", Remedy.AWS, _error("ServiceUnavailable")),
    Kind("dropped connection", Remedy.AWS, _fault("reset")),
    Kind("lost answer", Remedy.AWS, _fault("lost_answer")),
    Kind("time-out", Remedy.AWS, _fault("stall")),
    Kind("nonsense", Remedy.AWS, _fault("garbage")),
    Kind("a page", Remedy.AWS, _fault("page")),
    Kind("wrong keys, once", Remedy.NEXT_TRY, _error(_WRONG_KEYS, limit=1)),
    Kind("dropped connection, once", Remedy.NEXT_TRY, _fault("reset", limit=1)),
    Kind("throttled, twice", Remedy.NEXT_TRY, _fault("throttle", limit=2)),
    Kind("an item lacks its first field", Remedy.NONE, _fault("incomplete", member=0)),
    Kind("an item lacks its second field", Remedy.NONE, _fault("incomplete", member=1)),
    Kind("an item lacks its third field", Remedy.NONE, _fault("incomplete", member=2)),
)
