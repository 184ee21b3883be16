"""One look at all probes of a Region: the same number of calls for one probe or a hundred, paging aside."""

from collections.abc import Sequence
from datetime import datetime

from collect_launch_time.ec2.answers import InstanceCheck, SpotRequest
from collect_launch_time.ec2.known_ids import KnownAnswers
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.state.probe import Probe
from collect_launch_time.state.readiness import Track
from common.clock import Clock
from data_files.launches.looks import LookRow


def look(ec2: RegionEc2, probes: Sequence[Probe], clock: Clock) -> datetime:
    """Ask for the state of all requests and instances, note it in the probes, and give the time of the last answer.

    Raises AWS_FAILURES if the look failed. If only its second half did, the answers to the first are noted.
    """
    tracks = [track for probe in probes for track in probe.tracks.values() if not track.is_ending]
    open_requests = {track.request_id: track for track in tracks if not track.is_final and not track.ready.is_reached}
    asked = clock.now()
    requests = _by_id(ec2.look_at_requests(list(open_requests))) if open_requests else {}
    try:
        alive = _alive(tracks, requests)
        asked_for_checks = clock.now()
        checks = _checks(ec2.look_at_instances(list(alive))) if alive else {}
    except BaseException:
        _note_requests(open_requests, requests, asked, clock.now())
        raise
    answered = clock.now()
    _note_requests(open_requests, requests, asked, answered)
    for instance_id, check in checks.items():
        if instance_id in alive:
            alive[instance_id].note_instance(check, asked_for_checks, answered)
    return answered


def look_row(probe: Probe, answered: datetime) -> LookRow:
    """Give a look's row of one probe."""
    pair, counts = probe.target.pair, probe.counts
    return LookRow(
        pair.region,
        pair.instance,
        probe.entry.count,
        probe.requested,
        answered,
        counts.ready,
        counts.fulfilled,
        counts.running,
    )


def _alive(tracks: Sequence[Track], requests: dict[str, SpotRequest]) -> dict[str, Track]:
    """Give the tracks whose instance is known and not dead, by instance id."""
    alive = {}
    for track in tracks:
        request = requests.get(track.request_id)
        instance_id = track.instance_id or (request.instance_id if request else "")
        if instance_id and not track.dead.is_reached:
            alive[instance_id] = track
    return alive


def _note_requests(
    tracks: dict[str, Track], requests: dict[str, SpotRequest], asked: datetime, answered: datetime
) -> None:
    for request_id, request in requests.items():
        if request_id in tracks:
            tracks[request_id].note_request(request, asked, answered)


def _by_id(known: KnownAnswers[list[SpotRequest]]) -> dict[str, SpotRequest]:
    return {request.request_id: request for answer in known.answers for request in answer}


def _checks(known: KnownAnswers[list[InstanceCheck]]) -> dict[str, InstanceCheck]:
    return {check.instance_id: check for answer in known.answers for check in answer}
