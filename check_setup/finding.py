"""What a check comes to: one line, fine or with what to do."""

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How a check ended; the value is how a line begins."""

    FINE = "fine"
    TO_DO = "TO DO"
    UNKNOWN = "-"  # could not be checked, or is switched off: nothing is missing


@dataclass(frozen=True)
class Finding:
    """One line: what was checked, and how it is or what to do."""

    state: State
    what: str
    text: str

    def __str__(self) -> str:
        """Write it as people read it."""
        return f"{self.state.value:<6} {self.what}: {' '.join(self.text.split())}"


def fine(what: str, text: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(State.FINE, what, text)


def to_do(what: str, text: str) -> Finding:
    """Say what is missing, and what to do about it."""
    return Finding(State.TO_DO, what, text)


def unknown(what: str, text: str) -> Finding:
    """Say why something was not checked."""
    return Finding(State.UNKNOWN, what, text)
