"""Before anything is requested: the Regions in use, today's targets, and what remains of the budget for them."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import configs
from collect_launch_time.choosing.candidates import candidates, without_refused
from collect_launch_time.choosing.selection import Chosen, Offered, Selection, select
from collect_launch_time.choosing.targets import ProbePair, TargetSettings, with_ami
from collect_launch_time.ec2.network import draw_network
from collect_launch_time.money.budget import PacedBudget, maximum_cost_usd
from collect_launch_time.money.prices import current_prices
from collect_launch_time.run_context import RunContext
from common.aws import aws_error, aws_refusal
from common.aws.aws_client import aws_client
from common.aws.aws_error import AWS_FAILURES
from common.aws.regions import regions_to_ask
from common.errors import Refusal
from data_files import instance_tables
from data_files.launches.journal import Entry
from data_files.launches.spending import spent

log = logging.getLogger(__name__)

_ASKED_FOR_REGIONS = 3  # one that refuses us says nothing about others, three do


def regions_in_use(wanted: Sequence[str], asked_in: str, home: Path) -> Sequence[str]:
    """Give the enabled Regions among those wanted (none given: all); if AWS does not answer, those wanted or known.

    asked_in is the Region whose endpoint is asked first; where it refuses us, others are: it may be the only one that
    does. Raises Refusal for wrong credentials, a missing permission where no Region is wanted by name, or if no Region
    is left.
    """
    known = wanted or sorted(instance_tables.image_id(home))
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


def todays_budget(run: RunContext, limit_usd: float, left: Sequence[Entry] = ()) -> PacedBudget:
    """Give the day's budget as it stands now. left are the entries of earlier runs that may still cost money."""
    now = run.clock.now()
    spent_usd = spent(run.home, now.date()) + sum(_may_cost_usd(run, entry) for entry in left)
    return PacedBudget(limit_usd, spent_usd, now)


def choose(
    run: RunContext,
    settings: TargetSettings,
    regions: Collection[str],
    budget: PacedBudget,
    random: Random,
    blocked: Collection[str] = (),
) -> Selection:
    """Choose what is probed: nothing in a blocked Region, and within the day's limit.

    What AWS refused for good today is passed over for the next pair. Raises Refusal if nothing can be probed: no score,
    no pair in the Regions in use, no AMI, nothing that a whole day's budget has room for.
    """
    today = budget.moment.date()  # not the run's start: it may have waited for the lock over midnight
    found = candidates(run.home, today, settings, regions, random)
    best = found.ranked[: settings.top_k]
    usable = without_refused(found.only({pair for pair in found.all if pair.region not in blocked}), run.home, today)
    without_ami, unsampled = _Skipped(), _Skipped()
    offered = Offered(
        top=with_ami(usable.ranked, configs.get_ami, without_ami.skip),
        sample=list(with_ami(usable.sample, configs.get_ami, unsampled.skip)),
        top_k=settings.top_k,
        sample_count=settings.sample_count,
    )
    selection = select(run, offered, budget, random)
    selection.best = best
    selection.chosen = [_in_network(chosen, settings, random) for chosen in selection.chosen]
    _raise_if_nothing_can_be_probed(run, selection, [*without_ami.reasons, *unsampled.reasons])
    _report_what_is_not_probed(run, selection, without_ami)
    if unsampled.reasons:
        log.warning("%d pairs cannot be drawn from today's sample: %s", len(unsampled.reasons), unsampled.reasons[0])
    return selection


@dataclass
class _Skipped:
    """Pairs without an AMI, and why each has none."""

    pairs: list[ProbePair] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def skip(self, pair: ProbePair, reason: KeyError) -> None:
        self.pairs.append(pair)
        self.reasons.append(str(reason))


def _in_network(chosen: Chosen, settings: TargetSettings, random: Random) -> Chosen:
    target = chosen.target
    network = draw_network(target.pair.region, settings.subnets, settings.security_groups, random)
    return replace(chosen, target=replace(target, network=network))


def _may_cost_usd(run: RunContext, entry: Entry) -> float:
    try:
        prices = current_prices(run.ec2(entry.region).spot_prices([entry.instance]), entry.region)
    except AWS_FAILURES as error:
        log.warning("%s: no price for what an earlier run left there: %s", entry.region, aws_error.describe(error))
        return 0.0
    return maximum_cost_usd(entry.count, prices.highest(entry.instance) or 0.0, run.settings.timeout_seconds)


def _raise_if_nothing_can_be_probed(run: RunContext, selection: Selection, without_ami: Sequence[str]) -> None:
    """Raise Refusal, with the reasons, if nothing is chosen that would be at another hour of the day."""
    reasons = []
    if too_expensive := selection.over_daily_budget:
        reasons.append(
            f"LAUNCH_DAILY_BUDGET_USD is {selection.budget.limit_usd:g}: a whole day has no room for "
            f"{run.settings.count} x {too_expensive[0]}"
        )
    reasons += without_ami[:1]
    if reasons and not selection.run_usd and not selection.without_price:
        raise Refusal("; ".join(reasons))


def _report_what_is_not_probed(run: RunContext, selection: Selection, without_ami: _Skipped) -> None:
    """Name what of the top others took the place of; of the sample, that is in the log."""
    for pair, reason in zip(without_ami.pairs, without_ami.reasons, strict=True):
        log.warning("%s is skipped: %s", pair, reason)
        if pair.instance.partition(".")[0] in instance_tables.CANNOT_RUN_AL2023:
            continue  # is in the log; nobody can do anything about it, so it is no problem of each run
        run.problems.add("not probed, because no AMI is known", str(pair), detail=reason)
    for target in selection.without_price:
        if target.pair.region not in selection.regions_without_answer:
            run.problems.add("AWS names no spot price, so nothing is requested", str(target))
