"""Which targets are probed in this run: the best that have a price and fit into what is left of the day's budget."""

import itertools
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from collect_launch_time.choosing.targets import Target
from collect_launch_time.money.budget import Budget, most_it_costs
from collect_launch_time.money.prices import Prices, current
from collect_launch_time.run_context import RunContext
from common import aws_error
from common.aws_error import AWS_FAILURES
from common.side_by_side import side_by_side

log = logging.getLogger(__name__)

_AT_ONCE = 16
_SECONDS = 60.0


@dataclass(frozen=True)
class Chosen:
    """A target whose probe may start, and the most it can cost in USD."""

    target: Target
    prices: Prices
    zones: Mapping[str, str]
    most_usd: float


@dataclass
class Selection:
    """What is probed, and what is not because of the budget or for want of a price."""

    chosen: list[Chosen] = field(default_factory=list)
    too_dear: list[Target] = field(default_factory=list)  # one probe alone would pass a whole day's budget
    past_budget: list[Target] = field(default_factory=list)  # does not fit into what is left of it
    without_price: list[Target] = field(default_factory=list)
    unanswered: set[str] = field(default_factory=set)  # Regions whose prices could not be had, which is told already


def select(run: RunContext, targets: Iterable[Target], top_k: int, budget: Budget) -> Selection:
    """Choose at most top_k targets in their order, and take what they may cost out of the budget.

    One that is dearer than the whole budget makes place for the next; one that only comes too late in the day does not.
    """
    selection = Selection()
    offered = _Offers(run)
    waiting = itertools.islice(targets, 3 * top_k + 20)  # so that a small budget does not price the whole world
    while missing := top_k - len(selection.chosen) - len(selection.past_budget):
        batch = list(itertools.islice(waiting, missing))
        if not batch:
            break
        offered.fetch(batch)
        for target in batch:
            _sort_in(selection, target, offered, run, budget)
    selection.unanswered = offered.unanswered
    return selection


def _sort_in(selection: Selection, target: Target, offers: "_Offers", run: RunContext, budget: Budget) -> None:
    pair = target.pair
    prices = offers.prices.get(pair.region, Prices({}))
    usd = prices.highest(pair.instance)
    if usd is None:
        selection.without_price.append(target)
        return
    most = most_it_costs(run.rules.count, usd, run.rules.timeout_seconds)
    if most > budget.limit:
        selection.too_dear.append(target)
    elif budget.take(most):
        selection.chosen.append(Chosen(target, prices, offers.zones.get(pair.region, {}), most))
    else:
        selection.past_budget.append(target)


class _Offers:
    """Prices and zones of the Regions that were asked so far."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self.prices: dict[str, Prices] = {}
        self.unanswered: set[str] = set()
        self.zones: dict[str, Mapping[str, str]] = {}

    def fetch(self, targets: Sequence[Target]) -> None:
        """Ask every Region of these targets once for all their types."""
        types: dict[str, list[str]] = {}
        for target in targets:
            types.setdefault(target.pair.region, []).append(target.pair.instance)
        for outcome in side_by_side(self._ask, list(types.items()), at_once=_AT_ONCE, seconds=_SECONDS):
            region = outcome.question[0]
            if outcome.answer is None:
                error = outcome.error or TimeoutError()
                if refusal := aws_error.refusal(error, "ec2:DescribeSpotPriceHistory"):
                    raise refusal
                self._run.problems.add_error("no spot prices, so nothing is requested there", error, region)
                self.unanswered.add(region)
                continue
            prices, zones = outcome.answer
            known = self.prices.get(region, Prices({}))
            self.prices[region] = Prices({**known.by_zone, **prices.by_zone})
            self.zones[region] = zones

    def _ask(self, question: tuple[str, list[str]]) -> tuple[Prices, Mapping[str, str]]:
        region, types = question
        ec2 = self._run.ec2(region)
        prices = current(ec2.spot_prices(types))
        try:
            zones = self.zones.get(region) or ec2.zone_ids()
        except AWS_FAILURES as error:
            log.warning("%s: no zone ids: %s", region, aws_error.describe(error))
            zones = {}
        return prices, zones
