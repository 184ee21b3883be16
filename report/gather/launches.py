"""Gather launch-time probes with the placement score and interruption frequency known when each was requested."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from data_files.columnar import ColumnarRows
from data_files.launches import instances, probes
from report.gather.looks import LEVELS, Looks, ProbeCurve
from report.gather.pairs import PairNumbers
from report.gather.polled import PolledArrays

MOST_PROBES = 20_000
"""At most this many probes are drawn, some 1.5 MB of page at ten instances each; of more, a stable random sample."""

KNOWN_FOR_SECONDS = 1800
"""A score that was older than this at the request is taken for unknown: three polls were missed."""

LATEST = 8
"""How many probes the table of the last ones has."""

_LONGEST_OUTCOME = 64  # characters; AWS's longest status code has half as many


@dataclass(frozen=True)
class Launch:
    """A probe, and the placement score and interruption frequency known at its request; None: unknown."""

    probe: ProbeCurve
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
    counts: list[int]
    """For each probe and each of the stages how many instances reached it."""
    seconds: list[int]
    """For each of those instances when it did, in seconds since the request, as the step from the one before."""
    outcomes: list[str]
    """What spot requests may come to."""
    outcome_rows: list[int]
    """Day, pair, place among the outcomes and number of requests, one such row after the other."""


@dataclass
class LaunchHistory:
    """The probes of all days that tell readiness; fed newest day first."""

    ENDED_COLUMNS: ClassVar = (probes.REGION, probes.INSTANCE, probes.REQUEST_TIME, probes.UNTIL, probes.ENDED)
    """Of the files that say how probes ended."""
    OUTCOME_COLUMNS: ClassVar = (instances.REGION, instances.INSTANCE, instances.OUTCOME)
    """Of the files of spot requests."""

    launches: list[Launch] = field(default_factory=list)
    latest: list[Launch] = field(default_factory=list)
    seen: int = 0
    outcomes: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    _waiting: Looks = field(default_factory=Looks.none)
    _kept_below: int = 1 << 32

    def add(
        self, day: int, looks: Looks, polled: PolledArrays | None, left_out: Collection[tuple[int, float]] = ()
    ) -> None:
        """Add a day's looks; those at probes requested the day before wait for that day's.

        left_out: probes requested that day that tell no readiness, by pair and moment.
        """
        own, self._waiting = looks.joined_with(self._waiting).split(day)
        curves = [probe for probe in own.probes() if (probe.pair, probe.utc) not in left_out]
        pair = np.array([probe.pair for probe in curves], np.int64)
        utc = np.array([probe.utc for probe in curves])
        unknown = np.full(len(curves), np.nan)
        score = polled.as_of(polled.score, pair, utc, KNOWN_FOR_SECONDS) if polled else unknown
        band = polled.as_of(polled.band, pair, utc, KNOWN_FOR_SECONDS) if polled else unknown
        for probe, its_score, its_band in zip(curves, score.tolist(), band.tolist(), strict=True):
            self._add_probe(Launch(probe, _known(its_score), _known(its_band)))

    def finish(self) -> None:
        """Add the probes whose looks still wait for the file of the day before, which does not exist."""
        self.add(0, Looks.none(), None)

    def add_outcomes(self, day: int, rows: ColumnarRows, pairs: PairNumbers) -> None:
        """Count what became of a day's spot requests."""
        outcome = rows.coded(instances.OUTCOME)
        pair = pairs.numbers_of(rows.coded(instances.REGION), rows.coded(instances.INSTANCE))
        joint, counts = np.unique(pair * len(outcome.values) + outcome.codes, return_counts=True)
        for key, count in zip(joint.tolist(), counts.tolist(), strict=True):
            number, place = divmod(key, len(outcome.values))
            if text := outcome.values[place]:
                self.outcomes[day, number, text[:_LONGEST_OUTCOME]] += count

    def _add_probe(self, launch: Launch) -> None:
        self.seen += 1
        if len(self.latest) < LATEST:
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
            counts=[len(stage) for probe in curves for stage in probe.stages],
            seconds=[step for probe in curves for stage in probe.stages for step in _steps(stage)],
            outcomes=texts,
            outcome_rows=[
                cell
                for (day, pair, text), count in sorted(self.outcomes.items())
                for cell in (day, pair, places[text], count)
            ],
        )


def without_readiness(rows: ColumnarRows, pairs: PairNumbers) -> set[tuple[int, float]]:
    """Give the probes that tell no readiness, by the pair's number and the request's seconds since 1970, in UTC."""
    names = [rows.coded(column) for column in LaunchHistory.ENDED_COLUMNS if column is not probes.REQUEST_TIME]
    moments = rows.times(probes.REQUEST_TIME).utc.tolist()
    found = set()
    for place, moment in enumerate(moments):
        region, instance, until, ended = (values.values[values.codes[place]] for values in names)
        if not probes.tells_readiness(until, ended):
            number = pairs.known_number(region, instance)
            if number is not None:
                found.add((number, moment))
    return found


def _steps(seconds: tuple[int, ...]) -> list[int]:
    return [later - earlier for earlier, later in zip((0, *seconds), seconds, strict=False)]


def _known(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _sampling_key(probe: ProbeCurve) -> int:
    # A function of the probe alone, so that two pages of the same files have the same sample.
    return zlib.crc32(f"{probe.pair} {probe.utc}".encode())
