"""Request a probe's instances: the intent on disk first, then the call, then what follows from AWS's answer."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from collect_launch_time.choosing.selection import Chosen
from collect_launch_time.choosing.targets import Target
from collect_launch_time.ec2 import cause_by_code, spot_requests
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.probe import Probe
from collect_launch_time.watching.looking import look_row
from common.aws import aws_error, aws_refusal, error_kind
from common.aws.aws_error import AWS_FAILURES
from common.errors import Refusal, Unwritable
from data_files.launches import journal, probes
from data_files.launches.instances import ACCOUNT, MARKET
from data_files.launches.journal import Entry
from data_files.launches.refused_pairs import RefusedPair
from data_files.launches.selection import SelectionRow

log = logging.getLogger(__name__)

_ACTION = "ec2:RequestSpotInstances"
# What `probes` calls the end of a probe that AWS refused to begin. Where it gave no answer, we break it off.
_ENDED_BY: Mapping[str | None, str] = {MARKET: probes.TIMED_OUT, ACCOUNT: probes.REFUSED}


@dataclass(frozen=True)
class RequestResult:
    """A probe to watch, or one that must be looked for and ended, or neither; and the refusal if people must act."""

    watched: Probe | None = None
    unanswered: Probe | None = None  # AWS may have made its requests
    refusal: Refusal | None = None  # wrong credentials, or a missing permission


def request_probe(run: RunContext, chosen: Chosen, with_newest_ami: Callable[[Target], Target | None]) -> RequestResult:
    """Request a probe's instances; if its AMI is gone, once more with the newest, under a new intent and token."""
    if run.stop.is_requested:
        return RequestResult()
    probe = _intend(run, chosen)
    if probe is None:
        return RequestResult()
    try:
        requests = spot_requests.request(probe.ec2, _order(run, probe))
    except AWS_FAILURES as error:
        if error_kind.is_no_such_ami(error):
            _close(run, probe, probes.REFUSED)
            target = with_newest_ami(chosen.target)
            # Not endless: of a newest AMI that is refused too there is no newer one, and the target is None.
            return request_probe(run, replace(chosen, target=target), with_newest_ami) if target else RequestResult()
        return _failed(run, probe, error)
    probe.entry = replace(probe.entry, request_ids=tuple(request.request_id for request in requests))
    _write_journal(run, journal.REQUESTED, probe)
    probe.add_requests(requests, run.clock.now())
    log.info("%s: requested, %s", probe, " ".join(probe.entry.request_ids))
    return RequestResult(watched=probe)


def _intend(run: RunContext, chosen: Chosen) -> Probe | None:
    pair = chosen.target.pair
    entry = Entry(journal.new_token(), pair.region, pair.instance, run.settings.count)
    # One moment for all files, as exact as they hold it, and for the timeout: by it rows are known to belong together.
    now, now_monotonic = run.clock.now(), run.clock.monotonic()
    selected = _selection(run, chosen, entry, now.replace(microsecond=now.microsecond // 1000 * 1000))
    try:
        run.journal.intend(entry, selected)
    except Unwritable as failure:
        run.problems.add(f"nothing is requested without a journal: {failure}")
        return None
    return Probe(
        target=chosen.target,
        entry=entry,
        ec2=run.ec2(pair.region),
        prices=chosen.prices,
        zone_ids=chosen.zone_ids,
        selection=selected,
        requested_monotonic=now_monotonic,
    )


def _selection(run: RunContext, chosen: Chosen, entry: Entry, moment: datetime) -> SelectionRow:
    settings = run.settings
    return SelectionRow(
        token=entry.token,
        request_time=moment,
        region=entry.region,
        instance=entry.instance,
        instance_count=entry.count,
        origin=chosen.origin,
        probability=chosen.probability,
        until=probes.FULFILLED if settings.until_fulfilled else probes.READY,
        timeout=settings.timeout_seconds,
        status_interval=settings.interval_seconds,
    )


def _order(run: RunContext, probe: Probe) -> spot_requests.Order:
    return spot_requests.Order(
        token=probe.entry.token,
        instance=probe.target.pair.instance,
        count=probe.entry.count,
        ami=probe.target.ami,
        timeout_seconds=run.settings.timeout_seconds,
        installation_id=run.installation_id,
        network=probe.target.network,
    )


def _failed(run: RunContext, probe: Probe, error: Exception) -> RequestResult:
    log.warning("%s: not requested: %s", probe, aws_error.describe(error))
    is_certain = spot_requests.is_certainly_refused(error)
    ended = _ENDED_BY.get(cause_by_code.of_error(error), probes.STOPPED)
    if is_certain:
        _close(run, probe, ended)
    else:
        probe.note_end(run.clock.now(), ended)
    # A quota or a market that is asked again after a throttled or a lost call has answered all the same. What that lost
    # call may have led to is looked for, and nobody is told: nothing is expected.
    unanswered = None if is_certain else probe
    if error_kind.is_no_capacity(error):
        # A measurement: at this moment the market had none of these instances.
        run.records.looks(probe.requested.date(), [look_row(probe, run.clock.now())])
        return RequestResult(unanswered=unanswered)
    if error_kind.is_quota_used_up(error):
        run.problems.add_error("the account's own quota for spot instances does not allow it", error, str(probe))
        return RequestResult(unanswered=unanswered)
    if is_certain and error_kind.is_denied_by_a_deny_statement(error):
        _pass_over_today(run, probe, error)  # an organisation's mostly, on a Region or some types
        return RequestResult(refusal=aws_refusal.refusal(error, _ACTION))
    # Wrong keys are asked about twice, so that this is never the answer to a first attempt.
    if refusal := aws_refusal.refusal(error, _ACTION):
        run.problems.add_error("AWS does not let us request", error, str(probe))
        return RequestResult(unanswered=unanswered, refusal=refusal)
    if not is_certain:
        run.problems.add_error("no answer to a request, it is looked for and ended", error, str(probe))
        return RequestResult(unanswered=probe)
    if error_kind.is_never_here(error):
        _pass_over_today(run, probe, error)
        return RequestResult()
    run.problems.add_error("AWS refuses the request", error, str(probe))
    return RequestResult()


def _pass_over_today(run: RunContext, probe: Probe, error: Exception) -> None:
    """Make place for the next pair: what cannot be granted here now cannot at the next run either."""
    pair, now = probe.target.pair, run.clock.now()
    instance = None if error_kind.is_never_in_region(error) else pair.instance
    row = RefusedPair(now, pair.region, instance, aws_error.code(error), aws_error.describe(error))
    run.records.refused_pair(row, now.date())
    what = f"any type in {pair.region}" if instance is None else str(pair)
    run.problems.add_error("AWS can never grant this, today's further runs take the next pair", error, what)


def _close(run: RunContext, probe: Probe, ended: str) -> None:
    """Write down and close a probe of which AWS certainly made nothing."""
    probe.note_end(run.clock.now(), ended)
    if run.records.probe(probe.row(ended)):
        _write_journal(run, journal.CLOSED, probe)


def _write_journal(run: RunContext, event: str, probe: Probe) -> None:
    try:
        run.journal.write(event, probe.entry)
    except Unwritable as failure:
        # The next run still finds the requests by their tags.
        run.problems.add(f"the journal could not be written: {failure}", str(probe))
