"""What the polls collected, as another program wrote it: its files are the interface, by path and column."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from common.dated_files import dated_files

from collect_launch_time.dataset.as_of import IF, SAVINGS, SPS, Observation
from common import csv_file
from common.clock import parse_iso

_Pair = tuple[str, str]

_LONGEST_POLL_SECONDS = 540.0  # then it gives up, to be over before the next one starts


@dataclass(frozen=True)
class CollectedScores:
    """The observations of some (Region, instance type) pairs in the polls' files under a HOME."""

    home: Path
    pairs: Container[_Pair]

    @property
    def _data(self) -> Path:
        return self.home / "collect_sps_and_if" / "data"

    def polled_files(self) -> list[tuple[date, Path]]:
        """List the files of polled rows, by day."""
        return dated_files(self._data / "sps_and_if")

    def advisor_files(self) -> list[tuple[date, Path]]:
        """List the files of what the advisor published, by day."""
        return dated_files(self._data / "interruption_frequency")

    def read(self, path: Path, delays: "Delays") -> Iterator[tuple[float, Observation]]:
        """Give a file's observations of the pairs, each with the moment at which it became known."""
        moments: dict[str, tuple[float, float] | None] = {}
        for row in csv_file.read(path):
            region, instance, time = row.get("region", ""), row.get("instance", ""), row.get("time", "")
            if (region, instance) not in self.pairs:
                continue
            if time not in moments:
                moments[time] = delays.moments(time)
            moment = moments[time]
            if moment is None:
                continue
            measured_at, known_at = moment
            for quantity in (SPS, IF, SAVINGS):
                value = row.get(quantity, "")
                if value.isascii() and value.isdigit():
                    yield known_at, Observation(measured_at, region, instance, quantity, int(value))

    def delays(self) -> "Delays":
        """Read how long each poll took."""
        seconds: dict[str, float] = {}
        for row in csv_file.read(self._data / "polls.csv"):
            try:
                seconds[row.get("time", "")] = max(0.0, float(row.get("seconds", "")))
            except ValueError:
                continue
        return Delays(seconds, _LONGEST_POLL_SECONDS if seconds else 0.0)


@dataclass(frozen=True)
class Delays:
    """A poll's rows carry the time of its start, but nobody knew them before its end."""

    seconds: dict[str, float]
    otherwise: float

    def moments(self, time: str) -> tuple[float, float] | None:
        """Give when a poll's rows were measured and when they became known; None for what is no time.

        A poll that was never acknowledged is taken to have lasted as long as a poll may.
        """
        start = parse_iso(time)
        if start is None:
            return None
        measured_at = start.timestamp()
        return measured_at, measured_at + self.seconds.get(time, self.otherwise)
