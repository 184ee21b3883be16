"""Which targets a run probes: the best that have a price and fit into a day's budget, and some drawn from the sample.

A pair's probability is exact because all that decides whether it can be drawn is known before the draw: prices are
asked for the whole sample, and whether the run may start at all does not depend on which pair is drawn.
"""

import itertools
import logging
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from collect_launch_time.choosing.market_prices import MarketPrices
from collect_launch_time.choosing.targets import ProbePair, Target
from collect_launch_time.money.budget import PacedBudget, maximum_cost_usd
from collect_launch_time.money.prices import Prices
from collect_launch_time.run_context import ProbeSettings, RunContext
from data_files.launches import probes

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chosen:
    """A target whose probe may start, the most it can cost in USD, and how its pair was picked."""

    target: Target
    prices: Prices
    zone_ids: Mapping[str, str]  # by zone name
    maximum_usd: float
    origin: str = probes.TOP
    probability: float | None = 1.0  # with which this run picked the pair


@dataclass(frozen=True)
class Offered:
    """The targets to choose from, and how many of them are wanted: the top in its order, the sample in any."""

    top: Iterable[Target]
    sample: Sequence[Target]
    top_k: int
    sample_count: int


@dataclass
class Selection:
    """What is probed if the budget has room, and what is not because of the budget or because it has no price."""

    budget: PacedBudget
    chosen: list[Chosen] = field(default_factory=list)
    run_usd: float = 0.0  # what such a run may cost, whichever pair of the sample is drawn
    population: int = 0  # pairs that the sample was drawn from
    over_daily_budget: list[Target] = field(default_factory=list)  # would make a run dearer than a whole day's
    without_price: list[Target] = field(default_factory=list)  # of the top
    best: Sequence[ProbePair] = ()  # those of the top that would be probed if nothing kept them from it
    regions_without_answer: set[str] = field(default_factory=set)  # prices not available; named in the problems already

    @property
    def has_room(self) -> bool:
        """Tell whether the day's budget has room for the run now."""
        return self.budget.has_room(self.run_usd)


def select(run: RunContext, offered: Offered, budget: PacedBudget, random: Random) -> Selection:
    """Choose the top and draw the sample, so that all of them together fit into the day's limit.

    What would make the run dearer than a whole day's budget is replaced by the next.
    """
    selection = Selection(budget)
    market = MarketPrices(run)
    sample = offered.sample if offered.sample_count else ()
    market.fetch(sample)
    _choose_top(selection, offered, market, run.settings)
    _draw_sample(selection, sample, offered.sample_count, market, run.settings, random)
    selection.regions_without_answer = set(market.failures)
    market.report()
    return selection


def _choose_top(selection: Selection, offered: Offered, market: MarketPrices, settings: ProbeSettings) -> None:
    answering = (target for target in offered.top if target.pair.region not in market.failures)
    candidates = itertools.islice(answering, 3 * offered.top_k + 20)  # a small budget does not ask for every price
    while missing := offered.top_k - len(selection.chosen):
        batch = list(itertools.islice(candidates, missing))
        if not batch:
            break
        market.fetch(batch)
        for target in batch:
            if not (priced := _priced(target, market, settings)):
                selection.without_price.append(target)
            elif selection.run_usd + priced.maximum_usd > selection.budget.limit_usd:
                selection.over_daily_budget.append(target)
            else:
                selection.chosen.append(priced)
                selection.run_usd += priced.maximum_usd


def _draw_sample(
    selection: Selection,
    sample: Sequence[Target],
    wanted: int,
    market: MarketPrices,
    settings: ProbeSettings,
    random: Random,
) -> None:
    """Draw evenly from those that can be probed at all, are not on top, and find room today beside the top.

    Each may cost an equal part of that room, so that it does not matter which are drawn together. What a run may cost
    is reckoned by the pair in the middle, the same whichever is drawn: dear pairs do not make a run wait.
    """
    top_usd, top = selection.run_usd, {chosen.target.pair for chosen in selection.chosen}
    priced = [one for target in sample if target.pair not in top and (one := _priced(target, market, settings))]
    count = min(wanted, len(priced))
    if not count:
        return

    def within(usd: float) -> list[Chosen]:
        return [one for one in priced if one.maximum_usd <= usd / count]

    possible = within(selection.budget.limit_usd - top_usd)
    fitting = {one.target.pair for one in possible}
    selection.over_daily_budget += [one.target for one in priced if one.target.pair not in fitting]
    if not possible:
        return
    selection.run_usd += count * statistics.median(one.maximum_usd for one in possible)
    population = within(selection.budget.limit_usd - selection.budget.spent_usd - top_usd)
    selection.population = len(population)
    drawn = random.sample(population, min(count, len(population)))
    log.info(
        "the sample: %d drawn of %d pairs; today's has %d, of which %d have a price and could be probed in a day",
        len(drawn), len(population), len(sample), len(possible),
    )  # fmt: skip
    selection.chosen += [replace(one, origin=probes.SAMPLE, probability=len(drawn) / len(population)) for one in drawn]


def _priced(target: Target, market: MarketPrices, settings: ProbeSettings) -> Chosen | None:
    prices = market.in_region(target.pair.region)
    usd = prices.highest(target.pair.instance)
    if usd is None:
        return None
    maximum_usd = maximum_cost_usd(settings.count, usd, settings.timeout_seconds)
    return Chosen(target, prices, market.zone_ids.get(target.pair.region, {}), maximum_usd)
