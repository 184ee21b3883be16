"""What leftovers of a run that died have cost: nobody saw them run, so AWS's own times are what there is."""

import logging
from collections.abc import Sequence
from datetime import datetime

from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.money.bill import Usage, bill
from collect_launch_time.money.prices import Prices, current
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.end_state import EndedInstance, EndedRequest
from common import aws_error
from common.aws_error import AWS_FAILURES
from data_files.launches import spending
from data_files.launches.journal import Entry
from data_files.launches.spending import SpendingRow

log = logging.getLogger(__name__)


def write_bill(run: RunContext, ec2: RegionEc2, entry: Entry, ended: Sequence[EndedRequest]) -> datetime:
    """Write what an entry's instances cost, unless that is written already; give the moment for its closing row.

    Raises Unwritable.
    """
    now = run.clock.now()
    billed = set(entry.instance_ids) if entry.is_closed else set()
    new = [one for request in ended for one in request.instances.values() if one.instance_id not in billed]
    if not new or (not entry.is_closed and _is_billed(run, entry)):
        return now
    prices = _prices(ec2, {one.seen.instance_type or entry.instance for one in new if one.seen})
    cost = bill(_usage(one, entry, prices, ec2.time.now()) for one in new)
    row = SpendingRow(now, entry.region, entry.instance or None, cost.instances, cost.seconds, cost.usd)
    spending.FILES.append(spending.FILES.path(run.home, now.date()), [row])
    return now


def _usage(one: EndedInstance, entry: Entry, prices: Prices, aws_now: datetime) -> Usage:
    seen = one.seen
    ended = (seen.ended if seen else None) or aws_now
    # Pending is free; of one that was running when we came, the launch is the latest beginning we know of.
    began = seen.launched if seen and one.was != "pending" else None
    kind = (seen.instance_type if seen else "") or entry.instance
    return Usage(
        began=began,
        ended=ended,
        usd_per_hour=prices.in_zone(kind, seen.zone if seen else "") or 0.0,
        was_interrupted=bool(seen and seen.was_interrupted),
    )


def _prices(ec2: RegionEc2, types: set[str]) -> Prices:
    try:
        return current(ec2.spot_prices(types)) if types else Prices({})
    except AWS_FAILURES as error:
        log.warning("%s: no spot prices for what was left: %s", ec2.region, aws_error.describe(error))
        return Prices({})


def _is_billed(run: RunContext, entry: Entry) -> bool:
    """Tell whether the run that died had written the bill, and only not closed the entry.

    A bill and its closing row carry the same moment: a bill of this pair without one is of an entry still open.
    """
    if entry.intended is None:
        return False
    closings = run.journal.closings()
    days = {run.clock.now().date()} | ({entry.day} if entry.day else set())
    pair = entry.region, entry.instance or None
    bills = (row for day in days for row in spending.FILES.rows(run.home, day) if (row.region, row.instance) == pair)
    unclosed = (row.time for row in bills if (row.time, *pair) not in closings)
    return any(moment is not None and entry.intended <= moment for moment in unclosed)
