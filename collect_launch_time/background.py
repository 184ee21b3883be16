"""Work in threads of its own, which do not keep the process alive."""

import threading
from collections.abc import Callable

Start = Callable[[Callable[[], None], str], None]
"""Starts work under a name; tests start it in their own thread."""


def in_background(work: Callable[[], None], name: str) -> None:
    """Start work in a thread of that name; raises RuntimeError if the system has no thread left."""
    threading.Thread(target=work, name=name, daemon=True).start()
