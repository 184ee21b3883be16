"""What the looks say of a probe's instances: how many have been fulfilled, running, ready so far. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from collect_launch_time.ec2.answers import InstanceCheck, SpotRequest
from data_files.launches.instances import READY


@dataclass
class Milestone:
    """When something became true: after the last question answered with no, by the first answer that said yes."""

    last_no: datetime
    first_yes: datetime | None = None

    @property
    def is_reached(self) -> bool:
        """Tell whether an answer said yes."""
        return self.first_yes is not None

    def note(self, reached: bool, asked: datetime, answered: datetime) -> None:
        """Take in an answer, and when it was asked for and received; what was reached stays reached."""
        if self.first_yes is not None:
            return
        if reached:
            self.first_yes = answered
        else:
            self.last_no = max(self.last_no, asked)

    @property
    def middle(self) -> datetime | None:
        """The middle between last_no and first_yes; None if it is not reached."""
        return None if self.first_yes is None else self.last_no + (self.first_yes - self.last_no) / 2


@dataclass
class Track:
    """One spot request, followed from look to look until we begin to end it."""

    request_id: str
    requested: datetime
    instance_id: str = ""
    zone: str = ""
    zone_id: str = ""
    code: str = ""  # the request's newest status code
    message: str = ""  # that AWS gave with it
    aws_requested: datetime | None = None  # by AWS's clock, like the next
    aws_fulfilled: datetime | None = None
    is_final: bool = False  # the request
    is_ending: bool = False  # we began to end it: what AWS says from now on is our doing, and not recorded
    is_early_end_running: bool = False  # a call that ends it before its probe's end has not returned yet
    early_ended_at: datetime | None = None  # when AWS confirmed such an end
    state_before: str = ""  # the instance's state just before such an end
    fulfilled: Milestone = field(init=False)
    running: Milestone = field(init=False)
    ready: Milestone = field(init=False)
    dead: Milestone = field(init=False)

    def __post_init__(self) -> None:
        """Start all milestones with what is certain: nothing was true yet when it was requested."""
        self.fulfilled, self.running, self.ready, self.dead = (Milestone(self.requested) for _ in range(4))

    def note_request(self, request: SpotRequest, asked: datetime, answered: datetime) -> None:
        """Take in AWS's answer about the request; not called for one that AWS does not show yet, which says nothing."""
        if self.is_ending:
            return
        if request.code:
            self.code, self.message = request.code, request.message
        self.aws_requested = self.aws_requested or request.created
        self.aws_fulfilled = self.aws_fulfilled or request.fulfilled  # each later status has a time of its own
        self.is_final = request.is_final
        self.instance_id = self.instance_id or request.instance_id
        self.zone = self.zone or request.zone
        self.zone_id = self.zone_id or request.zone_id
        self.fulfilled.note(request.has_instance, asked, answered)
        if not request.has_instance:
            self.running.note(False, asked, answered)
            self.ready.note(False, asked, answered)

    def note_instance(self, check: InstanceCheck, asked: datetime, answered: datetime) -> None:
        """Take in AWS's answer about the instance. One that is dead may have been running, or ready, before."""
        if self.is_ending:
            return
        self.zone = self.zone or check.zone
        self.zone_id = self.zone_id or check.zone_id
        self.fulfilled.note(True, asked, answered)
        if not check.is_dead:
            self.running.note(check.is_running, asked, answered)
            self.ready.note(check.is_ready, asked, answered)
        self.dead.note(check.is_dead, asked, answered)

    @property
    def is_decided(self) -> bool:
        """Tell whether it is ready, or cannot become ready any more."""
        return self.ready.is_reached or self.dead.is_reached or (self.is_final and not self.instance_id)

    @property
    def outcome(self) -> str:
        """`ready`, or the request's last status code before we began to end it."""
        return READY if self.ready.is_reached else self.code


@dataclass(frozen=True)
class Counts:
    """How many of a probe's instances have so far become ready, been fulfilled, been running."""

    ready: int
    fulfilled: int
    running: int


def count(tracks: Iterable[Track]) -> Counts:
    """Count what has been reached so far, whatever became of the instances since."""
    followed = list(tracks)
    return Counts(
        ready=sum(track.ready.is_reached for track in followed),
        fulfilled=sum(track.fulfilled.is_reached for track in followed),
        running=sum(track.running.is_reached for track in followed),
    )
