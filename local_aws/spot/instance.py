"""An instance's life cycle: pending, running, checked, ended; its state is a function of time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

PENDING, RUNNING, SHUTTING_DOWN, TERMINATED = "pending", "running", "shutting-down", "terminated"
STATE_CODES = {PENDING: 0, RUNNING: 16, SHUTTING_DOWN: 32, TERMINATED: 48}
_FORGOTTEN_AFTER = timedelta(hours=1)  # how long AWS still lists a terminated instance


@dataclass(frozen=True)
class Check:
    """One of AWS's status checks: initializing, then ok, perhaps after having been impaired."""

    kind: str  # "instance", "system" or "ebs"
    first_result_at: datetime
    impaired_until: datetime | None = None

    def status(self, at: datetime) -> str:
        """Return the check's status at a time; valid while the instance is running."""
        if at < self.first_result_at:
            return "initializing"
        return "impaired" if at < self.ok_at else "ok"

    @property
    def ok_at(self) -> datetime:
        """When it becomes ok."""
        return self.impaired_until or self.first_result_at


@dataclass(frozen=True)
class Ending:
    """How an instance ends; where AWS interrupts it, the spot request shows a notice first."""

    by: str  # "user", "aws", "itself" or "launch failure"
    notice_at: datetime
    shutting_down_at: datetime
    terminated_at: datetime
    reason: str = ""  # of a launch failure: its state reason, "code: message"
    request_code: str = ""  # of a launch failure: the status code of its request


@dataclass(frozen=True)
class Touch:
    """One caller's call that ends a resource: nobody but its owner may make one on a decoy."""

    action: str
    time: datetime


@dataclass(eq=False)
class Instance:
    """One instance and its whole life, as far as it is settled already."""

    instance_id: str
    ordinal: int  # its place in the order in which the Region's resources were made
    reservation_id: str
    instance_type: str
    image_id: str
    architecture: str
    region: str
    zone_id: str
    launched_at: datetime
    visible_at: datetime  # from then on AWS's answers contain it (they are eventually consistent)
    running_at: datetime
    checks: tuple[Check, ...]
    ending: Ending | None = None
    request_id: str | None = None  # of the spot request; None: on-demand
    client_token: str = ""
    user_data: str = ""
    specification: Mapping[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    is_protected: bool = False  # against TerminateInstances
    decoy: bool = False  # another owner's, made by a test
    touches: list[Touch] = field(default_factory=list)

    def state(self, at: datetime) -> str:
        """Return its state at a time, which must not be before its launch."""
        if self.ending and at >= self.ending.shutting_down_at:
            return TERMINATED if at >= self.ending.terminated_at else SHUTTING_DOWN
        return RUNNING if at >= self.running_at else PENDING

    def is_visible(self, at: datetime) -> bool:
        """Return whether AWS's answers contain it: visible already, and not forgotten yet."""
        is_forgotten = self.ending is not None and at >= self.ending.terminated_at + _FORGOTTEN_AFTER
        return self.launched_at <= at and self.visible_at <= at and not is_forgotten

    def holds_capacity(self, at: datetime) -> bool:
        """Return whether it occupies capacity of its pool, or is about to."""
        return self.ending is None or at < self.ending.shutting_down_at

    def end(self, ending: Ending) -> None:
        """Set how it ends, unless something else ends it earlier."""
        if self.ending is None or ending.shutting_down_at < self.ending.shutting_down_at:
            self.ending = ending

    @property
    def stopped_running_at(self) -> datetime | None:
        """When it left the state running, as far as that is settled; None if it never ran or no end is planned."""
        return self.ending.shutting_down_at if self.ending and self.ever_runs else None

    @property
    def ever_runs(self) -> bool:
        """Whether it gets from pending to running at all."""
        return self.ending is None or self.running_at < self.ending.shutting_down_at

    @property
    def all_ok_at(self) -> datetime | None:
        """When every reported check is ok for the first time; None if the instance ends before."""
        at = max(check.ok_at for check in self.checks)
        lives = self.ending is None or at < self.ending.shutting_down_at
        return at if lives else None
