"""Ask the market: the intent on disk first, then the request, then what AWS answered."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from collect_launch_time.choosing.selection import Chosen
from collect_launch_time.choosing.targets import Target
from collect_launch_time.ec2 import spot_requests
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.probe import Probe
from collect_launch_time.watching.looking import look_row
from common import aws_error
from common.aws_error import AWS_FAILURES
from common.errors import Refusal, Unwritable
from data_files.launches import journal
from data_files.launches.journal import Entry

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """What came of asking: a probe to watch, one to be looked for and ended, or neither; and why."""

    watched: Probe | None = None
    unanswered: Probe | None = None
    refused: Refusal | None = None  # credentials or a permission: only people can mend it


def ask(run: RunContext, chosen: Chosen, heal: Callable[[Target], Target | None]) -> Asked:
    """Start a probe; one AMI that is gone is healed, under a new intent and a new client token."""
    if run.stop.asked:
        return Asked()
    probe = _intend(run, chosen)
    if probe is None:
        return Asked()
    try:
        requests = spot_requests.request(probe.ec2, _order(run, probe))
    except AWS_FAILURES as error:
        if aws_error.is_no_such_ami(error):
            _close(run, probe)
            healed = heal(chosen.target)
            # Once: a healed AMI that is refused too has no newer one, and heal gives None.
            return ask(run, replace(chosen, target=healed), heal) if healed else Asked()
        return _failed(run, probe, error)
    probe.entry = replace(probe.entry, request_ids=tuple(request.request_id for request in requests))
    _write(run, journal.REQUESTED, probe)
    probe.begin(requests, run.clock.now())
    log.info("%s: requested, %s", probe, " ".join(probe.entry.request_ids))
    return Asked(watched=probe)


def _intend(run: RunContext, chosen: Chosen) -> Probe | None:
    pair = chosen.target.pair
    entry = Entry(journal.new_token(), pair.region, pair.instance, run.rules.count)
    try:
        run.journal.write(journal.INTENDED, entry)
    except Unwritable as failure:
        run.problems.add(f"nothing is requested without a journal: {failure}")
        return None
    return Probe(
        target=chosen.target,
        entry=entry,
        ec2=run.ec2(pair.region),
        prices=chosen.prices,
        zones=chosen.zones,
        requested=run.clock.now(),
        requested_monotonic=run.clock.monotonic(),
    )


def _order(run: RunContext, probe: Probe) -> spot_requests.Order:
    return spot_requests.Order(
        token=probe.entry.token,
        instance=probe.target.pair.instance,
        count=probe.entry.count,
        ami=probe.target.ami,
        timeout_seconds=run.rules.timeout_seconds,
        installation=run.installation,
    )


def _failed(run: RunContext, probe: Probe, error: Exception) -> Asked:
    log.warning("%s: not requested: %s", probe, aws_error.describe(error))
    if not spot_requests.never_arrived(error):
        run.problems.add_error("no answer to a request, it is looked for and ended", error, str(probe))
        return Asked(unanswered=probe)
    _close(run, probe)
    if aws_error.is_no_capacity(error):
        # The market's answer: none of them, at this moment.
        run.records.looks(probe.requested.date(), [look_row(probe, run.clock.now())])
        return Asked()
    if refusal := aws_error.refusal(error, "ec2:RequestSpotInstances"):
        run.problems.add_error("AWS does not let us request", error, str(probe))
        return Asked(refused=refusal)
    if aws_error.is_quota_used_up(error):
        run.problems.add_error("the account's own quota for spot instances does not allow it", error, str(probe))
    else:
        run.problems.add_error("AWS refuses the request", error, str(probe))
    return Asked()


def _close(run: RunContext, probe: Probe) -> None:
    _write(run, journal.CLOSED, probe)


def _write(run: RunContext, event: str, probe: Probe) -> None:
    try:
        run.journal.write(event, probe.entry)
    except Unwritable as failure:
        # The tag on the requests leads the next run to them all the same.
        run.problems.add(f"the journal could not be written: {failure}", str(probe))
