"""What went wrong in a run, gathered so that one cause is one line."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from common import aws_error

_NAMED = 3


@dataclass
class _Problem:
    cause: str
    said: str
    befell: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        line = f"{self.cause} ({self.said})" if self.said else self.cause
        named, more = ", ".join(self.befell[:_NAMED]), len(self.befell) - _NAMED
        return f"{line}: {named}" + (f" and {more} more" if more > 0 else "") if named else line


class Problems:
    """What people are told at the end; safe to add to from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[tuple[str, str], _Problem] = {}

    def add(self, cause: str, what: str = "", *, said: str = "", kind: str = "") -> None:
        """Note that something befell a probe, a Region or a file; of one cause and kind the first word stands."""
        with self._lock:
            befell = self._found.setdefault((cause, kind), _Problem(cause, said)).befell
            if what and what not in befell:
                befell.append(what)

    def add_error(self, cause: str, error: BaseException, what: str = "") -> None:
        """Note a failing call; the same failure in many Regions is one problem, though each names its own address."""
        self.add(cause, what, said=aws_error.describe(error), kind=aws_error.code(error))

    def lines(self) -> Sequence[str]:
        """Give one line a cause, with what it befell."""
        with self._lock:
            return [str(problem) for problem in self._found.values()]

    def __bool__(self) -> bool:
        """Tell whether anything went wrong."""
        return bool(self._found)
