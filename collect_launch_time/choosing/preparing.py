"""Before anything is asked of the market: our Regions, today's targets, and what of the budget is left for them."""

import logging
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import configs
from collect_launch_time.choosing.selection import Selection, select
from collect_launch_time.choosing.targets import Pair, ranked_pairs, with_ami
from collect_launch_time.money.budget import Budget, most_it_costs
from collect_launch_time.money.prices import current
from collect_launch_time.run_context import RunContext
from common import aws_error
from common.aws_client import aws_client
from common.aws_error import AWS_FAILURES
from common.errors import Refusal
from common.regions import enabled_regions
from data_files.launches.journal import Entry
from data_files.launches.spending import spent
from data_files.market import scores
from instance_arch_and_ami_id import IMAGE_ID

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wishes:
    """What the settings say of targets and budget."""

    top_k: int
    regions: Sequence[str]
    pattern: re.Pattern[str]
    daily_budget_usd: float


def regions_in_use(wanted: Sequence[str], asked_in: str) -> Sequence[str]:
    """Give the enabled Regions of those wanted; where AWS does not say which are enabled, those we know of.

    Raises Refusal for wrong credentials, a missing permission, or if no Region is left.
    """
    try:
        client = aws_client("ec2", asked_in, attempts=4, connect_seconds=3, read_seconds=10)
        return enabled_regions(client, wanted).enabled
    except AWS_FAILURES as error:
        if refusal := aws_error.refusal(error, "ec2:DescribeRegions"):
            raise refusal from error
        # No problem yet: if AWS is out of reach, every Region is going to say so.
        log.warning("AWS does not say which Regions are enabled: %s", aws_error.describe(error))
        return wanted or sorted(IMAGE_ID)


def choose(
    run: RunContext,
    wishes: Wishes,
    regions: Collection[str],
    blocked: Collection[str] = (),
    left: Sequence[Entry] = (),
) -> Selection:
    """Choose what is probed: nothing in a blocked Region; what earlier runs left takes its share of the budget.

    Raises Refusal when there is nothing to go by: no score, no pair in our Regions, no AMI, nothing within the budget.
    """
    newest = scores.newest(run.home, run.clock.started.date(), or_later=True)
    pairs = ranked_pairs(newest, regions, wishes.pattern)
    if not pairs and wishes.top_k:
        raise Refusal(_no_pairs(run, bool(newest)))
    without_ami: list[tuple[Pair, str]] = []

    def passed_over(pair: Pair, reason: KeyError) -> None:
        without_ami.append((pair, str(reason)))
        log.warning("%s is passed over: %s", pair, reason)

    budget = Budget(wishes.daily_budget_usd, _taken(run, left))
    usable = [pair for pair in pairs if pair.region not in blocked]
    selection = select(run, with_ami(usable, configs.get_ami, passed_over), wishes.top_k, budget)
    _tell_what_is_missing(run, selection, without_ami, budget)
    return selection


def _no_pairs(run: RunContext, is_there_a_score: bool) -> str:
    if is_there_a_score:
        return "no pair of the newest score lies in REGIONS and fits INSTANCE_PATTERN (configs.py): nothing to probe"
    return (
        f"no score to go by: neither a file in {run.home / scores.FILES.folder} nor {scores.INITIAL.path(run.home)}; "
        "run collect_sps_and_if/score_by_spotlake_data.py or wait for the first night's score"
    )


def _taken(run: RunContext, left: Sequence[Entry]) -> float:
    """Give what of today's budget is gone: spent, or possibly still being spent by what could not be ended."""
    total = spent(run.home, run.clock.started.date())
    for entry in left:
        try:
            usd = current(run.ec2(entry.region).spot_prices([entry.instance])).highest(entry.instance) or 0.0
        except AWS_FAILURES as error:
            log.warning("%s: no price for what is left there: %s", entry.region, aws_error.describe(error))
            continue
        total += most_it_costs(entry.count, usd, run.rules.timeout_seconds)
    return total


def _tell_what_is_missing(
    run: RunContext, selection: Selection, without_ami: Sequence[tuple[Pair, str]], budget: Budget
) -> None:
    found = []
    if selection.past_budget or selection.too_dear:
        dear = (selection.past_budget or selection.too_dear)[0]
        found.append(
            f"LAUNCH_DAILY_BUDGET_USD is {budget.limit:g}, {budget.taken:.2f} of it are spent or set aside: "
            f"no room for {run.rules.count} x {dear}"
        )
    found += [reason for _, reason in without_ami[:1]]
    if not selection.chosen and found and not selection.without_price:
        raise Refusal("; ".join(found))
    if selection.past_budget:
        run.problems.add(found[0])
    for pair, reason in without_ami:
        run.problems.add("passed over for want of an AMI", str(pair), said=reason)
    for target in selection.without_price:
        if target.pair.region in selection.unanswered:
            continue
        run.problems.add("AWS names no spot price, so nothing is requested", str(target))
