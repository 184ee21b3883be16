"""What is constant about a pool (an instance type in a zone): how scarce, how restless, how large."""

import re
from dataclasses import dataclass
from math import exp, log2

from local_aws.market import noise
from local_aws.market.geography import Geography, hours_ahead

# The first letters of families with accelerators: always in short supply.
_ACCELERATED = frozenset({"p", "g", "gr", "trn", "inf", "dl", "vt", "f"})


# A type's spare capacity is lowest in its Region's afternoon, some hours earlier or later by family.
_SCARCEST_HOUR = 15.0


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """The constant traits of one pool."""

    key: str  # of the noise that is this pool's own
    family_key: str  # of the noise shared with the family's other sizes in this zone
    pair_key: str  # of the noise shared with the type's other zones in this Region
    region: str
    usual_slack: float  # the mean of its slack while calm, in standard deviations (see slack)
    calmness: float  # above how many standard deviations of the pair's unrest it is restless
    tide: float  # by how much the time of day moves its slack up and down
    scarcest_hour_utc: float
    instances: float  # how many it can hold when it has most capacity
    refresh_phase: float  # 0 to 1: when within the interval its score is refreshed
    price_period_seconds: float
    price_phase: float  # 0 to 1: when within the period its price changes


def pool_of(seed: int, geography: Geography, instance_type: str, zone_id: str) -> Pool:
    """Draw a pool's traits: large, accelerated and metal types are scarcer, and scarce ones restless more often."""
    family, _, size = instance_type.partition(".")
    region = geography.zone[zone_id].region
    vcpus = geography.instance_types[instance_type]["VCpuInfo"]["DefaultVCpus"]
    key = f"{seed}/{instance_type}/{zone_id}"
    own, extent, refresh, price_period, price_phase, tide = noise.uniforms(key, count=6)
    usual_slack = (
        0.60
        + 0.55 * noise.normal_once(seed, family, "family")
        + 0.45 * noise.normal_once(seed, region, "region")
        + 0.25 * noise.normal_once(seed, zone_id, "zone")
        + 0.30 * noise.normal_of(own)
        - 0.16 * max(0.0, log2(vcpus) - 2)
        - (1.1 if _letters(family) in _ACCELERATED else 0.0)
        - (0.6 if size.startswith("metal") else 0.0)
    )
    return Pool(
        key=key,
        family_key=f"{seed}/{family}/{zone_id}",
        pair_key=f"{seed}/{instance_type}/{region}",
        region=region,
        usual_slack=usual_slack,
        calmness=(
            2.6
            + 0.4 * noise.normal_once(seed, family, "calmness")
            + 0.2 * noise.normal_once(seed, region, "calmness")
            + 1.1 * noise.normal_once(seed, instance_type, region, "calmness")
            + 0.3 * usual_slack
        ),
        tide=0.25 * exp(0.4 * noise.normal_once(seed, region, "tide") + 0.3 * noise.normal_of(tide)),
        scarcest_hour_utc=(
            _SCARCEST_HOUR - hours_ahead(region) + 1.5 * noise.normal_once(seed, family, region, "tide")
        ),
        instances=8 + 280 * exp(0.8 * noise.normal_of(extent)) / vcpus,
        refresh_phase=refresh,
        price_period_seconds=3600 * (4 + 8 * price_period),
        price_phase=price_phase,
    )


def _letters(family: str) -> str:
    return re.split(r"[^a-z]", family, maxsplit=1)[0]
