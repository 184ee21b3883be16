"""Find what earlier runs left, by the journal and by our tag, and end it. Never "all instances": only ours."""

import logging
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from collect_launch_time.ec2.answers import SpotRequest
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.ending.end_loop import EndLoop
from collect_launch_time.ending.leftover_bill import write_bill
from collect_launch_time.ending.lost_probe import write_lost_probe
from collect_launch_time.ending.still_open import open_probes_in_words
from collect_launch_time.run_context import RunContext
from common.aws import aws_error, aws_refusal, error_kind
from common.aws.aws_error import AWS_FAILURES
from common.errors import Unwritable
from common.side_by_side import side_by_side
from data_files.launches import journal
from data_files.launches.journal import Entry

log = logging.getLogger(__name__)

NOBODY_LOOKED = "nobody could look for what earlier runs left"

_CONCURRENCY = 16
_SECONDS = 420.0  # twice two minutes of retries in each Region, and calls that end by their own timeouts
# An entry of which no request is found stays open until any request it may have led to must have expired.
_EXPIRY_MARGIN_SECONDS = 900.0
_LEAST_EXPIRY_SECONDS = 1800.0


@dataclass
class CleanUp:
    """The result of a clean-up."""

    ended_instances: int = 0
    blocked: set[str] = field(default_factory=set)  # Regions where something could not be ended or looked for
    left: list[Entry] = field(default_factory=list)  # still open: could not be ended, or may still turn up
    never_used: dict[str, Exception] = field(default_factory=dict)  # blocked Regions of which nobody was told why


def clean_up(run: RunContext, regions: Collection[str], seconds: float = math.inf) -> CleanUp:
    """End whatever earlier runs left in these Regions and in those of open journal entries, within the seconds.

    Raises Refusal if every Region refuses our credentials or a permission is missing in every Region.
    """
    entries = run.journal.entries()
    still_open = [entry for entry in run.journal.unclosed_entries() if entry.token in entries]
    all_regions = sorted({*regions, *(entry.region for entry in still_open)})
    result = CleanUp()
    failures: dict[str, Exception] = {}
    seconds = min(seconds, _SECONDS)
    latest_call = run.clock.monotonic() + seconds - run.patience.call_seconds

    def clean(region: str) -> CleanUp:
        return _clean_region(run, run.ec2(region), entries, latest_call)

    for outcome in side_by_side(clean, all_regions, concurrency=_CONCURRENCY, seconds=seconds):
        if outcome.answer is None:
            failures[outcome.question] = outcome.error or TimeoutError()
            continue
        result.ended_instances += outcome.answer.ended_instances
        result.blocked |= outcome.answer.blocked
        result.left += outcome.answer.left
    unseen = [entry for entry in still_open if entry.region in failures]
    result.blocked |= failures.keys()
    result.left += unseen
    _carry_over(run, result.left)
    if len(failures) == len(all_regions):
        _raise_if_all_refuse(failures.values())
    else:
        result.never_used = _never_used(run, failures, unseen)
    for region, error in failures.items():
        if region not in result.never_used:
            run.problems.add_error(NOBODY_LOOKED, error, region)
    if unseen:
        run.problems.add(open_probes_in_words(unseen))
    return result


def _raise_if_all_refuse(errors: Collection[Exception]) -> None:
    refusals = [aws_refusal.refusal(error, "ec2:DescribeSpotInstanceRequests") for error in errors]
    if refusals and refusals[0] and all(refusals):
        raise refusals[0]


def _never_used(run: RunContext, failures: Mapping[str, Exception], unseen: Iterable[Entry]) -> dict[str, Exception]:
    """Give the Regions that refuse to list our requests, and where none was ever made: nothing can be left there.

    An account may have Regions that a policy closes for good. Telling people at every run would be a mail every ten
    minutes about nothing; logged as an error, it stands in the nightly report.
    """
    may_be_left = {entry.region for entry in unseen}
    refused = {region: error for region, error in failures.items() if _is_refusal(error) and region not in may_be_left}
    never_used = {region: error for region, error in refused.items() if not run.journal.names_region(region)}
    for error, names in aws_error.by_cause(never_used):
        log.error(
            "AWS refuses to list our requests in %s, where none was ever made (%s): REGIONS can leave that out",
            ", ".join(sorted(names)),
            aws_error.describe(error),
        )
    return never_used


def _is_refusal(error: Exception) -> bool:
    return error_kind.is_refused(error) or aws_refusal.refusal(error, "") is not None


def _clean_region(run: RunContext, ec2: RegionEc2, entries: Mapping[str, Entry], latest_call: float) -> CleanUp:
    to_end = {token: entry for token, entry in entries.items() if entry.region == ec2.region and not entry.is_closed}
    tagged = _find_tagged(run, ec2, run.patience.give_up_seconds if to_end else 0.0)
    suspects = [request for request in tagged if _may_be_left(request, entries.get(_key(request)))]
    for request in suspects:
        to_end.setdefault(_key(request), entries.get(_key(request)) or _entry_of(request, ec2.region))
    if not to_end:
        return CleanUp()
    loop = EndLoop(ec2, run.clock, run.installation_id, run.patience)
    for entry in to_end.values():
        if not entry.is_closed:
            loop.add(entry, requested_by_us=False)
    for request in suspects:
        loop.add_found(request, to_end[_key(request)])
    log.info("%s: %d journal entries to end, %d requests found by our tag", ec2.region, len(to_end), len(suspects))
    has_ended = loop.run_until_ended(latest_call - run.clock.monotonic())
    return CleanUp(
        ended_instances=sum(len(request.instances) for request in loop.requests.values()),
        blocked=set() if has_ended else {ec2.region},
        left=[entry for entry in to_end.values() if not _close(run, ec2, loop, entry)],
    )


def _find_tagged(run: RunContext, ec2: RegionEc2, retry_seconds: float) -> list[SpotRequest]:
    """List the requests that carry our tag; a failing call is repeated for so many seconds."""
    deadline = run.clock.monotonic() + retry_seconds
    while True:
        try:
            return ec2.requests_of_installation(run.installation_id)
        except AWS_FAILURES as error:
            if run.clock.monotonic() > deadline or aws_refusal.refusal(error, ""):
                raise
            log.warning("%s: listing our requests failed and is repeated: %s", ec2.region, aws_error.describe(error))
            run.clock.sleep(run.patience.round_seconds)


def _may_be_left(request: SpotRequest, entry: Entry | None) -> bool:
    """Tell whether anything may be left of a request found by our tag.

    AWS goes on showing an ended request for hours: one that is final, and whose entry is closed and knows its instance,
    is not looked at again. An instance that a closed entry does not know came after we had looked.
    """
    if entry is None or not entry.is_closed or not request.is_final:
        return True
    return bool(request.instance_id) and request.instance_id not in entry.instance_ids


def _entry_of(request: SpotRequest, region: str) -> Entry:
    return Entry(_key(request), region, request.instance_type, 0)


def _key(request: SpotRequest) -> str:
    # A request without our token tag matches no journal entry: its own id is its key.
    return request.token or request.request_id


def _close(run: RunContext, ec2: RegionEc2, loop: EndLoop, entry: Entry) -> bool:
    """Write down what an entry led to; bill and close it if all of that has ended, and tell whether it is closed."""
    requests = loop.requests_of(entry)
    is_over = loop.is_over_for(entry)
    if not is_over:
        loop.name_what_is_left(entry, run.problems, "what an earlier run left could not be ended yet", _name(entry))
    if not requests and (not is_over or entry.age_seconds < _expiry_seconds(run)):
        log.info("%s: no request of it was found; its entry stays open", _name(entry))
        return False
    found_ids = sorted({instance_id for request in requests for instance_id in request.instances})
    complete = replace(
        entry,
        request_ids=tuple(dict.fromkeys((*entry.request_ids, *(request.request_id for request in requests)))),
        instance_ids=tuple(dict.fromkeys((*entry.instance_ids, *found_ids))),
    )
    try:
        write_lost_probe(run, entry)
        if not is_over:
            return False
        moment = write_bill(run, ec2, entry, requests)
        run.journal.write(journal.CLOSED, complete, moment)
    except (Unwritable, OSError) as failure:  # OSError: what is written so far cannot be read
        run.problems.add(f"ended, but not written down: {failure}", _name(entry))
        return False
    return True


def _name(entry: Entry) -> str:
    return f"{entry.instance} in {entry.region}"


def _expiry_seconds(run: RunContext) -> float:
    return max(_LEAST_EXPIRY_SECONDS, run.settings.timeout_seconds + _EXPIRY_MARGIN_SECONDS)


def _carry_over(run: RunContext, left: Iterable[Entry]) -> None:
    try:
        run.journal.carry_over(left)
    except Unwritable as failure:
        run.problems.add(f"the journal could not be written: {failure}")
