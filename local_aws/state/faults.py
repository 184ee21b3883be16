"""Fault injection: which AWS calls go wrong, how, and how often."""

import random
import threading
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from local_aws.state.call import Call
from local_aws.state.known_errors import ABOUT_THE_REQUEST, KNOWN, Refusal
from local_aws.state.selection import ADVISOR, Selection

_CALL_KINDS = (
    "throttle", "server_error", "error", "reset", "stall", "garbage", "page", "lost_answer", "incomplete", "latency",
    "drip",
)  # fmt: skip
ADVISOR_KINDS = ("truncated", "empty", "renamed_key", "html", "huge")
_OF_AN_ERROR = ("code", "message", "status", "date_hours", "dry_runs")


@dataclass(frozen=True, kw_only=True)
class Fault(Selection):
    """One rule: calls it applies to, what happens to them, and how many of them.

    Kinds: throttle, server_error, error (AWS's error with this `code`), reset (before the action), lost_answer (the
    action is carried out, then the connection is reset), stall (no answer for `seconds`, then a reset), garbage, page
    (a log-in page, as of a proxy in between), incomplete (the real answer, but its first item lacks its `member`-th
    member, counted from 0), latency (`seconds` more, then the real answer), drip (the real answer, a byte every
    `seconds`). For the advisor file also truncated, empty, renamed_key, html and huge (200 MB).

    An error's words and HTTP status are AWS's own where none are given (see known_errors.py); in its message, {id}
    stands for the first id concerned. An error about what is asked for spares DryRuns, as AWS does, unless `dry_runs`
    says otherwise.
    """

    kind: str
    code: str = ""
    message: str = ""
    status: int | None = None
    date_hours: float = 0.0  # how far the answer's Date is off
    dry_runs: bool | None = None  # whether DryRuns get the error too
    member: int = 0
    probability: float = 1.0
    seconds: float = 0.0
    limit: int | None = None  # how many times; None: without end
    applied: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        kinds = _CALL_KINDS + ADVISOR_KINDS if self.action == ADVISOR else _CALL_KINDS
        if self.kind not in kinds:
            raise ValueError(f"a fault of {self.action} is one of {', '.join(kinds)}, not {self.kind!r}")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"a probability is between 0 and 1, not {self.probability}")
        if self.seconds < 0:
            raise ValueError(f"a fault cannot last {self.seconds} seconds")
        if self.kind == "error" and not (self.code in KNOWN or (self.code and self.message)):
            raise ValueError(f"an error needs a code, and a message unless it is known; {self.code!r} is not")
        if self.kind != "error" and any(getattr(self, name) not in ("", None, 0) for name in _OF_AN_ERROR):
            raise ValueError(f"{', '.join(_OF_AN_ERROR)} belong to the kind error, not {self.kind}")

    def applies_to(self, call: Call) -> bool:
        """Return whether this rule is for a call, and has not reached its limit."""
        meets_dry_runs = self.code not in ABOUT_THE_REQUEST if self.dry_runs is None else self.dry_runs
        is_spared = call.is_dry_run and not meets_dry_runs
        return self.applied != self.limit and self.covers(call) and not is_spared

    def refusal(self, call: Call) -> Refusal:
        """Return the error that a fault of the kind error answers a call with."""
        known = KNOWN.get(self.code, Refusal(self.code, "", 400))
        message = (self.message or known.message).replace("{id}", self.first_id(call))
        return Refusal(self.code, message, self.status or known.status)


class Faults:
    """The rules in force; their probabilities are drawn from a seeded generator."""

    def __init__(self, seed: int) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)
        self._rules: list[Fault] = []

    def replace(self, rules: list[dict[str, Any]]) -> None:
        """Replace all rules by new ones.

        Raises ValueError or TypeError for an invalid rule; the old ones then stay.
        """
        new = [Fault(**{name: value for name, value in rule.items() if name != "applied"}) for rule in rules]
        with self._lock:
            self._rules = new

    def draw(self, call: Call) -> list[Fault]:
        """Draw the faults of one call.

        Latencies add up and come first; of the other kinds at most one follows.
        """
        latencies, fatal = [], None
        with self._lock:
            for index, rule in enumerate(self._rules):
                if not rule.applies_to(call) or (fatal and rule.kind != "latency"):
                    continue
                if self._random.random() >= rule.probability:
                    continue
                drawn = self._rules[index] = replace(rule.bound_to(call), applied=rule.applied + 1)
                if rule.kind == "latency":
                    latencies.append(drawn)
                else:
                    fatal = drawn
        return latencies + ([fatal] if fatal else [])

    def as_json(self) -> list[dict[str, Any]]:
        """Return the rules, with how often each was applied."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]
