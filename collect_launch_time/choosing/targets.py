"""What may be probed: an (instance type, Region) pair, with the AMI and the network its instances start from.

And the settings from which that is chosen.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from collect_launch_time.ec2.network import ANYWHERE, ByRegion, Network
from data_files.market.scores import Score


@dataclass(frozen=True)
class TargetSettings:
    """The settings from which targets are chosen."""

    top_k: int
    sample_count: int
    regions: Sequence[str]
    pattern: re.Pattern[str]
    daily_budget_usd: float
    subnets: ByRegion = field(default_factory=dict)
    security_groups: ByRegion = field(default_factory=dict)


@dataclass(frozen=True)
class ProbePair:
    """An instance type in a Region; instance is the type's name."""

    instance: str
    region: str

    def __str__(self) -> str:
        """Name it in messages."""
        return f"{self.instance} in {self.region}"


@dataclass(frozen=True)
class Target:
    """A pair to be probed, the AMI its instances start from, and the network they are launched in."""

    pair: ProbePair
    ami: str
    network: Network = ANYWHERE

    def __str__(self) -> str:
        """Name it in messages."""
        return str(self.pair)


def is_wanted(pair: ProbePair, regions: Collection[str], pattern: re.Pattern[str]) -> bool:
    """Tell whether a pair lies in the given Regions and its instance type matches the pattern."""
    return pair.region in regions and pattern.fullmatch(pair.instance) is not None


def ranked_pairs(
    scores: Iterable[Score], regions: Collection[str], pattern: re.Pattern[str], random: Random
) -> list[ProbePair]:
    """Give the pairs wanted, highest score first; those of one score in random order.

    By the alphabet the same Regions would be probed whenever many pairs have changed equally often.
    """
    scored = sorted(scores, key=lambda row: (row.region, row.instance))  # so that a seed gives one order
    random.shuffle(scored)
    scored.sort(key=lambda row: -row.score)
    pairs = (ProbePair(row.instance, row.region) for row in scored)
    return [pair for pair in pairs if is_wanted(pair, regions, pattern)]


def with_ami(
    pairs: Iterable[ProbePair], get_ami: Callable[[str, str], str], skip: Callable[[ProbePair, KeyError], None]
) -> Iterator[Target]:
    """Give the pairs that have an AMI, one by one; skip is called with each pair that has none, and the reason."""
    for pair in pairs:
        try:
            yield Target(pair, get_ami(pair.region, pair.instance))
        except KeyError as error:
            skip(pair, error)
