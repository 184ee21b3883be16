"""Before anything is requested: the Regions in use, today's targets, and what remains of the budget for them."""

import logging
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import configs
from collect_launch_time.choosing.selection import Selection, select
from collect_launch_time.choosing.targets import Pair, ranked_pairs, with_ami
from collect_launch_time.money.budget import Budget, maximum_cost_usd
from collect_launch_time.money.prices import current_prices
from collect_launch_time.run_context import RunContext
from common.aws import aws_error, aws_refusal
from common.aws.aws_client import aws_client
from common.aws.aws_error import AWS_FAILURES
from common.aws.regions import regions_to_ask
from common.errors import Refusal
from data_files import instance_tables
from data_files.launches import refused_pairs
from data_files.launches.journal import Entry
from data_files.launches.spending import spent
from data_files.market import scores

log = logging.getLogger(__name__)

_ASKED_FOR_REGIONS = 3  # one that refuses us says nothing about others, three do


@dataclass(frozen=True)
class TargetSettings:
    """The settings from which targets are chosen."""

    top_k: int
    regions: Sequence[str]
    pattern: re.Pattern[str]
    daily_budget_usd: float


def regions_in_use(wanted: Sequence[str], asked_in: str) -> Sequence[str]:
    """Give the enabled Regions among those wanted (none given: all); if AWS does not answer, those wanted or known.

    asked_in is the Region whose endpoint is asked first; where it refuses us, others are: it may be the only one that
    does. Raises Refusal for wrong credentials, a missing permission where no Region is wanted by name, or if no Region
    is left.
    """
    known = wanted or sorted(instance_tables.image_id())
    refusals: list[Refusal] = []
    for region in [asked_in, *(region for region in known if region != asked_in)][:_ASKED_FOR_REGIONS]:
        try:
            client = aws_client("ec2", region, attempts=4, connect_seconds=3, read_seconds=10)
            return regions_to_ask(client, wanted).enabled
        except AWS_FAILURES as error:
            if refusal := aws_refusal.refusal(error, "ec2:DescribeRegions"):
                refusals.append(refusal)
                continue
            # Not reported here: if AWS cannot be reached, every Region will report it.
            log.warning("AWS does not say which Regions are enabled: %s", aws_error.describe(error))
            return known
    raise refusals[0]


def choose(
    run: RunContext,
    settings: TargetSettings,
    regions: Collection[str],
    blocked: Collection[str] = (),
    left: Sequence[Entry] = (),
) -> Selection:
    """Choose what is probed: nothing in a blocked Region, and within what today's spending leaves of the budget.

    What AWS refused for good today is passed over for the next pair. left are the entries of earlier runs that may
    still cost money. Raises Refusal if nothing can be probed: no score, no pair in the Regions in use, no AMI, nothing
    within the budget.
    """
    newest = scores.newest(run.home, run.clock.started.date(), or_later=True)
    pairs = ranked_pairs(newest, regions, settings.pattern)
    if not pairs and settings.top_k:
        raise Refusal(_no_pairs(run, bool(newest)))
    without_ami: list[tuple[Pair, str]] = []

    def skip(pair: Pair, reason: KeyError) -> None:
        without_ami.append((pair, str(reason)))
        log.warning("%s is skipped: %s", pair, reason)

    budget = Budget(settings.daily_budget_usd, _committed_usd(run, left))
    usable = _without_refused(run, [pair for pair in pairs if pair.region not in blocked])
    selection = select(run, with_ami(usable, configs.get_ami, skip), settings.top_k, budget)
    selection.best = pairs[: settings.top_k]
    _report_what_is_not_probed(run, selection, without_ami, budget)
    return selection


def _without_refused(run: RunContext, pairs: Sequence[Pair]) -> list[Pair]:
    """Leave out the pairs and Regions in which AWS refused a request for good today."""
    today = run.clock.started.date()
    refused = {(row.region, row.instance): row for row in refused_pairs.refused(run.home, today)}

    def is_refused(pair: Pair) -> bool:
        return bool({(pair.region, None), (pair.region, pair.instance)} & refused.keys())

    usable = [pair for pair in pairs if not is_refused(pair)]
    if pairs and not usable:
        reasons = sorted({row.reason or "" for row in refused.values()})
        raise Refusal(
            f"AWS refused for good today whatever could be probed, {refused_pairs.FILES.path(run.home, today)} lists it"
            f" ({reasons[0]})"
        )
    log.info("%d of %d pairs are passed over: AWS refused them for good today", len(pairs) - len(usable), len(pairs))
    return usable


def _no_pairs(run: RunContext, has_score: bool) -> str:
    if has_score:
        return "no pair of the newest score lies in REGIONS and fits INSTANCE_PATTERN (configs.py): nothing to probe"
    return (
        f"no score to go by: neither a file in {run.home / scores.FILES.folder} nor {scores.INITIAL.path(run.home)}; "
        "run collect_sps_and_if/score_by_spotlake_data.py or wait for the first night's score"
    )


def _committed_usd(run: RunContext, left: Sequence[Entry]) -> float:
    """Give what of today's budget is spent, or may still be spent by what could not be ended."""
    total = spent(run.home, run.clock.started.date())
    for entry in left:
        try:
            usd = _highest_usd(run, entry)
        except AWS_FAILURES as error:
            log.warning("%s: no price for what an earlier run left there: %s", entry.region, aws_error.describe(error))
            continue
        total += maximum_cost_usd(entry.count, usd, run.settings.timeout_seconds)
    return total


def _highest_usd(run: RunContext, entry: Entry) -> float:
    prices = current_prices(run.ec2(entry.region).spot_prices([entry.instance]), entry.region)
    return prices.highest(entry.instance) or 0.0


def _report_what_is_not_probed(
    run: RunContext, selection: Selection, without_ami: Sequence[tuple[Pair, str]], budget: Budget
) -> None:
    reasons = []
    if too_expensive := selection.over_remaining_budget or selection.over_daily_budget:
        reasons.append(
            f"LAUNCH_DAILY_BUDGET_USD is {budget.limit_usd:g}, {budget.committed_usd:.2f} of it are spent or set "
            f"aside: no room for {run.settings.count} x {too_expensive[0]}"
        )
    reasons += [reason for _, reason in without_ami[:1]]
    if not selection.chosen and reasons and not selection.without_price:
        raise Refusal("; ".join(reasons))
    if selection.over_remaining_budget:
        run.problems.add(reasons[0])
    for pair, reason in without_ami:
        if pair.instance.partition(".")[0] in instance_tables.CANNOT_RUN_AL2023:
            continue  # is in the log; nobody can do anything about it, so it is no problem of each run
        run.problems.add("not probed, because no AMI is known", str(pair), detail=reason)
    for target in selection.without_price:
        if target.pair.region not in selection.regions_without_answer:
            run.problems.add("AWS names no spot price, so nothing is requested", str(target))
