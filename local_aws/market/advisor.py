"""What the Spot Instance Advisor says of the market: interruptions and savings, published every few weeks."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from local_aws.market import noise
from local_aws.market.spot_market import Market

_DAY_SECONDS = 86400.0
_INTERVAL_SECONDS = 18 * _DAY_SECONDS
_JITTER_SECONDS = 7 * _DAY_SECONDS  # less than half the interval, so that publications keep their order
_FIRST_PUBLICATION = datetime(2020, 1, 1, 16, tzinfo=UTC)
_HALF_A_MONTH = timedelta(days=15)  # the figures are those of the trailing month
_SEASON_WEIGHT = 2.0  # interruptions react more than capacity does

# Usual shortage above which the index goes up by one; about as often as in the file of June 2025.
_SHORTAGE_LIMITS = (-1.05, -0.55, -0.15, 0.25)


class Advisor:
    """Interruption frequency and savings, as last published at a time."""

    def __init__(self, seed: int, market: Market) -> None:
        self._seed = seed
        self._market = market
        self._publication = lru_cache(maxsize=None)(self._draw_publication)

    def published_at(self, at: datetime) -> datetime:
        """Return the publication time of the edition that is current at a time."""
        number = int((at - _FIRST_PUBLICATION).total_seconds() / _INTERVAL_SECONDS) + 1
        while self._publication(number) > at:
            number -= 1
        return self._publication(number)

    def interruption_index(self, instance_type: str, region: str, at: datetime) -> int:
        """Return the index, 0 (<5 %) to 4 (>20 %)."""
        published = self.published_at(at)
        shortage = (
            self._market.usual_shortage(instance_type, region)
            + self._market.usual_unrest(instance_type, region)
            - _SEASON_WEIGHT * self._market.season(instance_type, region, published - _HALF_A_MONTH)
            + 0.12 * noise.normal(self._seed, instance_type, region, "month", published)
        )
        return sum(shortage > limit for limit in _SHORTAGE_LIMITS)

    def savings(self, instance_type: str, region: str, at: datetime) -> int:
        """Return how much cheaper spot is than on-demand, in percent."""
        wobble = 1.5 * noise.normal(self._seed, instance_type, region, "savings", self.published_at(at))
        return round(100 * (1 - self._market.usual_price_share(instance_type, region)) + wobble)

    def _draw_publication(self, number: int) -> datetime:
        jitter = _JITTER_SECONDS * (2 * noise.uniform(self._seed, "publication", number) - 1)
        return _FIRST_PUBLICATION + timedelta(minutes=round((number * _INTERVAL_SECONDS + jitter) / 60))
