"""Find what any earlier run left, by the journal and by our tag, and end it. Only ours, never "all instances"."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from collect_launch_time.ec2.answers import SpotRequest
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.ending.ending import Ending
from collect_launch_time.ending.leftover_bill import write_bill
from collect_launch_time.run_context import RunContext
from common import aws_error
from common.aws_error import AWS_FAILURES
from common.errors import Refusal, Unwritable
from common.side_by_side import side_by_side
from data_files.launches import journal
from data_files.launches.journal import Entry

log = logging.getLogger(__name__)

_AT_ONCE = 16
_SECONDS = 420.0  # two minutes of patience in each Region, and calls that only end by their time-out
# An intent without an answer is looked for until the request it may have been has surely expired.
_EXPIRY_MARGIN_SECONDS = 900.0
_LEAST_EXPIRY_SECONDS = 1800.0


@dataclass
class CleanUp:
    """What a clean-up came to."""

    ended_instances: int = 0
    blocked: set[str] = field(default_factory=set)  # Regions where something could not be ended, or nobody could look
    left: list[Entry] = field(default_factory=list)  # still open: could not be ended, or may yet turn up


def clean_up(run: RunContext, regions: Collection[str]) -> CleanUp:
    """End in these Regions, and in those of open journal entries, whatever earlier runs left.

    Raises Refusal if AWS accepts our credentials nowhere, or a permission is missing.
    """
    entries = run.journal.entries()
    still_open = [entry for entry in entries.values() if not entry.is_closed]
    wanted = sorted({*regions, *(entry.region for entry in still_open)})
    result = CleanUp()
    refusals: dict[str, Refusal] = {}

    def one_region(region: str) -> CleanUp:
        return _clean_region(run, run.ec2(region), entries)

    for outcome in side_by_side(one_region, wanted, at_once=_AT_ONCE, seconds=_SECONDS):
        if outcome.answer is not None:
            result.ended_instances += outcome.answer.ended_instances
            result.blocked |= outcome.answer.blocked
            result.left += outcome.answer.left
            continue
        error = outcome.error or TimeoutError()
        result.blocked.add(outcome.question)
        result.left += [entry for entry in still_open if entry.region == outcome.question]
        if refusal := aws_error.refusal(error, "ec2:DescribeSpotInstanceRequests"):
            refusals[outcome.question] = refusal
        run.problems.add_error("nobody could look for what earlier runs left", error, outcome.question)
    if refusals and len(refusals) == len(wanted):
        raise next(iter(refusals.values()))
    _carry_over(run, result.left)
    return result


def _clean_region(run: RunContext, ec2: RegionEc2, entries: Mapping[str, Entry]) -> CleanUp:
    own = {token: entry for token, entry in entries.items() if entry.region == ec2.region and not entry.is_closed}
    found = _find_ours(run, ec2, run.patience.give_up if own else 0.0)
    suspects = [request for request in found if _is_suspect(request, entries.get(_key(request)))]
    for request in suspects:
        own.setdefault(_key(request), entries.get(_key(request)) or _unknown_entry(request, ec2.region))
    if not own:
        return CleanUp()
    ending = Ending(ec2, run.clock, run.installation, run.patience)
    for entry in own.values():
        if not entry.is_closed:
            ending.add(entry, asked_ourselves=False)
    for request in suspects:
        ending.add_found(request, own[_key(request)])
    log.info("%s: %d journal entries to end, %d requests found by our tag", ec2.region, len(own), len(suspects))
    is_over = ending.run()
    return CleanUp(
        ended_instances=sum(len(one.instances) for one in ending.requests.values()),
        blocked=set() if is_over else {ec2.region},
        left=[entry for entry in own.values() if not _write_down(run, ec2, ending, entry)],
    )


def _find_ours(run: RunContext, ec2: RegionEc2, patience_seconds: float) -> list[SpotRequest]:
    """Find what carries our tag; where the journal knows of something, a failing call is tried again for a while."""
    deadline = run.clock.monotonic() + patience_seconds
    while True:
        try:
            return ec2.requests_of_installation(run.installation)
        except AWS_FAILURES as error:
            if run.clock.monotonic() > deadline or aws_error.refusal(error, ""):
                raise
            log.warning("%s: no list of our requests, it is asked for again: %s", ec2.region, aws_error.describe(error))
            run.clock.sleep(run.patience.between_rounds)


def _is_suspect(request: SpotRequest, entry: Entry | None) -> bool:
    """Tell whether something may be left of a request, by the tag's listing alone.

    What a closed entry knows to have ended is not looked at again, for the hours AWS goes on showing it; an instance it
    does not know of came after we had looked.
    """
    if entry is None or not entry.is_closed or not request.is_final:
        return True
    return bool(request.instance_id) and request.instance_id not in entry.instance_ids


def _unknown_entry(request: SpotRequest, region: str) -> Entry:
    return Entry(_key(request), region, request.instance_type, 0)


def _key(request: SpotRequest) -> str:
    # What lost its token's tag is an entry of its own.
    return request.token or request.request_id


def _write_down(run: RunContext, ec2: RegionEc2, ending: Ending, entry: Entry) -> bool:
    """Write an entry's end into the journal; tell whether it is closed."""
    ended = ending.requests_of(entry)
    if not ending.is_over_for(entry):
        why = ending.problem or "no end in sight"
        run.problems.add("what an earlier run left could not be ended yet", _name(entry), said=why)
        return False
    if not ended and entry.age_seconds < _expiry_seconds(run):
        log.info("%s in %s: nothing was found of an intent; it stays open", entry.instance, entry.region)
        return False
    instance_ids = {known for one in ended for known in one.instances}
    known = replace(
        entry,
        request_ids=tuple(dict.fromkeys((*entry.request_ids, *(one.request_id for one in ended)))),
        instance_ids=tuple(dict.fromkeys((*entry.instance_ids, *sorted(instance_ids)))),
    )
    try:
        moment = write_bill(run, ec2, entry, ended)
        run.journal.write(journal.CLOSED, known, moment)
    except (Unwritable, OSError) as failure:  # the books can be neither written nor read
        run.problems.add(f"ended, but not written down: {failure}", _name(entry))
        return False
    return True


def _name(entry: Entry) -> str:
    return f"{entry.instance} in {entry.region}"


def _expiry_seconds(run: RunContext) -> float:
    return max(_LEAST_EXPIRY_SECONDS, run.rules.timeout_seconds + _EXPIRY_MARGIN_SECONDS)


def _carry_over(run: RunContext, left: Iterable[Entry]) -> None:
    try:
        run.journal.carry_over(left)
    except Unwritable as failure:
        run.problems.add(f"the journal could not be written: {failure}")
