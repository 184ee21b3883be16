"""What is written down of a probe's requests: their rows for instances/, and what their instances' use costs. Pure."""

from datetime import datetime, timedelta

from collect_launch_time.ec2.spot_requests import switch_minutes
from collect_launch_time.ending.causes import UnreadyEnd, instance_of
from collect_launch_time.money.bill import Usage
from collect_launch_time.state.end_state import EndingInstance, EndingRequest
from collect_launch_time.state.probe import Probe
from collect_launch_time.state.readiness import Track
from data_files.launches.instances import InstanceRow

_ENDED_BEFORE = ("shutting-down", "terminated")
# From an instance's launch until it runs: only where nobody looked for longer, since this machine slept, it matters.
_LONGEST_PENDING = timedelta(seconds=60)
# Between two looks, or two of our calls, unless this machine slept. Closer than that our own times are the better ones:
# AWS's are whole seconds of another clock.
_LONGEST_UNSEEN = timedelta(seconds=120)
_LONGEST_SHUTDOWN = timedelta(seconds=120)  # from the switch to the instance's end, its start included


def instance_row(probe: Probe, track: Track, request: EndingRequest | None, end: UnreadyEnd | None) -> InstanceRow:
    """Give a spot request's row. An instance that no look saw, only the ending, was fulfilled when it was found."""
    instance = instance_of(track, request)
    late = None if track.instance_id else instance
    first_seen = request.first_seen if request else None
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
        not_fulfilled_time=track.fulfilled.last_no,
        not_running_time=track.running.last_no,
        aws_request_time=_local(track.aws_requested or (first_seen.created if first_seen else None)),
        aws_fulfilled_time=_local(track.aws_fulfilled or (first_seen.fulfilled if first_seen else None)),
        aws_launch_time=_local(instance.last_seen.launched if instance and instance.last_seen else None),
        cause=end.cause if end else None,
        reason=(end.message or end.code or None) if end else None,
    )


def usages(probe: Probe, track: Track, request: EndingRequest | None, now: datetime) -> list[Usage]:
    """Give the use of each instance that one spot request led to."""
    if request is None:
        return []
    code = request.last_seen.code if request.last_seen else track.code
    instances = dict(request.instances)
    if (
        track.fulfilled.first_yes and track.instance_id not in instances
    ):  # this machine slept until AWS had forgotten it
        instances[track.instance_id] = EndingInstance(track.instance_id, track.fulfilled.first_yes, request.patience)
    return [_usage(probe, track, instance, request, code, now) for instance in instances.values()]


def _usage(
    probe: Probe, track: Track, instance: EndingInstance, request: EndingRequest, code: str, now: datetime
) -> Usage:
    stopped = _stopped(probe, track, instance, request, now)
    return Usage(
        began=_began(track, instance, stopped),
        ended=stopped,
        usd_per_hour=probe.prices.in_zone(probe.target.pair.instance, track.zone or _zone_of(instance)) or 0.0,
        was_interrupted=_was_interrupted(track, instance, code),
        launched=track.fulfilled.middle or instance.found_at,
    )


def _stopped(probe: Probe, track: Track, instance: EndingInstance, request: EndingRequest, now: datetime) -> datetime:
    """Give when it stopped: by the looks and our calls; where nobody looked for long, since this machine slept, by AWS.

    Where AWS does not show it any more either, it shut itself down at the latest when its switch was due.
    """
    noted = track.dead.middle or track.early_ended_at or instance.first_attempt_at or now
    earliest, latest = track.dead.last_no, track.dead.first_yes or noted
    was_ended = track.dead.is_reached or instance.state_before in _ENDED_BEFORE or not instance.state_before
    if track.early_ended_at or not was_ended or latest - earliest <= _LONGEST_UNSEEN:
        return noted
    if told := [moment for moment in _told_end(instance, request) if earliest <= moment <= latest]:
        return told[0]
    if instance.last_seen or not track.fulfilled.first_yes:
        return noted
    minutes = switch_minutes(probe.selection.timeout or 0.0)
    return min(noted, track.fulfilled.first_yes + timedelta(minutes=minutes) + _LONGEST_SHUTDOWN)


def _told_end(instance: EndingInstance, request: EndingRequest) -> list[datetime]:
    """Give AWS's own times of an instance's end, the better one first."""
    shown, last = instance.last_seen, request.last_seen
    times = [shown.ended if shown else None, last.status_since if last and last.says_terminated else None]
    return [moment for moment in times if moment]


def _began(track: Track, instance: EndingInstance, stopped: datetime) -> datetime | None:
    """Give the middle of the time in which it began to run; it does so soon after AWS launched it."""
    launched = instance.last_seen.launched if instance.last_seen else None
    if track.running.first_yes is None and "running" not in (instance.state_before, track.state_before):
        has_run = instance.state_before in _ENDED_BEFORE and launched and stopped - launched > _LONGEST_PENDING
        if not has_run:
            return None
    # If no look saw it running, it began to run after the last look, and before it ended.
    earliest, latest = track.running.last_no, track.running.first_yes or stopped
    if launched and earliest < launched < latest:
        earliest, latest = launched, min(latest, launched + _LONGEST_PENDING)
    return earliest + (latest - earliest) / 2


def _was_interrupted(track: Track, instance: EndingInstance, code: str) -> bool:
    """Tell whether AWS ended an instance: by its own reason, else by when it died and the request's status code."""
    shown = instance.last_seen
    if shown is not None and shown.reason_code:
        return shown.was_interrupted
    if track.dead.is_reached:
        return _is_interruption(track.code)
    # No look saw it dead. It was interrupted if it was past running before our terminate took effect.
    state_before = instance.state_before or track.state_before
    is_past_running = state_before in _ENDED_BEFORE if state_before else shown is not None and shown.has_ended
    return is_past_running and _is_interruption(code)


def _is_interruption(code: str) -> bool:
    return code.startswith("instance-terminated-") and not code.endswith("-by-user")


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone() if moment else None


def _zone_of(instance: EndingInstance | None) -> str:
    return instance.last_seen.zone if instance and instance.last_seen else ""
