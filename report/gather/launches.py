"""Gather launch-time probes with the placement score and interruption frequency known when each was requested."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Protocol, TypeAlias

import numpy as np

from data_files.columnar import ColumnarRows
from data_files.launches import instances
from report.gather.endings import ENDED_UNKNOWN, ENDINGS, Endings, is_about_readiness
from report.gather.looks import LEVELS, Looks, ProbeCurve
from report.gather.pairs import PairNumbers
from report.gather.polled import KNOWN_FOR_SECONDS

MOST_PROBES = 20_000
"""At most this many probes are drawn, some 1.5 MB of page at ten instances each; of more, a stable random sample."""

_LATEST = 8
"""How many probes the table of the last ones has."""

_DAY = 86_400  # seconds
_LONGEST_OUTCOME = 64  # characters; AWS's longest status code has half as many


OUTCOME_COLUMNS = (instances.REGION, instances.INSTANCE, instances.OUTCOME)
"""Of the files of spot requests."""

Outcomes: TypeAlias = Mapping[tuple[int, str], int]
"""Spot requests by pair (its number) and what became of them."""


class KnownAtMoments(Protocol):
    """What was known at moments of a day."""

    def at(self, pair: Sequence[int], utc: Sequence[float]) -> Sequence[tuple[int | None, int | None]]:
        """Give for each pair and moment the placement score and the interruption frequency last known; None: none."""


@dataclass(frozen=True)
class Launch:
    """A probe, how it ended, and the placement score and interruption frequency known at its request; None: unknown."""

    probe: ProbeCurve
    ending: str
    """One of ENDINGS."""
    score: int | None
    band: int | None


@dataclass(frozen=True)
class LaunchTable:
    """The probes as the page has them: lists with an element a probe, oldest first, unless said otherwise."""

    levels: int
    """A probe of more instances is drawn as if it had this many."""
    seen: int
    """The number of all probes, drawn or not."""
    minute: list[int]
    """The request's local time in minutes since 1970, as the step from the probe before."""
    pair: list[int]
    asked: list[int]
    watched: list[int]
    """Seconds from the request to the last look."""
    score: list[int]
    """The placement score known at the request; 0: none."""
    band: list[int]
    """The interruption frequency known at the request; -1: none."""
    ending: list[int]
    """How it ended: the place among `endings`."""
    counts: list[int]
    """For each probe and each of the stages how many instances reached it, of those that are drawn."""
    all_counts: list[int]
    """Of each probe of more instances than are drawn: its place, and for each stage how many of all reached it."""
    seconds: list[int]
    """For each of those instances when it did, in seconds since the request, as the step from the one before."""
    outcomes: list[str]
    """What spot requests may come to."""
    outcome_rows: list[int]
    """Day, pair, place among the outcomes and number of requests, one such row after the other."""
    endings: Sequence[str]
    """How probes may end."""
    telling: Sequence[bool]
    """For each of them, whether such a probe tells how many instances would have become ready."""
    ending_rows: list[int]
    """Day, pair, place among the endings and number of probes, drawn or not, one such row after the other."""


@dataclass
class LaunchHistory:
    """The probes of all days; fed newest day first."""

    launches: list[Launch] = field(default_factory=list)
    latest: list[Launch] = field(default_factory=list)
    seen: int = 0
    outcomes: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    """Spot requests by day, pair and outcome."""
    endings: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    """Probes by day, pair and how they ended: also those that nobody looked at."""
    _after_midnight: list[Launch] = field(default_factory=list)
    _waiting: Looks = field(default_factory=Looks.none)
    _kept_below: int = 1 << 32

    def add(
        self, day: int, looks: Looks, known: KnownAtMoments | None, endings: Endings = MappingProxyType({})
    ) -> list[Launch]:
        """Add a day's looks; those at probes requested the day before wait for that day's.

        known: what its polls knew. endings: how its probes ended. Gives the probes requested that day, without what was
        known at the request.
        """
        own, self._waiting = looks.joined_with(self._waiting).split(day)
        curves = list(own.probes())
        seen = {(probe.pair, probe.utc): ENDED_UNKNOWN for probe in curves}
        self.endings.update((day, pair, ending) for (pair, _), ending in {**seen, **endings}.items())
        launches = [Launch(probe, endings.get((probe.pair, probe.utc), ENDED_UNKNOWN), None, None) for probe in curves]
        # What was last polled before a request soon after midnight may stand in the file of the day before.
        for launch in _with_what_was_known(self._after_midnight, known):
            self._add_probe(launch)
        self._after_midnight = []
        for launch in _with_what_was_known(launches, known):
            if launch.probe.wall % _DAY < KNOWN_FOR_SECONDS and None in (launch.score, launch.band):
                self._after_midnight.append(launch)
            else:
                self._add_probe(launch)
        return launches

    def finish(self) -> None:
        """Add the probes that still wait for the files of the day before, which do not exist."""
        self.add(0, Looks.none(), None)
        self.add(0, Looks.none(), None)

    def add_outcomes(self, day: int, outcomes: Outcomes) -> None:
        """Count what became of a day's spot requests."""
        self.outcomes.update({(day, pair, text): count for (pair, text), count in outcomes.items()})

    def _add_probe(self, launch: Launch) -> None:
        self.seen += 1
        if len(self.latest) < _LATEST:
            self.latest.append(launch)
        if _sampling_key(launch.probe) >= self._kept_below:
            return
        self.launches.append(launch)
        while len(self.launches) > MOST_PROBES:
            self._kept_below //= 2
            self.launches = [kept for kept in self.launches if _sampling_key(kept.probe) < self._kept_below]

    def table(self) -> LaunchTable:
        """Give the probes for the page."""
        ordered = sorted(self.launches, key=lambda launch: (launch.probe.wall, launch.probe.pair))
        curves = [launch.probe for launch in ordered]
        stages = [stage for probe in curves for stage in probe.stages]
        minutes = np.array([probe.wall // 60 for probe in curves], np.int64)
        texts = sorted({text for _, _, text in self.outcomes}, key=lambda text: (text != instances.READY, text))
        places = {text: place for place, text in enumerate(texts)}
        return LaunchTable(
            levels=LEVELS,
            seen=self.seen,
            minute=np.diff(minutes, prepend=0).tolist(),
            pair=[probe.pair for probe in curves],
            asked=[probe.asked for probe in curves],
            watched=[probe.seconds for probe in curves],
            score=[launch.score or 0 for launch in ordered],
            band=[-1 if launch.band is None else launch.band for launch in ordered],
            ending=[ENDINGS.index(launch.ending) for launch in ordered],
            counts=list(map(len, stages)),
            all_counts=[
                cell for place, probe in enumerate(curves) if probe.asked > LEVELS for cell in (place, *probe.reached)
            ],
            seconds=_steps(stages),
            outcomes=texts,
            outcome_rows=[
                cell
                for (day, pair, text), count in sorted(self.outcomes.items())
                for cell in (day, pair, places[text], count)
            ],
            endings=ENDINGS,
            telling=[is_about_readiness(ending) for ending in ENDINGS],
            ending_rows=[
                cell
                for (day, pair, ending), count in sorted(self.endings.items())
                for cell in (day, pair, ENDINGS.index(ending), count)
            ],
        )


def outcomes_of(rows: ColumnarRows, pairs: PairNumbers) -> Outcomes:
    """Count what became of a day's spot requests."""
    outcome = rows.coded(instances.OUTCOME)
    pair = pairs.numbers_of(rows.coded(instances.REGION), rows.coded(instances.INSTANCE))
    joint, counts = np.unique(pair * len(outcome.values) + outcome.codes, return_counts=True)
    found: Counter[tuple[int, str]] = Counter()
    for key, count in zip(joint.tolist(), counts.tolist(), strict=True):
        number, place = divmod(key, len(outcome.values))
        if text := outcome.values[place]:
            found[number, text[:_LONGEST_OUTCOME]] += count
    return found


def _with_what_was_known(launches: Sequence[Launch], known: KnownAtMoments | None) -> Iterator[Launch]:
    if known is None or not launches:
        yield from launches
        return
    found = known.at([launch.probe.pair for launch in launches], [launch.probe.utc for launch in launches])
    for launch, (score, band) in zip(launches, found, strict=True):
        yield Launch(
            launch.probe,
            launch.ending,
            score if launch.score is None else launch.score,
            band if launch.band is None else launch.band,
        )


def _steps(stages: Sequence[Sequence[int]]) -> list[int]:
    """Give the seconds of all stages, each as the step from the one before in its stage."""
    seconds = np.array(list(chain.from_iterable(stages)), np.int64)
    steps = np.diff(seconds, prepend=0)
    lengths = np.array([0, *(len(stage) for stage in stages if stage)])
    starts = np.cumsum(lengths[:-1])
    steps[starts] = seconds[starts]
    found: list[int] = steps.tolist()
    return found


def _sampling_key(probe: ProbeCurve) -> int:
    # A function of the probe alone, so that two pages of the same files have the same sample.
    return zlib.crc32(f"{probe.pair} {probe.utc}".encode())
