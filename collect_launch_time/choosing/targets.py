"""Which (instance type, Region) pairs are probed: the best of the newest score that have an AMI."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from data_files.market.scores import Score, ranked


@dataclass(frozen=True)
class Pair:
    """An instance type in a Region."""

    instance: str
    region: str

    def __str__(self) -> str:
        """Name it for people."""
        return f"{self.instance} in {self.region}"


@dataclass(frozen=True)
class Target:
    """A pair to be probed, and the AMI its instances start from."""

    pair: Pair
    ami: str

    def __str__(self) -> str:
        """Name it for people."""
        return str(self.pair)


def ranked_pairs(scores: Iterable[Score], regions: Collection[str], pattern: re.Pattern[str]) -> list[Pair]:
    """Give the pairs that lie in our Regions and fit the pattern, best score first."""
    pairs = (Pair(row.instance, row.region) for row in ranked(scores))
    return [pair for pair in pairs if pair.region in regions and pattern.fullmatch(pair.instance)]


def with_ami(
    pairs: list[Pair], get_ami: Callable[[str, str], str], passed_over: Callable[[Pair, KeyError], None]
) -> Iterator[Target]:
    """Give the pairs that have an AMI, one by one; those that lack one are passed over, and named."""
    for pair in pairs:
        try:
            yield Target(pair, get_ami(pair.region, pair.instance))
        except KeyError as error:
            passed_over(pair, error)
