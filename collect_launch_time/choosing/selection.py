"""Which targets are probed in this run: the best that have a price and fit into what remains of the day's budget."""

import itertools
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from collect_launch_time.choosing.targets import Pair, Target
from collect_launch_time.money.budget import Budget, maximum_cost_usd
from collect_launch_time.money.prices import Prices, current_prices
from collect_launch_time.run_context import RunContext
from common.aws import aws_error, aws_refusal
from common.aws.aws_error import AWS_FAILURES
from common.side_by_side import side_by_side
from data_files.launches import probes

log = logging.getLogger(__name__)

_CONCURRENCY = 16
_SECONDS = 60.0


@dataclass(frozen=True)
class Chosen:
    """A target whose probe may start, the most it can cost in USD, and how its pair was picked."""

    target: Target
    prices: Prices
    zone_ids: Mapping[str, str]  # by zone name
    maximum_usd: float
    origin: str = probes.TOP
    probability: float | None = 1.0  # with which this run picked the pair


@dataclass
class Selection:
    """What is probed, and what is not because of the budget or because it has no price."""

    chosen: list[Chosen] = field(default_factory=list)
    over_daily_budget: list[Target] = field(default_factory=list)  # a single probe may cost more than a whole day's
    over_remaining_budget: list[Target] = field(default_factory=list)
    without_price: list[Target] = field(default_factory=list)
    best: Sequence[Pair] = ()  # those that would be probed if nothing kept them from it
    regions_without_answer: set[str] = field(default_factory=set)  # prices not available; named in the problems already


def select(run: RunContext, targets: Iterable[Target], top_k: int, budget: Budget) -> Selection:
    """Choose at most top_k targets in their order, and reserve what they may cost.

    A target dearer than a whole day's budget is replaced by the next; one that merely does not fit today is not.
    """
    selection = Selection()
    market = _Market(run)
    answering = (target for target in targets if target.pair.region not in market.failures)
    candidates = itertools.islice(answering, 3 * top_k + 20)  # so that a small budget does not ask for every price
    while missing := top_k - len(selection.chosen) - len(selection.over_remaining_budget):
        batch = list(itertools.islice(candidates, missing))
        if not batch:
            break
        market.fetch(batch)
        for target in batch:
            _decide(selection, target, market, run, budget)
    selection.regions_without_answer = set(market.failures)
    market.report()
    return selection


def _decide(selection: Selection, target: Target, market: "_Market", run: RunContext, budget: Budget) -> None:
    pair = target.pair
    prices = market.prices.get(pair.region, Prices({}))
    usd = prices.highest(pair.instance)
    if usd is None:
        selection.without_price.append(target)
        return
    maximum_usd = maximum_cost_usd(run.settings.count, usd, run.settings.timeout_seconds)
    if maximum_usd > budget.limit_usd:
        selection.over_daily_budget.append(target)
    elif budget.reserve(maximum_usd):
        selection.chosen.append(Chosen(target, prices, market.zone_ids.get(pair.region, {}), maximum_usd))
    else:
        selection.over_remaining_budget.append(target)


class _Market:
    """Prices and zone ids of the Regions asked so far."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self.prices: dict[str, Prices] = {}
        self.zone_ids: dict[str, Mapping[str, str]] = {}
        self.failures: dict[str, Exception] = {}  # by Region

    def fetch(self, targets: Sequence[Target]) -> None:
        """Ask each Region of these targets once, for all their types."""
        types: dict[str, list[str]] = {}
        for target in targets:
            types.setdefault(target.pair.region, []).append(target.pair.instance)
        for outcome in side_by_side(self._ask, list(types.items()), at_once=_CONCURRENCY, seconds=_SECONDS):
            region = outcome.question[0]
            if outcome.answer is None:
                self.failures[region] = outcome.error or TimeoutError()
                continue
            prices, self.zone_ids[region] = outcome.answer
            known = self.prices.get(region, Prices({}))
            self.prices[region] = Prices({**known.by_zone, **prices.by_zone})

    def report(self) -> None:
        """Name the Regions without an answer; raises Refusal if each Region that was asked refuses us."""
        refusals = [aws_refusal.refusal(error, "ec2:DescribeSpotPriceHistory") for error in self.failures.values()]
        if refusals and refusals[0] and all(refusals) and not self.prices:
            raise refusals[0]
        for region, error in self.failures.items():
            self._run.problems.add_error("no spot prices, so nothing is requested there", error, region)

    def _ask(self, question: tuple[str, list[str]]) -> tuple[Prices, Mapping[str, str]]:
        region, types = question
        ec2 = self._run.ec2(region)
        prices = current_prices(ec2.spot_prices(types), region)
        try:
            zone_ids = self.zone_ids.get(region) or ec2.zone_ids()
        except AWS_FAILURES as error:
            log.warning("%s: no zone ids: %s", region, aws_error.describe(error))
            zone_ids = {}
        return prices, zone_ids
