"""What an account sees of the local AWS's market: what is offered, scores, the advisor's listing, prices."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

import configs
from data_files.market.advisor import AdvisedRow
from data_files.market.polled import Pair
from data_files.market.spot_prices import PriceChange
from local_aws.market.advisor import Advisor
from local_aws.market.geography import Geography
from local_aws.market.spot_market import Market


class ObservedMarket:
    """One seed's market, through the settings' eyes: instance types that match INSTANCE_PATTERN, in enabled Regions."""

    def __init__(self, seed: int) -> None:
        self.geography = Geography.load()
        self.market = Market(seed, self.geography)
        self.advisor = Advisor(seed, self.market)
        self.offers = dict(self._offers())
        self.pairs: list[Pair] = sorted((region, name) for name, regions in self.offers.items() for region in regions)
        self._indexes = lru_cache(maxsize=None)(self.advisor.interruption_index)

    def score(self, pair: Pair, at: datetime) -> int:
        """Give the placement score of INSTANCE_COUNT instances."""
        region, instance = pair
        return self.market.placement_score(
            [instance], self.geography.zone_ids(region, instance), configs.INSTANCE_COUNT, at
        )

    def frequency(self, pair: Pair, published: datetime) -> int:
        """Give the index of the interruption frequency in the listing published at a time."""
        return self._indexes(pair[1], pair[0], published)

    def listing(self, at: datetime) -> Iterator[AdvisedRow]:
        """Give the advisor's rows of all pairs, as a poll at a time finds them."""
        published = self.advisor.published_at(at)
        for region, instance in self.pairs:
            index = self.frequency((region, instance), published)
            yield AdvisedRow(at, region, instance, index, self.advisor.savings(instance, region, published))

    def price_changes(self, pair: Pair, since: datetime, until: datetime) -> Iterator[PriceChange]:
        """Give a pair's price changes between two times, and for each zone the one in force at the earlier."""
        region, instance = pair
        for zone_id in self.geography.zone_ids(region, instance):
            at = until
            while True:
                changed = self.market.priced_since(instance, zone_id, at)
                usd = self.market.spot_price(instance, zone_id, changed)
                yield PriceChange(changed, region, zone_id, instance, usd)
                if changed <= since:
                    break
                at = changed - timedelta(seconds=1)

    def _offers(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        enabled = [region for region in self.geography.regions if self.geography.is_enabled(region)]
        for name in sorted(self.geography.instance_types):
            if configs.INSTANCE_PATTERN.fullmatch(name) and self.geography.is_spot(name):
                regions = tuple(region for region in enabled if self.geography.is_offered(name, region))
                if regions:
                    yield name, regions
