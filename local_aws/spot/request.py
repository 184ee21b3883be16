"""A spot request's life cycle: open, active, ended; its status is a function of time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from local_aws.spot.draw import Draw
from local_aws.spot.instance import Instance, Touch
from local_aws.spot.launch_order import LaunchOrder

_FORGOTTEN_AFTER = timedelta(hours=4)  # how long AWS still lists an ended request

CANCELLED_BUT_RUNNING = "request-canceled-and-instance-running"
# Status code -> (state, message), as AWS words them
# (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html)
CODES = {
    "not-scheduled-yet": ("open", "Your Spot request will not be evaluated until the scheduled date."),
    "pending-evaluation": (
        "open",
        "Your Spot request has been submitted for review, and is pending evaluation.",
    ),
    "pending-fulfillment": ("open", "Your Spot request is pending fulfillment."),
    "capacity-not-available": (
        "open",
        "There is no Spot capacity available that matches your request.",
    ),
    "price-too-low": ("open", "Your Spot request price is lower than the minimum required Spot price."),
    "fulfilled": ("active", "Your spot request is fulfilled."),
    "schedule-expired": (
        "cancelled",
        "Your Spot request was not fulfilled before its expiration date.",
    ),
    "canceled-before-fulfillment": (
        "cancelled",
        "Your Spot request is canceled before it was fulfilled.",
    ),
    CANCELLED_BUT_RUNNING: (
        "cancelled",
        "Your Spot request is canceled, but your instance is still running.",
    ),
    "constraint-not-fulfillable": (
        "open",
        "Your Spot request cannot be fulfilled because one or more of its constraints are not valid.",
    ),
    # AWS's documents say closed, people have seen failed: one of each.
    "bad-parameters": ("failed", "Your Spot request failed due to bad parameters."),
    "limit-exceeded": ("closed", "The limit on the number of EBS volumes or total volume storage was exceeded."),
    "system-error": ("failed", "There was an unexpected system error. Please try again."),
    "instance-terminated-by-user": ("closed", "Spot Instance terminated due to user-initiated termination."),
    "instance-terminated-by-service": ("closed", "Your Spot Instance was terminated by the service."),
    "instance-terminated-by-price": ("closed", "Your Spot Instance was terminated because of its price."),
    "instance-terminated-no-capacity": (
        "closed",
        "Your Spot Instance was terminated because there is no Spot capacity available.",
    ),
}
_ENDED_BY = {
    "user": "instance-terminated-by-user",
    "itself": "instance-terminated-by-user",
    "aws": "instance-terminated-no-capacity",
}
FAULTS = frozenset({"bad-parameters", "limit-exceeded", "system-error"})  # codes of requests that failed
ENDED_STATES = frozenset({"cancelled", "closed", "failed"})


@dataclass(frozen=True)
class Status:
    """A request's status code from a time on, and the instance that belongs to it, if any."""

    since: datetime
    code: str
    instance: Instance | None = None

    @property
    def state(self) -> str:
        """The request's state that goes with the code."""
        return CODES[self.code][0]

    @property
    def has_ended(self) -> bool:
        """Whether the request is over; AWS does not forget one whose instance still runs."""
        return self.state in ENDED_STATES and self.code != CANCELLED_BUT_RUNNING


@dataclass(eq=False)
class SpotRequest:
    """One spot request with its statuses, in order: the past ones, and those planned if nobody interferes."""

    request_id: str
    ordinal: int  # its place in the order in which the Region's resources were made
    order: LaunchOrder
    created_at: datetime
    visible_at: datetime  # from then on AWS's answers contain it (they are eventually consistent)
    statuses: list[Status]
    draw: Draw
    tags: dict[str, str] = field(default_factory=dict)
    decoy: bool = False  # another owner's, made by a test
    touches: list[Touch] = field(default_factory=list)
    cancel_called: bool = False

    def status(self, at: datetime) -> Status:
        """Return its status at a time, which must not be before its creation."""
        latest = next((status for status in reversed(self.statuses) if status.since <= at), self.statuses[0])
        ending = latest.instance.ending if latest.instance else None
        if ending and at >= ending.notice_at:
            return Status(ending.notice_at, ending.request_code or _ENDED_BY[ending.by], latest.instance)
        return latest

    def state(self, at: datetime) -> str:
        """Return its state; a cancelled request stays cancelled, whatever ends its instance."""
        status = self.status(at)
        return "cancelled" if status.state == "closed" and self._was_cancelled(at) else status.state

    def is_visible(self, at: datetime) -> bool:
        """Return whether AWS's answers contain it: visible already, and not forgotten yet."""
        status = self.status(at)
        is_forgotten = status.has_ended and at >= status.since + _FORGOTTEN_AFTER
        return self.created_at <= at and self.visible_at <= at and not is_forgotten

    def is_open(self, at: datetime) -> bool:
        """Return whether it may still be fulfilled."""
        return self.status(at).state == "open"

    def replan(self, at: datetime, *statuses: Status) -> list[Instance]:
        """Replace the statuses planned after a time; return the instances that will now never be launched."""
        before = self.instances
        self.statuses = [status for status in self.statuses if status.since <= at] + list(statuses)
        return [instance for instance in before if instance not in self.instances]

    @property
    def instances(self) -> list[Instance]:
        """Every instance it has led to, or is planned to."""
        return list(dict.fromkeys(status.instance for status in self.statuses if status.instance))

    def _was_cancelled(self, at: datetime) -> bool:
        return any(status.state == "cancelled" and status.since <= at for status in self.statuses)
