"""What an earlier run's leftovers have cost: no look of ours saw them, so AWS's own times are all there is."""

import logging
from collections.abc import Sequence
from datetime import datetime

from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.money.bill import Usage, bill
from collect_launch_time.money.prices import Prices, current_prices
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.end_state import EndingInstance, EndingRequest
from common.aws import aws_error
from common.aws.aws_error import AWS_FAILURES
from data_files.launches import spending
from data_files.launches.journal import Entry
from data_files.launches.spending import SpendingRow

log = logging.getLogger(__name__)


def write_bill(run: RunContext, ec2: RegionEc2, entry: Entry, requests: Sequence[EndingRequest]) -> datetime:
    """Write what an entry's instances cost, unless it is written already; give the time for its closing row.

    Raises Unwritable.
    """
    now = run.clock.now()
    billed = set(entry.instance_ids) if entry.is_closed else set()
    instances = [instance for request in requests for instance in request.instances.values()]
    unbilled = [instance for instance in instances if instance.instance_id not in billed]
    if not unbilled or (not entry.is_closed and _is_billed(run, entry)):
        return now
    prices = _prices(ec2, {_instance_type(instance, entry) for instance in unbilled if instance.last_seen})
    cost = bill(_usage(instance, entry, prices, ec2.time.now()) for instance in unbilled)
    row = SpendingRow(now, entry.region, entry.instance or None, *cost)
    spending.FILES.append(spending.FILES.path(run.home, now.date()), [row])
    return now


def _usage(instance: EndingInstance, entry: Entry, prices: Prices, aws_now: datetime) -> Usage:
    shown = instance.last_seen
    # Pending is free. Of an instance that was past pending when we ended it, only the launch is known: it is billed
    # from then, which is a little too much.
    began = shown.launched if shown and instance.state_before != "pending" else None
    return Usage(
        began=began,
        ended=(shown.ended if shown else None) or aws_now,
        usd_per_hour=prices.in_zone(_instance_type(instance, entry), shown.zone if shown else "") or 0.0,
        was_interrupted=bool(shown and shown.was_interrupted),
        launched=shown.launched if shown else None,
    )


def _instance_type(instance: EndingInstance, entry: Entry) -> str:
    return (instance.last_seen.instance_type if instance.last_seen else "") or entry.instance


def _prices(ec2: RegionEc2, instance_types: set[str]) -> Prices:
    try:
        return current_prices(ec2.spot_prices(instance_types), ec2.region) if instance_types else Prices({})
    except AWS_FAILURES as error:
        log.warning("%s: no spot prices for what was left: %s", ec2.region, aws_error.describe(error))
        return Prices({})


def _is_billed(run: RunContext, entry: Entry) -> bool:
    """Tell whether the earlier run died after it had written the bill, and before it closed the entry.

    A bill and its closing row carry the same time: a bill of this pair without a closing row is an open entry's.
    """
    if entry.intended is None:
        return False
    closings = run.journal.closings()
    days = {run.clock.now().date()} | ({entry.day} if entry.day else set())
    pair = entry.region, entry.instance or None
    bills = (row for day in days for row in spending.FILES.rows(run.home, day) if (row.region, row.instance) == pair)
    unclosed = (row.time for row in bills if (row.time, *pair) not in closings)
    return any(moment is not None and entry.intended <= moment for moment in unclosed)
