"""What every room of one run shares: its rules, its clock, its files, and what went wrong."""

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


@dataclass(frozen=True)
class Rules:
    """How a run probes."""

    count: int
    timeout_seconds: float
    interval_seconds: float
    until_fulfilled: bool = False


@dataclass(frozen=True)
class RunContext:
    """One run of the probe or of its clean-up."""

    rules: Rules
    clock: Clock
    home: Path
    installation: str
    stop: Stop
    patience: Patience = field(default_factory=Patience)
    connect: Callable[[str], RegionEc2] = RegionEc2
    problems: Problems = field(default_factory=Problems)
    _regions: dict[str, RegionEc2] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @functools.cached_property
    def journal(self) -> RunJournal:
        """Give the journal."""
        return RunJournal(self.home, self.clock)

    @functools.cached_property
    def records(self) -> Records:
        """Give the measurement's files."""
        return Records(self.home, self.problems)

    def ec2(self, region: str) -> RegionEc2:
        """Give a Region's EC2, the same one for the whole run."""
        with self._lock:
            return self._regions.setdefault(region, self.connect(region))
