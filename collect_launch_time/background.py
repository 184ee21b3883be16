"""Work that goes on beside the program, in threads that cannot keep it alive."""

import threading
from collections.abc import Callable

Start = Callable[[Callable[[], None], str], None]


def in_background(work: Callable[[], None], name: str) -> None:
    """Start work in a thread of that name; raises RuntimeError where no thread is to be had."""
    threading.Thread(target=work, name=name, daemon=True).start()
