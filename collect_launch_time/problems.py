"""What went wrong in a run, gathered so that one cause is one line."""

import threading
from collections.abc import Sequence

_NAMED = 3


class Problems:
    """What people are told at the end; safe to add to from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_cause: dict[str, list[str]] = {}

    def add(self, cause: str, what: str = "") -> None:
        """Note that something befell a probe, a Region or a file."""
        with self._lock:
            found = self._by_cause.setdefault(cause, [])
            if what and what not in found:
                found.append(what)

    def lines(self) -> Sequence[str]:
        """Give one line a cause, with what it befell."""
        with self._lock:
            return [_line(cause, what) for cause, what in self._by_cause.items()]

    def __bool__(self) -> bool:
        """Tell whether anything went wrong."""
        return bool(self._by_cause)


def _line(cause: str, what: Sequence[str]) -> str:
    if not what:
        return cause
    named = ", ".join(what[:_NAMED])
    more = len(what) - _NAMED
    return f"{cause}: {named}" + (f" and {more} more" if more > 0 else "")
