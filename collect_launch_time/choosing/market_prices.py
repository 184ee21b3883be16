"""Prices and zone ids of the Regions that targets lie in, asked from AWS, each Region's types together."""

import logging
from collections.abc import Iterable, Mapping

from collect_launch_time.choosing.targets import Target
from collect_launch_time.money.prices import Prices, current_prices
from collect_launch_time.run_context import RunContext
from common.aws import aws_error, aws_refusal
from common.aws.aws_error import AWS_FAILURES
from common.side_by_side import side_by_side

log = logging.getLogger(__name__)

_CONCURRENCY = 16
_SECONDS = 60.0


class MarketPrices:
    """Prices and zone ids of the Regions asked so far."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._asked: set[tuple[str, str]] = set()  # Region, type
        self.prices: dict[str, Prices] = {}
        self.zone_ids: dict[str, Mapping[str, str]] = {}
        self.failures: dict[str, Exception] = {}  # by Region

    def fetch(self, targets: Iterable[Target]) -> None:
        """Ask each Region of these targets once, for all their types that were not asked for yet."""
        types: dict[str, list[str]] = {}
        for pair in (target.pair for target in targets):
            if (pair.region, pair.instance) not in self._asked and pair.region not in self.failures:
                self._asked.add((pair.region, pair.instance))
                types.setdefault(pair.region, []).append(pair.instance)
        for outcome in side_by_side(self._ask, list(types.items()), concurrency=_CONCURRENCY, seconds=_SECONDS):
            region = outcome.question[0]
            if outcome.answer is None:
                self.failures[region] = outcome.error or TimeoutError()
                continue
            prices, self.zone_ids[region] = outcome.answer
            self.prices[region] = Prices({**self.in_region(region).by_zone, **prices.by_zone})

    def in_region(self, region: str) -> Prices:
        """Give the prices of a Region that are known."""
        return self.prices.get(region, Prices({}))

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
