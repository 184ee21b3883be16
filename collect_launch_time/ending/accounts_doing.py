"""Whose doing it was that an instance did not get ready: the account's own is told, waiting does not mend it. Pure."""

from typing import NamedTuple

from collect_launch_time.state.end_state import EndingRequest
from collect_launch_time.state.readiness import Track

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html: what was asked for cannot be granted.
_NEVER_GRANTED = frozenset({"bad-parameters", "constraint-not-fulfillable"})
_OF_THE_ACCOUNT = _NEVER_GRANTED | {"limit-exceeded"}  # of volumes and their sizes
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html: our own end, or one from within.
_SHUT_DOWN = ("Client.UserInitiated", "Client.InstanceInitiated")


class AccountsDoing(NamedTuple):
    """What stood in the way of an instance, in AWS's own words."""

    code: str
    message: str
    is_final: bool  # the same request would not be granted later either

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" if self.message else self.code


def accounts_doing(track: Track, request: EndingRequest | None) -> AccountsDoing | None:
    """Give what of the account or of our request stood in the way; None where it was the market, we, or nothing."""
    if track.outcome in _OF_THE_ACCOUNT:
        return AccountsDoing(track.outcome, track.message, track.outcome in _NEVER_GRANTED)
    if track.running.is_reached or request is None:
        return None
    for ending in request.instances.values():
        shown = ending.last_seen
        if shown and shown.reason_code.startswith("Client.") and not shown.reason_code.startswith(_SHUT_DOWN):
            return AccountsDoing(shown.reason_code, shown.reason.removeprefix(f"{shown.reason_code}: "), is_final=False)
    return None
