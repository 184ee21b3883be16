"""What leftovers of a run that died have cost: nobody saw them run, so AWS's own times are what there is."""

import logging
from collections.abc import Sequence
from datetime import datetime

from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.journal import Entry
from collect_launch_time.money.bill import Usage, bill
from collect_launch_time.money.prices import Prices, current
from collect_launch_time.run_context import RunContext
from collect_launch_time.state.end_state import EndedInstance, EndedRequest
from collect_launch_time.tables import SPENDING
from common import aws_error, csv_file
from common.aws_error import AWS_FAILURES
from common.clock import iso, parse_iso

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
    row = (iso(now), entry.region, entry.instance, cost.instances, cost.seconds, cost.usd)
    csv_file.append(run.tables.spending(now.date()), SPENDING, [row])
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
    closings = run.journal.closings()
    days = {run.clock.now().date()} | ({entry.day} if entry.day else set())
    for day in days:
        for row in csv_file.read(run.tables.spending(day)):
            at, key = parse_iso(row["time"]), (row["time"], row["region"], row["instance"])
            is_of_pair = key[1:] == (entry.region, entry.instance)
            if is_of_pair and key not in closings and at and entry.intended and at >= entry.intended:
                return True
    return False
