"""How long we wait for AWS while something is being ended: seconds, all in one place, so that tests may cut them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """What is waited for, and how long, in seconds."""

    give_up: float = 120.0  # a call that keeps failing is repeated for so long; then the next run takes over
    between_rounds: float = 1.0
    # A request that was cancelled while it was open may still turn out to be fulfilled: it is looked at for so long.
    settle: float = 15.0
    # A request whose ids never reached us may be invisible for so long after it was asked for.
    invisible: float = 30.0
    # What AWS does not know (any more) so long after it was asked for will not turn up.
    forgotten: float = 600.0
    # Told to terminate, and still shown as running: told again after so long.
    repeat_terminate: float = 10.0
