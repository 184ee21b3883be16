"""Fault injection: which AWS calls go wrong, how, and how often."""

import random
import threading
from dataclasses import asdict, dataclass, field, replace
from typing import Any

ANY = "*"
ADVISOR = "advisor"  # the action name of a download of the advisor file

CALL_KINDS = ("throttle", "server_error", "reset", "stall", "garbage", "lost_answer", "latency")
ADVISOR_KINDS = ("truncated", "empty", "renamed_key", "html", "huge")


@dataclass(frozen=True)
class Fault:
    """One rule: calls it applies to, what happens to them, and how many of them.

    Kinds: throttle, server_error, reset (before the action), lost_answer (the action is carried out,
    then the connection is reset), stall (no answer for `seconds`, then a reset), garbage, latency
    (`seconds` more, then the real answer). For the advisor file also truncated, empty, renamed_key,
    html and huge (200 MB).
    """

    kind: str
    action: str = ANY  # "*": every AWS call (not the advisor file)
    region: str = ANY
    probability: float = 1.0
    seconds: float = 0.0
    limit: int | None = None  # how many times; None: without end
    applied: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        kinds = CALL_KINDS + ADVISOR_KINDS if self.action == ADVISOR else CALL_KINDS
        if self.kind not in kinds:
            raise ValueError(f"a fault of {self.action} is one of {', '.join(kinds)}, not {self.kind!r}")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"a probability is between 0 and 1, not {self.probability}")
        if self.seconds < 0:
            raise ValueError(f"a fault cannot last {self.seconds} seconds")

    def applies_to(self, action: str, region: str) -> bool:
        """Return whether this rule is for a call."""
        if self.action != action and (self.action != ANY or action == ADVISOR):
            return False
        return self.region in (ANY, region)


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

    def draw(self, action: str, region: str) -> list[Fault]:
        """Draw the faults of one call.

        Latencies add up and come first; of the other kinds at most one follows.
        """
        latencies, fatal = [], None
        with self._lock:
            for index, rule in enumerate(self._rules):
                if not rule.applies_to(action, region) or rule.applied == rule.limit:
                    continue
                if fatal and rule.kind != "latency":
                    continue
                if self._random.random() >= rule.probability:
                    continue
                self._rules[index] = replace(rule, applied=rule.applied + 1)
                if rule.kind == "latency":
                    latencies.append(rule)
                else:
                    fatal = rule
        return latencies + ([fatal] if fatal else [])

    def as_json(self) -> list[dict[str, Any]]:
        """Return the rules, with how often each was applied."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]
