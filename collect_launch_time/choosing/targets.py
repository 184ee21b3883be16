"""Which (instance type, Region) pairs are probed: the best of the newest score that have an AMI."""

import logging
import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from common.dated_files import dated_files

from collect_launch_time.tables import Tables
from common import csv_file

log = logging.getLogger(__name__)


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


def ranked_pairs(tables: Tables, today: date, regions: Collection[str], pattern: re.Pattern[str]) -> list[Pair]:
    """Give the pairs of the newest usable score, best first, that lie in our Regions and fit the pattern.

    A broken or empty file is passed over for the next older one, and logged. Empty without any score.
    """
    for path in _score_files(tables, today):
        if pairs := _read(path):
            log.info("targets come from %s", path)
            return [pair for pair in pairs if pair.region in regions and pattern.fullmatch(pair.instance)]
        log.warning("%s holds no score and is passed over", path)
    return []


def with_ami(
    pairs: list[Pair], get_ami: Callable[[str, str], str], passed_over: Callable[[Pair, KeyError], None]
) -> Iterator[Target]:
    """Give the pairs that have an AMI, one by one; those that lack one are passed over, and named."""
    for pair in pairs:
        try:
            yield Target(pair, get_ami(pair.region, pair.instance))
        except KeyError as error:
            passed_over(pair, error)


def has_score(tables: Tables, today: date) -> bool:
    """Tell whether there is any usable score at all."""
    return any(_read(path) for path in _score_files(tables, today))


def _score_files(tables: Tables, today: date) -> Iterator[Path]:
    dated = dated_files(tables.scores)
    yield from (path for day, path in reversed(dated) if day <= today)
    if tables.init_score.exists():
        yield tables.init_score
    # A rehearsal in the past, or a clock that was wrong: better than nothing.
    yield from (path for day, path in dated if day > today)


def _read(path: Path) -> list[Pair]:
    scores: dict[Pair, float] = {}
    try:
        for row in csv_file.read(path):
            pair, score = Pair(row.get("instance", ""), row.get("region", "")), _number(row.get("score", ""))
            if not pair.instance or not pair.region or score is None:
                log.warning("%s: a row without region, instance and score is passed over: %s", path, row)
            else:
                scores[pair] = score
    except OSError as error:
        log.warning("%s cannot be read: %s", path, error)
    # The score's own order for ties.
    return sorted(scores, key=lambda pair: (-scores[pair], pair.region, pair.instance))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
