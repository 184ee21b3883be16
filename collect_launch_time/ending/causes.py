"""Why each spot request of a probe ended without a ready instance, and what the whole probe's end is called. Pure.

AWS's words count as they were before we began to end anything: the request's code that the looks saw last, and an
instance's state reason unless it is that of our own terminate.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from collect_launch_time.ec2 import cause_by_code
from collect_launch_time.ec2.answers import Instance
from collect_launch_time.state.end_state import EndingInstance, EndingRequest
from collect_launch_time.state.probe import Probe
from collect_launch_time.state.readiness import Track
from data_files.launches import probes
from data_files.launches.instances import ACCOUNT, MARKET, OTHERS, US


class UnreadyEnd(NamedTuple):
    """Whose doing it was that a spot request led to no ready instance, and AWS's code and words for it."""

    cause: str | None  # None: nobody knows
    code: str
    message: str

    @property
    def is_never_granted(self) -> bool:
        """Tell whether the same request would not be granted later either."""
        return cause_by_code.is_never_granted(self.code)

    def __str__(self) -> str:
        return f"{self.code}: {self.message.removeprefix(f'{self.code}: ')}" if self.message else self.code


def unready_end(
    track: Track,
    request: EndingRequest | None,
    *,
    was_time_up: bool,
    switch_after: timedelta,
    watched_since: datetime | None = None,
) -> UnreadyEnd | None:
    """Say why a request led to no ready instance; None if it did.

    was_time_up: the probe ended because nothing more was waited for. Else we cut it short. switch_after: how long after
    its start an instance shuts itself down, as we told it to. watched_since: of a request that no look saw waiting
    since then nobody knows whether it waited until the time was up.
    """
    if track.ready.is_reached:
        return None
    instance = instance_of(track, request)
    if instance is None and not track.instance_id:
        cause = cause_by_code.of_status(track.code)
        is_waiting = not track.is_final and cause != ACCOUNT
        if is_waiting:
            was_watched = watched_since is None or track.fulfilled.last_no >= watched_since
            cause = (MARKET if was_watched else None) if was_time_up else US
        return UnreadyEnd(cause, track.code, _in_one_line(track.message))
    shown = instance.last_seen if instance else None
    if shown and shown.reason_code:
        cause = cause_by_code.of_state_reason(shown.reason_code)
        if cause == OTHERS and _is_by_its_switch(shown, track, switch_after):
            return UnreadyEnd(US, shown.reason_code, _in_one_line(shown.reason))
        # A user's end of an instance that the looks saw alive is our own.
        if cause is not None and (cause != OTHERS or track.dead.is_reached):
            return UnreadyEnd(cause, shown.reason_code, _in_one_line(shown.reason))
    if not track.dead.is_reached:
        return UnreadyEnd(US, track.code, _in_one_line(track.message))
    newest = request.last_seen if request else None
    for code, message in [(track.code, track.message)] + ([(newest.code, newest.message)] if newest else []):
        if cause := cause_by_code.of_status(code):
            return UnreadyEnd(cause, code, _in_one_line(message))
    return UnreadyEnd(None, track.code, _in_one_line(track.message))


def _is_by_its_switch(shown: Instance, track: Track, switch_after: timedelta) -> bool:
    """Tell whether an instance shut itself down, as we told it to: this machine slept, and nobody ended it before."""
    ended = shown.ended or track.dead.first_yes
    has_lived = bool(shown.launched and ended and ended - shown.launched >= switch_after)
    return has_lived and cause_by_code.is_from_within(shown.reason_code)


def how_it_ended(probe: Probe, ends: Sequence[UnreadyEnd | None], *, until_fulfilled: bool) -> str:
    """Give what `probes` calls a probe's end; there is an end for each of its requests, whose end must be noted."""
    assert probe.end
    tracks = probe.tracks.values()
    if not tracks:
        return probe.end.ended
    if all((track.fulfilled if until_fulfilled else track.ready).is_reached for track in tracks):
        return probes.ALL_FULFILLED if until_fulfilled else probes.ALL_READY
    causes = {end.cause if end else None for end in ends}
    # What the account or others keep from the market is decided before the time is up; one that is merely open then has
    # been waited for.
    if probe.is_decided and causes == {ACCOUNT}:
        return probes.REFUSED
    if probe.is_decided and causes <= {ACCOUNT, OTHERS}:
        return probes.LOST
    return probe.end.ended


def instance_of(track: Track, request: EndingRequest | None) -> EndingInstance | None:
    """Give a request's instance as it was while it was ended: the one the looks saw, else one that came after them."""
    if request is None:
        return None
    return request.instances.get(track.instance_id or next(iter(request.instances), ""))


def _in_one_line(words: str) -> str:
    return " ".join(words.split())
