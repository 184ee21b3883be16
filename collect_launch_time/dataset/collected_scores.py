"""What the polls collected of the probed pairs, each value with the moment at which it became known."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from collect_launch_time.dataset.as_of import IF, SAVINGS, SPS, Observation
from data_files.csv_table import PassedOver
from data_files.market import advisor, polled, polls
from data_files.market.polled import Pair

_LONGEST_POLL_SECONDS = 540.0  # a poll's own deadline

KnownObservation = tuple[float, Observation]
"""The moment at which an observation became known, in seconds since 1970, and the observation."""


@dataclass(frozen=True)
class Delays:
    """How long polls took: their rows carry the time of the poll's start, but became known at its end."""

    seconds: Mapping[datetime, float]  # by the poll's start
    otherwise: float  # seconds of a poll that has no row in polls.csv

    def known_at(self, start: datetime) -> float:
        """Give when the rows of a poll became known, in seconds since 1970."""
        return start.timestamp() + self.seconds.get(start, self.otherwise)


def read_delays(home: Path, passed_over: PassedOver) -> Delays:
    """Read how long each poll took; one that was never acknowledged is assumed to have taken as long as a poll may."""
    acknowledged = polls.FILE.rows(home, passed_over)
    seconds = {poll.time: poll.seconds for poll in acknowledged if poll.seconds is not None}
    return Delays(seconds, _LONGEST_POLL_SECONDS if seconds else 0.0)


@dataclass(frozen=True)
class CollectedScores:
    """The observations of some pairs in the polls' files under a HOME."""

    home: Path
    pairs: Container[Pair]
    delays: Delays
    passed_over: PassedOver

    def polled(self, day: date) -> Iterator[KnownObservation]:
        """Give the values polled on a day."""
        found = polled.read_day(self.home, day, only=self.pairs)
        if found.senseless:
            self.passed_over(found.senseless)
        for pair, rows in found.rows.items():
            for row in rows:
                yield self._known(row.time, pair, (SPS, row.sps), (IF, row.interruption_frequency))

    def advised(self, day: date) -> Iterator[KnownObservation]:
        """Give the values the advisor published on a day."""
        for row in advisor.FILES.rows(self.home, day, self.passed_over):
            pair = row.region, row.instance
            if pair in self.pairs:
                yield self._known(row.time, pair, (IF, row.interruption_frequency), (SAVINGS, row.savings))

    def _known(self, start: datetime, pair: Pair, *values: tuple[int, int | None]) -> KnownObservation:
        known = tuple((quantity, value) for quantity, value in values if value is not None)
        return self.delays.known_at(start), Observation(start.timestamp(), *pair, known)
