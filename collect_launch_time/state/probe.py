"""One probe: N spot instances of one type in one Region, requested by one call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from collect_launch_time.choosing.targets import Target
from collect_launch_time.ec2.answers import SpotRequest
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.money.prices import Prices
from collect_launch_time.state.readiness import Counts, Track, count
from data_files.launches.journal import Entry
from data_files.launches.probes import EndedProbe
from data_files.launches.selection import SelectionRow


class ProbeEnd(NamedTuple):
    """The decision to end a probe: when it came, and what `probes` calls such an end if no instance says otherwise."""

    time: datetime
    ended: str


@dataclass(eq=False)
class Probe:
    """A probe under way. Only its Region's watch changes it, until it is handed over to be ended."""

    target: Target
    entry: Entry
    ec2: RegionEc2
    prices: Prices
    zone_ids: Mapping[str, str]  # by zone name
    selection: SelectionRow
    requested_monotonic: float
    tracks: dict[str, Track] = field(default_factory=dict)
    end: ProbeEnd | None = None

    @property
    def requested(self) -> datetime:
        """The moment before its intent was written down: the same in every file."""
        return self.selection.request_time

    def note_end(self, moment: datetime, ended: str) -> None:
        """Take in the decision to end it; the first one counts."""
        self.end = self.end or ProbeEnd(moment, ended)

    def row(self, ended: str) -> EndedProbe:
        """Give its row for `probes`; its end must have been noted."""
        assert self.end
        return self.selection.ended(self.end.time, ended)

    def add_requests(self, requests: list[SpotRequest], answered: datetime) -> None:
        """Take in AWS's answer to RequestSpotInstances."""
        for request in requests:
            track = self.tracks[request.request_id] = Track(request.request_id, self.requested)
            track.note_request(request, self.requested, answered)

    @property
    def is_decided(self) -> bool:
        """Tell whether each instance is ready or cannot become ready any more."""
        return all(track.is_decided for track in self.tracks.values())

    @property
    def counts(self) -> Counts:
        """How many instances have reached what so far."""
        return count(self.tracks.values())

    def is_timed_out(self, now: float, timeout_seconds: float) -> bool:
        """Tell whether its timeout has passed at a monotonic moment."""
        return now - self.requested_monotonic >= timeout_seconds

    def __str__(self) -> str:
        """Name it in messages."""
        return f"{self.entry.count} x {self.target}"
