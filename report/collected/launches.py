"""Gather launch-time probes with the placement score and interruption frequency known when each was requested."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from data_files.columnar import ColumnarRows
from data_files.launches import instances
from report.collected.looks import LEVELS, Looks, ProbeCurve
from report.collected.pairs import PairNumbers
from report.collected.polled import PolledArrays

MOST_PROBES = 20_000
"""At most this many probes are drawn, some 1.5 MB of page at ten instances each; of more, a stable random sample."""

KNOWN_FOR_SECONDS = 1800
"""A score that was older than this at the request is taken for unknown: three polls were missed."""

LATEST = 8
"""Probes in the table of the last ones."""

_LONGEST_OUTCOME = 64  # characters; AWS's longest status code has half as many


@dataclass(frozen=True)
class Launch:
    """A probe, and what was known of its pair when it was requested (None: nothing)."""

    probe: ProbeCurve
    score: int | None
    band: int | None


@dataclass(frozen=True)
class LaunchTable:
    """The probes as the page has them: an element a probe, oldest first, but where it says otherwise."""

    levels: int
    """As how many instances a probe of more is drawn."""
    seen: int
    """Probes there are, drawn or not."""
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
    """For each probe and stage, how many instances came to it."""
    seconds: list[int]
    """For each of those instances when it did, in seconds since the request, as the step from the one before."""
    outcomes: list[str]
    """What spot requests may come to."""
    outcome_rows: list[int]
    """Day, pair, place among the outcomes and number of requests, one such row after the other."""


@dataclass
class LaunchHistory:
    """The probes of all days; fed newest day first."""

    OUTCOME_COLUMNS: ClassVar = (instances.REGION, instances.INSTANCE, instances.OUTCOME)
    """Of the files of spot requests."""

    launches: list[Launch] = field(default_factory=list)
    latest: list[Launch] = field(default_factory=list)
    seen: int = 0
    outcomes: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    _held: Looks = field(default_factory=Looks.none)
    _kept_below: int = 1 << 32

    def add(self, day: int, looks: Looks, polled: PolledArrays | None) -> None:
        """Add a day's looks; those at probes requested the day before wait for that day's."""
        own, self._held = looks.and_(self._held).split(day)
        probes = list(own.probes())
        pair = np.array([probe.pair for probe in probes], np.int64)
        utc = np.array([probe.utc for probe in probes])
        unknown = np.full(len(probes), np.nan)
        score = polled.as_of(polled.score, pair, utc, KNOWN_FOR_SECONDS) if polled else unknown
        band = polled.as_of(polled.band, pair, utc, KNOWN_FOR_SECONDS) if polled else unknown
        for probe, its_score, its_band in zip(probes, score.tolist(), band.tolist(), strict=True):
            self._take(Launch(probe, _known(its_score), _known(its_band)))

    def finish(self) -> None:
        """Take what still waits for a day that has no file."""
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

    def _take(self, launch: Launch) -> None:
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
        probes = [launch.probe for launch in ordered]
        minutes = np.array([probe.wall // 60 for probe in probes], np.int64)
        texts = sorted({text for _, _, text in self.outcomes}, key=lambda text: (text != instances.READY, text))
        places = {text: place for place, text in enumerate(texts)}
        return LaunchTable(
            levels=LEVELS,
            seen=self.seen,
            minute=np.diff(minutes, prepend=0).tolist(),
            pair=[probe.pair for probe in probes],
            asked=[probe.asked for probe in probes],
            watched=[probe.seconds for probe in probes],
            score=[launch.score or 0 for launch in ordered],
            band=[-1 if launch.band is None else launch.band for launch in ordered],
            counts=[len(stage) for probe in probes for stage in probe.stages],
            seconds=[step for probe in probes for stage in probe.stages for step in _steps(stage)],
            outcomes=texts,
            outcome_rows=[
                cell
                for (day, pair, text), count in sorted(self.outcomes.items())
                for cell in (day, pair, places[text], count)
            ],
        )


def _steps(seconds: tuple[int, ...]) -> list[int]:
    return [later - earlier for earlier, later in zip((0, *seconds), seconds, strict=False)]


def _known(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _sampling_key(probe: ProbeCurve) -> int:
    # A function of the probe alone, so that two pages of the same files have the same sample.
    return zlib.crc32(f"{probe.pair} {probe.utc}".encode())
