"""What becomes of a spot request: open, active, ended; all a function of time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from local_aws.spot.draw import Draw
from local_aws.spot.instance import Instance, Touch
from local_aws.spot.launch_order import LaunchOrder

FORGOTTEN_AFTER = timedelta(hours=4)  # how long Describe still shows an ended request

# code -> (state, message), in AWS's own words
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
    "request-canceled-and-instance-running": (
        "cancelled",
        "Your Spot request is canceled, but your instance is still running.",
    ),
    "bad-parameters": ("failed", "One or more of the parameters of your Spot request are not valid."),
    "system-error": ("failed", "There was an unexpected system error. Please try again."),
    "instance-terminated-by-user": ("closed", "Spot Instance terminated due to user-initiated termination."),
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
ENDED_STATES = frozenset({"cancelled", "closed", "failed"})


@dataclass(frozen=True)
class Turn:
    """From a time on the request has this status code, and perhaps an instance."""

    at: datetime
    code: str
    instance: Instance | None = None

    @property
    def state(self) -> str:
        """The request's state that goes with the code."""
        return CODES[self.code][0]

    @property
    def has_ended(self) -> bool:
        """Whether nothing more becomes of the request; a running instance keeps it from being forgotten."""
        return self.state in ENDED_STATES and self.code != "request-canceled-and-instance-running"


@dataclass(eq=False)
class SpotRequest:
    """One spot request and its turns: those that were, and those that come if nobody interferes."""

    request_id: str
    ordinal: int
    order: LaunchOrder
    created: datetime
    visible: datetime
    turns: list[Turn]
    draw: Draw
    tags: dict[str, str] = field(default_factory=dict)
    decoy: bool = False
    touches: list[Touch] = field(default_factory=list)
    cancel_called: bool = False

    def turn(self, at: datetime) -> Turn:
        """Return the status it has at a time from its creation on."""
        latest = next((turn for turn in reversed(self.turns) if turn.at <= at), self.turns[0])
        ending = latest.instance.ending if latest.instance else None
        if ending and at >= ending.told:
            return Turn(ending.told, _ENDED_BY[ending.by], latest.instance)
        return latest

    def state(self, at: datetime) -> str:
        """Return its state; one that was cancelled stays so whatever ends its instance."""
        turn = self.turn(at)
        return "cancelled" if turn.state == "closed" and self._was_cancelled(at) else turn.state

    def exists(self, at: datetime) -> bool:
        """Say whether it was made, and AWS has not forgotten it yet."""
        turn = self.turn(at)
        return self.created <= at and not (turn.has_ended and at >= turn.at + FORGOTTEN_AFTER)

    def is_seen(self, at: datetime) -> bool:
        """Say whether AWS's answers know of it."""
        return self.visible <= at and self.exists(at)

    def is_open(self, at: datetime) -> bool:
        """Say whether it may still be fulfilled."""
        return self.turn(at).state == "open"

    def replan(self, at: datetime, *turns: Turn) -> list[Instance]:
        """Let other turns come than were planned; return the instances that now never are."""
        before = self.instances
        self.turns = [turn for turn in self.turns if turn.at <= at] + list(turns)
        return [instance for instance in before if instance not in self.instances]

    @property
    def instances(self) -> list[Instance]:
        """Every instance it led to, or is going to."""
        return list(dict.fromkeys(turn.instance for turn in self.turns if turn.instance))

    def _was_cancelled(self, at: datetime) -> bool:
        return any(turn.state == "cancelled" and turn.at <= at for turn in self.turns)
