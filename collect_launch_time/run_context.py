"""What all parts of one run share: its settings, clock, files, EC2 clients, and what went wrong."""

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.patience import Patience
from collect_launch_time.problems import Problems
from collect_launch_time.records import Records
from collect_launch_time.run_journal import RunJournal
from collect_launch_time.stop import Stop
from common.clock import Clock
from common.time_limit import TimeLimit


@dataclass(frozen=True)
class ProbeSettings:
    """How a run probes."""

    count: int  # instances per probe
    timeout_seconds: float
    interval_seconds: float  # between two looks
    until_fulfilled: bool = False


@dataclass(frozen=True)
class RunContext:
    """One run of the probe or of its clean-up."""

    settings: ProbeSettings
    clock: Clock
    home: Path
    installation_id: str
    stop: Stop
    limit: TimeLimit = field(default_factory=TimeLimit)
    patience: Patience = field(default_factory=Patience)
    connect: Callable[[str], RegionEc2] = RegionEc2
    problems: Problems = field(default_factory=Problems)
    _regions: dict[str, RegionEc2] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @functools.cached_property
    def journal(self) -> RunJournal:
        """The journal."""
        return RunJournal(self.home, self.clock)

    @functools.cached_property
    def records(self) -> Records:
        """The files of looks, instances, probes and spending."""
        return Records(self.home, self.problems)

    @property
    def seconds_to_prepare(self) -> float:
        """What is left until it is too late to begin a probe: each must be ended within the run's time."""
        return self.limit.seconds_left() - self.settings.timeout_seconds - self.patience.ending_seconds

    @property
    def seconds_to_end(self) -> float:
        """What is left for calls that end something."""
        return self.limit.seconds_left() - self.patience.call_seconds - self.patience.writing_seconds

    def ec2(self, region: str) -> RegionEc2:
        """Give a Region's EC2, the same object for the whole run."""
        with self._lock:
            return self._regions.setdefault(region, self.connect(region))
