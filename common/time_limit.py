"""The last resort against a run that hangs: when its time is up it is ended, whatever it waits for."""

import contextlib
import logging
import math
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator

from common.exit_code import IN_PART
from common.run_log import log_if_begun, tell_unlogged

LONGEST_RUN_SECONDS = 600.0
"""What a run takes at the most, of a program that reads no whole histories and has no limit of its own."""

# What tells of the end may hang too: stderr is a pipe that nobody reads, the disk with the log is gone.
_LAST_WORDS_SECONDS = 5.0


class TimeLimit:
    """Until when a run may go on.

    Only seconds in which the machine is awake count: one that sleeps in the middle of a run still has, when it wakes,
    the time to end what costs money.
    """

    def __init__(self, seconds: float = math.inf) -> None:
        self._over = time.monotonic() + seconds

    def seconds_left(self) -> float:
        """Give the seconds that are left; negative once it is over."""
        return self._over - time.monotonic()


@contextlib.contextmanager
def time_limit(seconds: float, last_words: Callable[[], Iterable[str]] = tuple) -> Iterator[TimeLimit]:
    """End the process, with the exit code of what is done in part, if the block takes longer than the seconds.

    People are told so on stderr, with the last words, a line each; the log says what hung. A block that minds its
    limit, and leaves before with what it has, is the better end: this one is as good as a kill.
    """
    is_over = threading.Event()

    def watch() -> None:
        if not is_over.wait(seconds):
            teller = threading.Thread(target=_tell_of_the_end, args=(seconds, last_words), daemon=True)
            teller.start()
            teller.join(_LAST_WORDS_SECONDS)
            os._exit(IN_PART)

    threading.Thread(target=watch, name="time limit", daemon=True).start()
    try:
        yield TimeLimit(seconds)
    finally:
        is_over.set()


def _tell_of_the_end(seconds: float, last_words: Callable[[], Iterable[str]]) -> None:
    lines = [f"not over within {seconds:g} s, so it is ended here: something does not answer, the day's log says where"]
    tell_unlogged(lines[0])
    for line in last_words():
        tell_unlogged(line)
        lines.append(line)
    if sys.stderr is not None:
        sys.stderr.flush()
    for line in lines:
        log_if_begun(line, logging.ERROR)
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    for ident, frame in sys._current_frames().items():
        calls = reversed(traceback.extract_stack(frame))
        stack = " < ".join(f"{call.name} ({call.filename}:{call.lineno})" for call in calls)
        log_if_begun(f"thread {names.get(ident, ident)} is in {stack}", logging.ERROR)
