"""One probe: N spot instances of one type in one Region, asked for at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from collect_launch_time.choosing.targets import Target
from collect_launch_time.ec2.answers import SpotRequest
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.money.prices import Prices
from collect_launch_time.state.readiness import Counts, Track, count
from data_files.launches.journal import Entry


@dataclass(eq=False)
class Probe:
    """A probe under way; its Region's watch alone changes it, until it is handed over to be ended."""

    target: Target
    entry: Entry
    ec2: RegionEc2
    prices: Prices
    zones: Mapping[str, str]  # zone ids by zone name
    requested: datetime
    requested_monotonic: float
    tracks: dict[str, Track] = field(default_factory=dict)

    def begin(self, requests: list[SpotRequest], answered: datetime) -> None:
        """Take in AWS's answer to the request itself."""
        for request in requests:
            track = self.tracks[request.request_id] = Track(request.request_id, self.requested)
            track.note_request(request, self.requested, answered)

    @property
    def is_decided(self) -> bool:
        """Tell whether every instance is ready, or nothing more can come of it."""
        return all(track.is_decided for track in self.tracks.values())

    @property
    def counts(self) -> Counts:
        """Count what has been reached so far."""
        return count(self.tracks.values())

    def is_late(self, now: float, timeout_seconds: float) -> bool:
        """Tell whether its time is up at a monotonic moment."""
        return now - self.requested_monotonic >= timeout_seconds

    def __str__(self) -> str:
        """Name it for people."""
        return f"{self.entry.count} x {self.target}"
