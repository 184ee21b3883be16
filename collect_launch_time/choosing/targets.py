"""Which (instance type, Region) pairs may be probed: those with the highest scores that have an AMI."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from data_files.market.scores import Score, ranked


@dataclass(frozen=True)
class Pair:
    """An instance type in a Region; instance is the type's name."""

    instance: str
    region: str

    def __str__(self) -> str:
        """Name it in messages."""
        return f"{self.instance} in {self.region}"


@dataclass(frozen=True)
class Target:
    """A pair to be probed, and the AMI its instances start from."""

    pair: Pair
    ami: str

    def __str__(self) -> str:
        """Name it in messages."""
        return str(self.pair)


def ranked_pairs(scores: Iterable[Score], regions: Collection[str], pattern: re.Pattern[str]) -> list[Pair]:
    """Give the pairs in the given Regions whose instance type matches the pattern, highest score first."""
    pairs = (Pair(row.instance, row.region) for row in ranked(scores))
    return [pair for pair in pairs if pair.region in regions and pattern.fullmatch(pair.instance)]


def with_ami(
    pairs: list[Pair], get_ami: Callable[[str, str], str], skip: Callable[[Pair, KeyError], None]
) -> Iterator[Target]:
    """Give the pairs that have an AMI, one by one; skip is called with each pair that has none, and the reason."""
    for pair in pairs:
        try:
            yield Target(pair, get_ami(pair.region, pair.instance))
        except KeyError as error:
            skip(pair, error)
