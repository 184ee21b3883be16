"""What went wrong in a run, collected so that one cause gives one line."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from common.aws import aws_error, error_kind

_MOST_NAMED = 3


@dataclass
class _Problem:
    cause: str
    detail: str
    affected: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        line = f"{self.cause} ({self.detail})" if self.detail else self.cause
        named, more = ", ".join(self.affected[:_MOST_NAMED]), len(self.affected) - _MOST_NAMED
        return f"{line}: {named}" + (f" and {more} more" if more > 0 else "") if named else line


class Problems:
    """What people are told at the end of a run; safe to add to from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[tuple[str, str], _Problem] = {}

    def add(self, cause: str, affected: str = "", *, detail: str = "", kind: str = "") -> None:
        """Add a probe, Region or file that a cause affected. The same cause and kind: only the first detail is kept."""
        with self._lock:
            problem = self._found.setdefault((cause, kind), _Problem(cause, detail))
            if affected and affected not in problem.affected:
                problem.affected.append(affected)

    def add_error(self, cause: str, error: BaseException, affected: str = "") -> None:
        """Add a failed call. Errors of one code are one problem, though each message names another endpoint.

        Two actions that are denied are two: each needs its own permission.
        """
        action = getattr(error, "operation_name", "") if error_kind.is_denied(error) else ""
        self.add(cause, affected, detail=aws_error.describe(error), kind=f"{aws_error.code(error)} {action}")

    def lines(self) -> Sequence[str]:
        """Give one line for each cause, with what it affected."""
        with self._lock:
            return [str(problem) for problem in self._found.values()]

    def __bool__(self) -> bool:
        """Tell whether anything went wrong."""
        return bool(self._found)
