"""The state of every pool at any time: free capacity, placement scores, prices, launch delays and interruptions.

All follow from the pool's `slack`, so that they are correlated as they are at AWS. Everything is a pure function of the
seed and the time: nothing is stored, and any moment can be computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from math import ceil, exp, floor, log2
from typing import Any

from local_aws.market import noise
from local_aws.market.geography import Geography
from local_aws.market.pool_traits import Pool, pool_of
from local_aws.market.slack import lasting_slack, season, slack_at, usual_unrest

_HOUR = 3600.0
_DAY = 24 * _HOUR
_SCORE_REFRESH_SECONDS = 0.5 * _HOUR
_SCORE_LAG_SECONDS = 0.3 * _HOUR
_ESTIMATES_KEPT = 20_000
_RECLAIM_STEP = timedelta(minutes=5)

# On-demand prices, fitted to c5.large 0.085, m5.large 0.096, r5.large 0.126 USD an hour in us-east-1.
_USD_PER_VCPU = 0.037
_USD_PER_GIB = 0.00275
_BURSTABLE_USD_PER_GIB = 0.0104  # the prices of t3 depend on the memory alone
_ARM_SHARE = 0.8
_PRICE_FACTOR = {"us": 1.0, "ca": 1.1, "mx": 1.1, "eu": 1.12, "ap": 1.22, "af": 1.32, "me": 1.2, "il": 1.2, "sa": 1.55}


@dataclass(frozen=True)
class LaunchOutlook:
    """What a spot request made now can expect of one pool."""

    fulfilment_seconds: float  # median wait of a request that is fulfilled; log-normal around it
    fulfilment_spread: float  # standard deviation of the wait's logarithm
    refusal_probability: float  # of a request that finds no capacity although some is free
    interruptions_per_hour: float  # of a running instance
    running_seconds: float  # median from fulfilled to running
    healthy_seconds: float  # median from running to all status checks ok


class Market:
    """The state of every pool at any time."""

    def __init__(self, seed: int, geography: Geography) -> None:
        self._seed = seed
        self._geography = geography
        self._pool = cache(lambda instance_type, zone_id: pool_of(seed, geography, instance_type, zone_id))
        # Polls ask thrice for each: kept, so that a score costs no more than its refreshed parts.
        self._estimate = lru_cache(_ESTIMATES_KEPT)(_estimated_capacity)

    def slack(self, instance_type: str, zone_id: str, at: datetime) -> float:
        """Return a pool's slack: below 0 it is short."""
        return slack_at(self._pool(instance_type, zone_id), at.timestamp())

    def free_capacity(self, instance_type: str, zone_id: str, at: datetime) -> int:
        """Return how many instances could launch in this pool now."""
        if not self._exists(instance_type, zone_id):
            return 0
        pool = self._pool(instance_type, zone_id)
        return int(_capacity(pool, slack_at(pool, at.timestamp())))

    def placement_score(
        self, instance_types: Sequence[str], zone_ids: Sequence[str], target_capacity: int, at: datetime
    ) -> int:
        """Return the score, 1 to 10, of some instance types in some zones together.

        The target capacity is in instances. A score is AWS's estimate: it is computed anew every half hour, from a
        state that is then already 18 minutes old.
        """
        seconds = at.timestamp()
        capacity = sum(
            self._estimated_capacity(self._pool(instance_type, zone_id), seconds)
            for instance_type in instance_types
            for zone_id in zone_ids
            if self._exists(instance_type, zone_id)
        )
        variety = 2.2 if len(set(instance_types)) >= 3 else 0.0  # AWS scores fewer than three types low
        return min(10, round(1.0 + 0.85 * log2(1 + 0.6 * capacity / target_capacity) + variety))

    def spot_price(self, instance_type: str, zone_id: str, at: datetime) -> float:
        """Return the spot price, USD an hour: 10 to 60 % of on-demand, constant for hours."""
        pool = self._pool(instance_type, zone_id)
        since = self.priced_since(instance_type, zone_id, at).timestamp()
        # Prices follow the shortage slowly: over days, not minutes.
        own = 0.4 * noise.drift(pool.key + "/price", since, 6 * _DAY)
        share = _price_share(lasting_slack(pool, since) + own)
        return round(self.on_demand_price(instance_type, pool.region) * share, 4)

    def priced_since(self, instance_type: str, zone_id: str, at: datetime) -> datetime:
        """Return the time of the pool's last price change before or at a time."""
        pool = self._pool(instance_type, zone_id)
        # Whole seconds throughout: with fractions, rounding could return a time of the period before.
        period = round(pool.price_period_seconds)
        offset = int(period * pool.price_phase)
        step = (int(at.timestamp()) - offset) // period
        return datetime.fromtimestamp(step * period + offset, UTC)

    def on_demand_price(self, instance_type: str, region: str) -> float:
        """Return a plausible on-demand price, USD an hour: near the real one, and in the right order."""
        return _on_demand_price(self._geography.instance_types[instance_type], region)

    def usual_shortage(self, instance_type: str, region: str) -> float:
        """Return how short a type usually is in a Region: the mean of its pools, in standard deviations."""
        pools = self._pools(instance_type, region)
        return -sum(pool.usual_slack for pool in pools) / len(pools) if pools else 0.0

    def season(self, instance_type: str, region: str, at: datetime) -> float:
        """Return by how much a type's slack in a Region differs from the usual in this season of some months."""
        pools = self._pools(instance_type, region)
        return season(pools[0], at.timestamp()) if pools else 0.0

    def usual_unrest(self, instance_type: str, region: str) -> float:
        """Return the share of time (0 to 1) for which a type is restless in a Region: the mean of its pools."""
        pools = self._pools(instance_type, region)
        return sum(usual_unrest(pool) for pool in pools) / len(pools) if pools else 0.0

    def usual_price_share(self, instance_type: str, region: str) -> float:
        """Return what share of the on-demand price (0 to 1) spot usually costs in a Region."""
        shares = [_price_share(pool.usual_slack) for pool in self._pools(instance_type, region)]
        return sum(shares) / len(shares) if shares else 1.0

    def launch_outlook(self, instance_type: str, zone_id: str, at: datetime) -> LaunchOutlook:
        """Return what a request made now can expect: scarce pools are slow, refuse and interrupt."""
        slack = self.slack(instance_type, zone_id, at) if self._exists(instance_type, zone_id) else -9.0
        shortage = 1 / (1 + exp(1.6 * slack))  # 0.5 at "just enough", towards 1 when scarce
        boot = self._boot(instance_type, self._geography.zone[zone_id].region)
        return LaunchOutlook(
            fulfilment_seconds=3.0 + 90 * shortage**2,
            fulfilment_spread=0.25 + 0.6 * shortage,
            refusal_probability=min(0.95, shortage**3),
            interruptions_per_hour=0.002 + 0.6 * shortage**5,
            running_seconds=15 + 3 * exp(0.4 * boot) + 25 * shortage**2,
            healthy_seconds=150 + 30 * boot + 60 * shortage,
        )

    def next_reclaim(self, instance_type: str, zone_id: str, after: datetime, until: datetime) -> datetime | None:
        """Return when AWS next reclaims the pool's instances, or None if it does not until then.

        It does when free capacity runs out; the instances of a pool are then interrupted together.
        """
        step_seconds = _RECLAIM_STEP.total_seconds()
        at = datetime.fromtimestamp(ceil(after.timestamp() / step_seconds) * step_seconds, UTC)
        had_capacity = self.free_capacity(instance_type, zone_id, at - _RECLAIM_STEP) > 0
        while at <= until:
            has_capacity = self.free_capacity(instance_type, zone_id, at) > 0
            if had_capacity and not has_capacity:
                return at
            had_capacity, at = has_capacity, at + _RECLAIM_STEP
        return None

    def _boot(self, instance_type: str, region: str) -> float:
        """Return how slowly a type boots in a Region, about standard normal: mostly a matter of its hardware."""
        family = instance_type.partition(".")[0]
        return (
            0.8 * noise.normal_once(self._seed, family, "boot")
            + 0.45 * noise.normal_once(self._seed, region, "boot")
            + 0.25 * noise.normal_once(self._seed, instance_type, "boot")
        )

    def _exists(self, instance_type: str, zone_id: str) -> bool:
        return self._geography.is_offered(instance_type, zone_id) and self._geography.is_spot(instance_type)

    def _pools(self, instance_type: str, region: str) -> list[Pool]:
        return [self._pool(instance_type, zone_id) for zone_id in self._geography.zone_ids(region, instance_type)]

    def _estimated_capacity(self, pool: Pool, seconds: float) -> float:
        return self._estimate(pool, floor(seconds / _SCORE_REFRESH_SECONDS - pool.refresh_phase))


def _estimated_capacity(pool: Pool, refresh: int) -> float:
    """Return how many instances AWS's estimate allows for in a pool from its refresh with this number to the next."""
    seconds = (refresh + pool.refresh_phase) * _SCORE_REFRESH_SECONDS
    error = 0.02 * noise.drift(pool.key + "/estimate", seconds, 8 * _HOUR)
    return _capacity(pool, slack_at(pool, seconds - _SCORE_LAG_SECONDS) + error)


def _capacity(pool: Pool, slack: float) -> float:
    """Return how many instances fit; below a certain slack none does, however large the pool."""
    share = 1 / (1 + exp(-1.8 * slack)) - 0.22
    return max(0.0, pool.instances * share)


def _price_share(lasting_slack: float) -> float:
    return 0.1 + 0.5 / (1 + exp(0.65 * lasting_slack))


def _on_demand_price(description: dict[str, Any], region: str) -> float:
    """Return the price in USD an hour of a type, from its DescribeInstanceTypes entry."""
    vcpus = description["VCpuInfo"]["DefaultVCpus"]
    gib = description["MemoryInfo"]["SizeInMiB"] / 1024
    if description["BurstablePerformanceSupported"]:
        usd = _BURSTABLE_USD_PER_GIB * gib
    else:
        usd = _USD_PER_VCPU * vcpus + _USD_PER_GIB * gib
    if "arm64" in description["ProcessorInfo"]["SupportedArchitectures"]:
        usd *= _ARM_SHARE
    usd += sum(map(_gpu_usd_per_hour, description.get("GpuInfo", {}).get("Gpus", [])))
    price: float = round(usd * _PRICE_FACTOR[region[:2]], 4)
    return price


def _gpu_usd_per_hour(gpu: dict[str, Any]) -> float:
    gib: float = gpu.get("MemoryInfo", {}).get("SizeInMiB", 8192) / 1024
    each: float = min(8.0, 0.33 * (gib / 16) ** 2.5)  # T4 16 GiB 0.33, A100 40 GiB 3.25
    count: float = gpu.get("Count", 1)
    return each * count
