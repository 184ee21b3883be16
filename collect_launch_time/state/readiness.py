"""What the looks say of a probe's instances: who has so far been fulfilled, been running, become ready. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from collect_launch_time.ec2.answers import InstanceCheck, SpotRequest
from data_files.launches.instances import READY


@dataclass
class Milestone:
    """When something came true: after the last look that said no, by the first that said yes."""

    no: datetime
    yes: datetime | None = None

    def note(self, reached: bool, asked: datetime, answered: datetime) -> None:
        """Take in an answer to a question of a time; what was reached stays reached."""
        if self.yes is not None:
            return
        if reached:
            self.yes = answered
        else:
            self.no = max(self.no, asked)

    @property
    def middle(self) -> datetime | None:
        """Give the best guess of the moment; None if it has not come."""
        return None if self.yes is None else self.no + (self.yes - self.no) / 2


@dataclass
class Track:
    """One spot request, followed from look to look."""

    request_id: str
    requested: datetime
    instance_id: str = ""
    zone: str = ""
    zone_id: str = ""
    code: str = ""  # the market's last word
    is_final: bool = False
    is_ours_to_end: bool = False  # we are ending it: what AWS says from now on is our doing
    is_being_ended: bool = False  # a call to end it ahead of its probe's end is under way
    ended_at: datetime | None = None  # when AWS said that this came to pass
    was: str = ""  # the instance's state then
    fulfilled: Milestone = field(init=False)
    running: Milestone = field(init=False)
    ready: Milestone = field(init=False)
    dead: Milestone = field(init=False)

    def __post_init__(self) -> None:
        """Begin with what is sure: when it was requested, nothing had come yet."""
        self.fulfilled, self.running, self.ready, self.dead = (Milestone(self.requested) for _ in range(4))

    def note_request(self, request: SpotRequest, asked: datetime, answered: datetime) -> None:
        """Take in what AWS says of the request. One that is not visible yet says nothing, and is not noted."""
        if self.is_ours_to_end:
            return
        self.code = request.code or self.code
        self.is_final = request.is_final
        self.instance_id = self.instance_id or request.instance_id
        self.zone = self.zone or request.zone
        self.zone_id = self.zone_id or request.zone_id
        self.fulfilled.note(request.has_instance, asked, answered)
        if not request.has_instance:
            self.running.note(False, asked, answered)
            self.ready.note(False, asked, answered)

    def note_instance(self, check: InstanceCheck, asked: datetime, answered: datetime) -> None:
        """Take in what AWS says of the instance."""
        if self.is_ours_to_end:
            return
        self.zone = self.zone or check.zone
        self.zone_id = self.zone_id or check.zone_id
        self.fulfilled.note(True, asked, answered)
        self.running.note(check.is_running, asked, answered)
        self.ready.note(check.is_ready, asked, answered)
        self.dead.note(check.is_dead, asked, answered)

    @property
    def is_decided(self) -> bool:
        """Tell whether it is ready, or nothing more can come of it."""
        if self.ready.yes is not None or self.dead.yes is not None:
            return True
        return self.is_final and not self.instance_id

    @property
    def outcome(self) -> str:
        """Give `ready`, or the market's last word before we ended it."""
        return READY if self.ready.yes is not None else self.code


@dataclass(frozen=True)
class Counts:
    """How many of a probe's instances have so far become ready, been fulfilled, been running."""

    ready: int
    fulfilled: int
    running: int


def count(tracks: Iterable[Track]) -> Counts:
    """Count what has been reached so far, whatever became of it since."""
    reached = [(t.ready.yes is not None, t.fulfilled.yes is not None, t.running.yes is not None) for t in tracks]
    return Counts(*(sum(one[place] for one in reached) for place in range(3)))
