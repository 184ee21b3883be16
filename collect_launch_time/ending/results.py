"""What is written down of a probe that has ended: its rows for instances/, and what its instances' use costs. Pure."""

from datetime import datetime

from collect_launch_time.money.bill import Usage
from collect_launch_time.state.end_state import EndingInstance, EndingRequest
from collect_launch_time.state.probe import Probe
from collect_launch_time.state.readiness import Track
from data_files.launches.instances import InstanceRow


def instance_row(probe: Probe, track: Track, request: EndingRequest | None) -> InstanceRow:
    """Give a spot request's row. An instance that no look saw, only the ending, was fulfilled when it was found."""
    late = next(iter(request.instances.values()), None) if request and not track.instance_id else None
    return InstanceRow(
        request_id=track.request_id,
        instance_id=(late.instance_id if late else track.instance_id) or None,
        region=probe.target.pair.region,
        az=track.zone_id or probe.zone_ids.get(track.zone or _zone_of(late)),
        instance=probe.target.pair.instance,
        request_time=track.requested,
        fulfilled_time=late.found_at if late else track.fulfilled.first_yes,
        running_time=track.running.first_yes,
        not_ready_time=track.ready.last_no,
        ready_time=track.ready.first_yes,
        outcome=track.outcome or None,
    )


def usages(probe: Probe, track: Track, request: EndingRequest | None, now: datetime) -> list[Usage]:
    """Give the use of each instance that one spot request led to."""
    if request is None:
        return []
    code = request.last_seen.code if request.last_seen else track.code
    return [_usage(probe, track, instance, code, now) for instance in request.instances.values()]


def _usage(probe: Probe, track: Track, instance: EndingInstance, code: str, now: datetime) -> Usage:
    stopped = track.dead.middle or track.early_ended_at or instance.first_attempt_at or now
    began = track.running.middle
    if began is None and "running" in (instance.state_before, track.state_before):
        # It began to run after the last look, and before we ended it.
        began = track.running.last_no + (stopped - track.running.last_no) / 2
    return Usage(
        began=began,
        ended=stopped,
        usd_per_hour=probe.prices.in_zone(probe.target.pair.instance, track.zone or _zone_of(instance)) or 0.0,
        was_interrupted=_was_interrupted(track, instance, code),
        launched=track.fulfilled.middle or instance.found_at,
    )


def _was_interrupted(track: Track, instance: EndingInstance, code: str) -> bool:
    """Tell whether AWS ended an instance: by its own reason, else by when it died and the request's status code."""
    shown = instance.last_seen
    if shown is not None and shown.reason_code:
        return shown.was_interrupted
    if track.dead.is_reached:
        return _is_interruption(track.code)
    # No look saw it dead. It was interrupted if it was past running before our terminate took effect.
    state_before = instance.state_before or track.state_before
    if state_before:
        is_past_running = state_before in ("shutting-down", "terminated")
    else:
        is_past_running = shown is not None and shown.has_ended
    return is_past_running and _is_interruption(code)


def _is_interruption(code: str) -> bool:
    return code.startswith("instance-terminated-") and not code.endswith("-by-user")


def _zone_of(instance: EndingInstance | None) -> str:
    return instance.last_seen.zone if instance and instance.last_seen else ""
