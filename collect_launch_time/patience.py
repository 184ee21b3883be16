"""How long we wait for AWS while something is being ended, in one place, so that tests can shorten it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """Waiting times of the end of probes, in seconds."""

    # For how long a failing call is repeated. Then the next run takes over.
    give_up_seconds: float = 120.0
    # For how long what AWS itself refuses to end is tried again. Then the next run takes over: no run may wait long for
    # what is refused for days.
    refused_seconds: float = 30.0
    # After how long AWS is told again to end what it refused to end.
    repeat_refused_seconds: float = 10.0
    # What of a run's time is kept for the end of its probes: a last look, half a minute at the least of the two above,
    # what follows. Later than that nothing is requested.
    ending_seconds: float = 150.0
    # The most that one call takes, so that none is begun later.
    call_seconds: float = 60.0
    # What of a run's time is kept for writing down what came of it.
    writing_seconds: float = 30.0
    # Between two rounds of calls.
    round_seconds: float = 1.0
    # For how long a request is looked at after its cancel: it may have been fulfilled at the same moment.
    settle_seconds: float = 15.0
    # For how long after its call AWS may not show a request yet.
    invisible_seconds: float = 30.0
    # A request that AWS does not know so long after its call will not turn up any more.
    forgotten_seconds: float = 600.0
    # After how long an instance is terminated again if AWS confirmed it and still shows the instance running.
    repeat_terminate_seconds: float = 10.0
