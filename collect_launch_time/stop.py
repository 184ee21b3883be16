"""SIGTERM, SIGINT, SIGHUP: while something may run on AWS, they only request the run to end everything and stop."""

import signal
from types import FrameType


class Stop:
    """Whether somebody requested this run to stop."""

    def __init__(self) -> None:
        self.is_requested = False
        self._is_deferred = False

    def listen(self) -> None:
        """Handle the signals from now on, apart from those this process was started to ignore (nohup)."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)

    def defer(self) -> None:
        """From now on a signal only sets `is_requested`; before, it ends the program with KeyboardInterrupt."""
        self._is_deferred = True

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        # A plain attribute: a lock could be held by the very code that the signal interrupted.
        self.is_requested = True
        if not self._is_deferred:
            raise KeyboardInterrupt
