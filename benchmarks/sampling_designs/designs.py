"""Which pairs are probed when: two designs with the same number of probes, and the random pairs they are judged on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import configs
from benchmarks.sampling_designs.probing import Asked
from collect_launch_time.choosing import targets
from collect_launch_time.choosing.candidates import candidates
from collect_launch_time.choosing.targets import TargetSettings
from collect_sps_and_if.asking.offers import Offers
from data_files.launches import probes
from data_files.market.polled import Pair

PROBES_A_RUN = 3


@dataclass(frozen=True)
class Run:
    """What a run probes by either design; the two share all but their last probe."""

    shared: list[Asked]
    third_of_top: list[Asked]
    drawn: list[Asked]

    @property
    def top_only(self) -> list[Asked]:
        """Give the probes of LAUNCH_TOP_K=3."""
        return [*self.shared, *self.third_of_top]

    @property
    def mixed(self) -> list[Asked]:
        """Give the probes of LAUNCH_TOP_K=2 and LAUNCH_SAMPLE_COUNT=1."""
        return [*self.shared, *self.drawn]


def runs_of(home: Path, day: date, runs: int, offers: Offers, random: Random) -> Iterator[Run]:
    """Give a day's runs, spread over the day: the product's candidates, its top and one drawn evenly from its sample.

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
        asked = [Asked(at, pair, probes.TOP, 1.0) for pair in top]
        # Not at the same moment: a pair that is third and drawn would else be one probe.
        drawn = Asked(at + timedelta(seconds=1), random.choice(others), probes.SAMPLE, 1 / len(others))
        yield Run(asked[:-1], asked[-1:], [drawn])


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
