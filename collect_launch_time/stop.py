"""SIGTERM, SIGINT, SIGHUP: once something may be running on AWS they ask for the end, and never cut it short."""

import signal
from types import FrameType


class Stop:
    """Whether somebody asked this run to end."""

    def __init__(self) -> None:
        self.asked = False
        self._is_guarded = False

    def listen(self) -> None:
        """Take over the signals, apart from those we were started to ignore (nohup)."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)

    def guard(self) -> None:
        """From now on a signal is remembered only: whoever goes on looks at `asked`."""
        self._is_guarded = True

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        # A plain attribute: a lock taken here could be held by the very code that was interrupted.
        self.asked = True
        if not self._is_guarded:
            raise KeyboardInterrupt
