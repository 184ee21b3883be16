"""Gather launch-time probes with the placement score and interruption frequency known when each was requested."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from report.looks import LEVELS, Looks, Probe
from report.polled import Polled
from report.pools import Pools
from report.reading import Sheet

MOST_PROBES = 20_000
"""As many are drawn; past that, a random part of them all. Some 1.5 MB of page at ten instances each."""

KNOWN_FOR_SECONDS = 1800
"""A score older than that, when the request was made, is taken for unknown: three polls were missed."""

LATEST = 8
_READY = "ready"


@dataclass(frozen=True)
class Launch:
    """A probe, and what was known of its pair when it was requested (None: nothing)."""

    probe: Probe
    score: int | None
    band: int | None


@dataclass
class Launches:
    """The probes of all days; fed newest day first."""

    launches: list[Launch] = field(default_factory=list)
    latest: list[Launch] = field(default_factory=list)
    seen: int = 0
    outcomes: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    _held: Looks = field(default_factory=Looks.none)
    _kept_below: int = 1 << 32

    def add(self, day: int, looks: Looks, polled: Polled | None) -> None:
        """Add a day's looks; those at probes requested the day before wait for that day's."""
        own, self._held = looks.and_(self._held).split(day)
        probes = list(own.probes())
        pair = np.array([probe.pair for probe in probes], np.int64)
        instant = np.array([probe.instant for probe in probes])
        unknown = np.full(len(probes), np.nan)
        score = polled.as_of(polled.score, pair, instant, KNOWN_FOR_SECONDS) if polled else unknown
        band = polled.as_of(polled.band, pair, instant, KNOWN_FOR_SECONDS) if polled else unknown
        for probe, its_score, its_band in zip(probes, score.tolist(), band.tolist(), strict=True):
            self._take(Launch(probe, _known(its_score), _known(its_band)))

    def finish(self) -> None:
        """Take what still waits for a day that has no file."""
        self.add(0, Looks.none(), None)

    def add_outcomes(self, day: int, sheet: Sheet, pools: Pools) -> None:
        """Count what became of a day's spot requests."""
        outcome = sheet["outcome"]
        pair = pools.numbers_of(sheet["region"], sheet["instance"])
        joint, counts = np.unique(pair * len(outcome.values) + outcome.codes, return_counts=True)
        for key, count in zip(joint.tolist(), counts.tolist(), strict=True):
            number, text = divmod(key, len(outcome.values))
            if number >= 0 and outcome.values[text]:
                self.outcomes[day, number, outcome.values[text][:64]] += count

    def _take(self, launch: Launch) -> None:
        self.seen += 1
        if len(self.latest) < LATEST:
            self.latest.append(launch)
        if _lot(launch.probe) >= self._kept_below:
            return
        self.launches.append(launch)
        while len(self.launches) > MOST_PROBES:
            self._kept_below //= 2
            self.launches = [kept for kept in self.launches if _lot(kept.probe) < self._kept_below]

    def listed(self) -> dict[str, object]:
        """Give the probes by column, oldest first; seconds run through each probe's stages, as steps within a stage."""
        ordered = sorted(self.launches, key=lambda launch: (launch.probe.wall, launch.probe.pair))
        probes = [launch.probe for launch in ordered]
        minutes = np.array([probe.wall // 60 for probe in probes], np.int64)
        texts = sorted({text for _, _, text in self.outcomes}, key=lambda text: (text != _READY, text))
        places = {text: place for place, text in enumerate(texts)}
        return {
            "levels": LEVELS,
            "seen": self.seen,
            "minute": np.diff(minutes, prepend=0).tolist(),
            "pair": [probe.pair for probe in probes],
            "asked": [probe.asked for probe in probes],
            "watched": [probe.seconds for probe in probes],
            "score": [launch.score or 0 for launch in ordered],
            "band": [-1 if launch.band is None else launch.band for launch in ordered],
            "counts": [len(stage) for probe in probes for stage in probe.stages],
            "seconds": [step for probe in probes for stage in probe.stages for step in _steps(stage)],
            "outcomes": texts,
            "outcome_rows": [
                cell
                for (day, pair, text), count in sorted(self.outcomes.items())
                for cell in (day, pair, places[text], count)
            ],
        }


def _steps(seconds: tuple[int, ...]) -> list[int]:
    return [later - earlier for earlier, later in zip((0, *seconds), seconds, strict=False)]


def _known(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _lot(probe: Probe) -> int:
    # The same probe draws the same lot on every page, so that two pages of the same files are the same.
    return zlib.crc32(f"{probe.pair} {probe.instant}".encode())
