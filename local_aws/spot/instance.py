"""What becomes of an instance: pending, running, checked, ended; all a function of time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

PENDING, RUNNING, SHUTTING_DOWN, TERMINATED = "pending", "running", "shutting-down", "terminated"
STATE_CODES = {PENDING: 0, RUNNING: 16, SHUTTING_DOWN: 32, TERMINATED: 48}
FORGOTTEN_AFTER = timedelta(hours=1)  # how long AWS still shows a terminated instance


@dataclass(frozen=True)
class Check:
    """One of AWS's status checks: initializing, then ok, perhaps after having been impaired."""

    kind: str  # "instance", "system" or "ebs"
    speaks: datetime
    impaired_until: datetime | None = None

    def status(self, at: datetime) -> str:
        """Return what AWS says of it while the instance is running."""
        if at < self.speaks:
            return "initializing"
        return "impaired" if at < self.ok_from else "ok"

    @property
    def ok_from(self) -> datetime:
        """When it becomes ok."""
        return self.impaired_until or self.speaks


@dataclass(frozen=True)
class Ending:
    """How an instance ends: told to the spot request first where AWS interrupts it."""

    by: str  # "user", "aws" or "itself"
    told: datetime
    shutting_down: datetime
    terminated: datetime


@dataclass(frozen=True)
class Touch:
    """One call of a caller on a resource: what a decoy must never have."""

    action: str
    time: datetime


@dataclass(eq=False)
class Instance:
    """One instance and its whole life, as far as it is settled already."""

    instance_id: str
    ordinal: int
    reservation_id: str
    instance_type: str
    image_id: str
    architecture: str
    region: str
    zone_id: str
    launched: datetime
    visible: datetime
    running: datetime
    checks: tuple[Check, ...]
    ending: Ending | None = None
    request_id: str | None = None  # of the spot request; None is on-demand
    client_token: str = ""
    user_data: str = ""
    specification: Mapping[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    decoy: bool = False
    touches: list[Touch] = field(default_factory=list)

    def state(self, at: datetime) -> str:
        """Return its state at a time from its launch on."""
        if self.ending and at >= self.ending.shutting_down:
            return TERMINATED if at >= self.ending.terminated else SHUTTING_DOWN
        return RUNNING if at >= self.running else PENDING

    def exists(self, at: datetime) -> bool:
        """Say whether it was launched, and AWS has not forgotten it yet."""
        return self.launched <= at and not (self.ending and at >= self.ending.terminated + FORGOTTEN_AFTER)

    def is_seen(self, at: datetime) -> bool:
        """Say whether AWS's answers know of it."""
        return self.visible <= at and self.exists(at)

    def holds_capacity(self, at: datetime) -> bool:
        """Say whether it takes a place in its pool, or is going to."""
        return self.ending is None or at < self.ending.shutting_down

    def end(self, ending: Ending) -> None:
        """Let it end so, if nothing else ends it earlier."""
        if self.ending is None or ending.shutting_down < self.ending.shutting_down:
            self.ending = ending

    @property
    def stopped_running(self) -> datetime | None:
        """When it left the state running, as far as that is settled; None if it never ran or goes on."""
        return self.ending.shutting_down if self.ending and self.ran else None

    @property
    def ran(self) -> bool:
        """Whether it gets from pending to running at all."""
        return self.ending is None or self.running < self.ending.shutting_down

    @property
    def all_ok(self) -> datetime | None:
        """When every reported check is ok for the first time, if it lives to see it."""
        ok = max(check.ok_from for check in self.checks)
        lives = self.ending is None or ok < self.ending.shutting_down
        return ok if lives else None
