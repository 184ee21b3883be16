"""Which pairs are probed when: designs with the same number of probes, and the random pairs they are judged on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import configs
from benchmarks.sampling_designs.probing import Asked
from collect_launch_time.choosing import targets
from collect_launch_time.choosing.candidates import candidates
from collect_launch_time.choosing.targets import TargetSettings
from collect_sps_and_if.asking.offers import Offers
from data_files.launches import probes
from data_files.market import scores
from data_files.market.polled import Pair

PROBES_A_RUN = 3
_FORMER_SHARE_OF_DAY = 0.25


@dataclass(frozen=True)
class Run:
    """What a run may probe, PROBES_A_RUN of each: the top, best first, and pairs drawn from the day's sample."""

    top: list[Asked]
    drawn: list[Asked]

    def mixed(self, drawn: int) -> list[Asked]:
        """Give the probes of LAUNCH_SAMPLE_COUNT=drawn and LAUNCH_TOP_K of the rest."""
        return [*self.top[: PROBES_A_RUN - drawn], *self.drawn[:drawn]]


def runs_of(home: Path, day: date, runs: int, offers: Offers, random: Random) -> Iterator[Run]:
    """Give a day's runs, spread over the day: the product's candidates, its top and some drawn evenly from its sample.

    To be called when the day is planned and not yet scored.
    """
    regions = {region for offering in offers.values() for region in offering}
    settings = TargetSettings(
        PROBES_A_RUN, 1, sorted(regions), configs.INSTANCE_PATTERN, configs.LAUNCH_DAILY_BUDGET_USD
    )
    for at in times_of(day, runs, random):
        found = candidates(home, day, settings, regions, random)
        top = [pair for pair in _as_polled(found.ranked) if has_ami(pair)][:PROBES_A_RUN]
        others = [pair for pair in _as_polled(found.sample) if has_ami(pair) and pair not in top[:-1]]
        drawn = random.sample(others, PROBES_A_RUN)
        yield Run(
            [Asked(at, pair, probes.TOP, 1.0) for pair in top],
            # Not at the same moment: a pair that is third and drawn would else be one probe.
            [
                Asked(at + timedelta(seconds=place), pair, probes.SAMPLE, 1 / len(others))
                for place, pair in enumerate(drawn, 1)
            ],
        )


def former_probes(home: Path, day: date, runs: int, random: Random) -> list[Asked]:
    """Give a day's probes as they were made before any were drawn: the newest score's first, whether polled or not.

    Ties went by the alphabet, so that a day has one top; and the budget was spent from midnight on, as fast as it went.
    """
    ranked = sorted(scores.newest(home, day), key=lambda row: (-row.score, row.region, row.instance))
    top = [pair for row in ranked if has_ami(pair := (row.region, row.instance))][:PROBES_A_RUN]
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    times = [_to_milliseconds(midnight + (at - midnight) * _FORMER_SHARE_OF_DAY) for at in times_of(day, runs, random)]
    return [Asked(at, pair, probes.TOP, 1.0) for at in times for pair in top]


def judged_on(day: date, count: int, pairs: Sequence[Pair], random: Random) -> list[Asked]:
    """Give probes of pairs drawn evenly from all that are offered, at random times of a day."""
    usable = [pair for pair in pairs if has_ami(pair)]
    drawn = random.sample(usable, count)
    times = times_of(day, count, random)
    return [Asked(at, pair, probes.SAMPLE, count / len(usable)) for at, pair in zip(times, drawn, strict=True)]


def times_of(day: date, count: int, random: Random) -> list[datetime]:
    """Give times spread over a day: one at random in each of so many equal parts."""
    part = timedelta(days=1) / count
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return [_to_milliseconds(start + part * (number + random.random())) for number in range(count)]


@cache
def has_ami(pair: Pair) -> bool:
    """Tell whether the product knows an AMI for a pair."""
    try:
        configs.get_ami(*pair)
    except KeyError:
        return False
    return True


def _as_polled(pairs: Iterable[targets.ProbePair]) -> list[Pair]:
    return [(pair.region, pair.instance) for pair in pairs]


def _to_milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
