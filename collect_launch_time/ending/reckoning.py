"""From what was seen of a probe's instances to its rows: instances, and what they cost. Pure."""

from collections.abc import Mapping
from datetime import datetime

from collect_launch_time.ec2.answers import Instance
from collect_launch_time.money.bill import Usage
from collect_launch_time.money.prices import Prices
from collect_launch_time.state.end_state import EndedInstance, EndedRequest
from collect_launch_time.state.probe import Probe
from collect_launch_time.state.readiness import Track
from data_files.launches.instances import InstanceRow


def instance_row(probe: Probe, track: Track, ended: EndedRequest | None, zones: Mapping[str, str]) -> InstanceRow:
    """Give a spot request's row; an instance that came while we cancelled was fulfilled when it was found."""
    late = next(iter(ended.instances.values()), None) if ended and not track.instance_id else None
    return InstanceRow(
        request_id=track.request_id,
        instance_id=(late.instance_id if late else track.instance_id) or None,
        region=probe.target.pair.region,
        az=track.zone_id or zones.get(track.zone or _zone_of(late)),
        instance=probe.target.pair.instance,
        request_time=track.requested,
        fulfilled_time=late.found if late else track.fulfilled.yes,
        running_time=track.running.yes,
        not_ready_time=track.ready.no,
        ready_time=track.ready.yes,
        outcome=track.outcome or None,
    )


def usages(probe: Probe, track: Track, ended: EndedRequest | None, prices: Prices, now: datetime) -> list[Usage]:
    """Give the use of the instances that one spot request led to."""
    if ended is None:
        return []
    found = ended.instances.values()
    code = ended.seen.code if ended.seen else track.code
    return [_usage(probe.target.pair.instance, track, one, code, prices, now) for one in found]


def _usage(instance_type: str, track: Track, ended: EndedInstance, code: str, prices: Prices, now: datetime) -> Usage:
    died, seen = track.dead.middle, ended.seen
    stopped = died or track.ended_at or ended.tried or now
    began = track.running.middle
    if began is None and "running" in (ended.was, track.was):
        # It began to run after the last look, and before we ended it.
        began = track.running.no + (stopped - track.running.no) / 2
    return Usage(
        began=began,
        ended=stopped,
        usd_per_hour=prices.in_zone(instance_type, track.zone or _zone_of(ended)) or 0.0,
        was_interrupted=_was_interrupted(seen, track, ended, code),
    )


def _was_interrupted(seen: Instance | None, track: Track, ended: EndedInstance, code: str) -> bool:
    if seen is not None and seen.reason_code:
        return seen.was_interrupted
    if track.dead.middle is not None:
        return _is_the_markets(track.code)
    # It ended after the last look: AWS's doing if it was past running when we told it to end.
    was = ended.was or track.was
    is_past_running = was in ("shutting-down", "terminated") or (not was and seen is not None and seen.has_ended)
    return is_past_running and _is_the_markets(code)


def _is_the_markets(code: str) -> bool:
    return code.startswith("instance-terminated-") and not code.endswith("-by-user")


def _zone_of(ended: EndedInstance | None) -> str:
    return ended.seen.zone if ended and ended.seen else ""
