"""Faults on demand: which AWS call goes wrong, how, and how often."""

import random
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

ANY = "*"
ADVISOR = "advisor"  # the action name that means the advisor file

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
    limit: int | None = None  # how many times; None: always
    played: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        kinds = CALL_KINDS + ADVISOR_KINDS if self.action == ADVISOR else CALL_KINDS
        if self.kind not in kinds:
            raise ValueError(f"a fault of {self.action} is one of {', '.join(kinds)}, not {self.kind!r}")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"a probability is between 0 and 1, not {self.probability}")
        if self.seconds < 0:
            raise ValueError(f"a fault cannot last {self.seconds} seconds")

    def applies_to(self, action: str, region: str) -> bool:
        """Say whether a call is one this rule is about."""
        if self.action != action and (self.action != ANY or action == ADVISOR):
            return False
        return self.region in (ANY, region)


class Faults:
    """The rules in force; the dice are seeded."""

    def __init__(self, seed: int) -> None:
        self._lock = threading.Lock()
        self._dice = random.Random(seed)
        self._rules: list[Fault] = []

    def replace(self, rules: list[dict[str, Any]]) -> None:
        """Put new rules in the place of all old ones.

        Raises ValueError or TypeError for a rule that makes no sense; the old ones then stay.
        """
        new = [Fault(**{name: value for name, value in rule.items() if name != "played"}) for rule in rules]
        with self._lock:
            self._rules = new

    def drawn(self, action: str, region: str) -> list[Fault]:
        """Roll the dice for one call and return the faults that befall it.

        Latencies add up; of the others at most one comes, and after them.
        """
        latencies, fatal = [], None
        with self._lock:
            for place, rule in enumerate(self._rules):
                if not rule.applies_to(action, region) or rule.played == rule.limit:
                    continue
                if fatal and rule.kind != "latency":
                    continue
                if self._dice.random() >= rule.probability:
                    continue
                self._rules[place] = Fault(**asdict(rule) | {"played": rule.played + 1})
                if rule.kind == "latency":
                    latencies.append(rule)
                else:
                    fatal = rule
        return latencies + ([fatal] if fatal else [])

    def as_json(self) -> list[dict[str, Any]]:
        """Return the rules, with how often each was played."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]
