"""What is known of a spot request and its instances on their way to their end: pure, time comes as an argument."""

from dataclasses import dataclass, field
from datetime import datetime

from collect_launch_time.ec2.answers import Instance, SpotRequest
from collect_launch_time.patience import Patience


@dataclass
class EndedInstance:
    """An instance on its way to its end."""

    instance_id: str
    found: datetime
    patience: Patience
    seen: Instance | None = None
    was: str = ""  # its state when it was terminated
    tried: datetime | None = None  # our first attempt
    answered_at: float | None = None  # AWS said that it is shutting down
    is_unknown: bool = False  # to TerminateInstances

    @property
    def has_ended(self) -> bool:
        """Tell whether it was seen shutting down, or is gone from AWS's answers after AWS said so."""
        return self.seen.has_ended if self.seen is not None else self.answered_at is not None

    def wants_terminate(self, now: float) -> bool:
        """Tell whether AWS has yet to be told, or told again."""
        if self.has_ended:
            return False
        return self.answered_at is None or now - self.answered_at > self.patience.repeat_terminate


@dataclass
class EndedRequest:
    """A spot request on its way to its end, with every instance it led to."""

    request_id: str
    token: str
    requested_monotonic: float  # the monotonic moment at which it was asked for, negative infinity if long ago
    is_ours: bool  # we asked for it ourselves, or it was looked at and is no other's
    patience: Patience
    is_foreign: bool = False
    before: SpotRequest | None = None  # as it was when we first looked
    seen: SpotRequest | None = None
    instances: dict[str, EndedInstance] = field(default_factory=dict)
    is_cancelled: bool = False  # AWS answered our cancel
    is_unknown: bool = False
    quiet_since: float | None = None  # nothing more seems to come, and there is no instance
    is_searched: bool = False  # for instances, after it was final or unknown

    def note(self, request: SpotRequest | None, installation: str, now: float) -> None:
        """Take in AWS's answer; None if AWS does not know the request."""
        self.is_unknown = request is None
        if request is not None:
            if not self.is_ours and _is_foreign(request, installation, self.token):
                self.is_foreign = True
                return
            self.is_ours, self.seen = True, request
            self.before = self.before or request
        if not self._is_quiet:
            self.quiet_since = None
        elif self.quiet_since is None:
            self.quiet_since = now

    def instance(self, instance_id: str, found: datetime) -> EndedInstance:
        """Give an instance of it, known or new."""
        return self.instances.setdefault(instance_id, EndedInstance(instance_id, found, self.patience))

    @property
    def wants_cancel(self) -> bool:
        """Tell whether it may still be open; again while it is shown so: the first cancel may have been swallowed."""
        return self.is_ours and not (self.seen is not None and self.seen.is_final)

    def is_settled(self, now: float) -> bool:
        """Tell whether no instance can come any more that we do not know of."""
        if self.is_foreign:
            return True
        if not self.is_searched:
            return False
        if self.is_unknown and now - self.requested_monotonic > self.patience.forgotten:
            return True
        if self.seen is not None and self.seen.is_final and (self.instances or self.seen.state == "failed"):
            return True
        return self.quiet_since is not None and now - self.quiet_since >= self.patience.settle

    def is_over(self, now: float) -> bool:
        """Tell whether nothing of it is left."""
        return self.is_settled(now) and all(self._has_ended(one, now) for one in self.instances.values())

    @property
    def _is_quiet(self) -> bool:
        if self.seen is None or self.is_unknown:
            # Some endpoints forget a cancelled request at once.
            return self.is_cancelled or (self.seen is not None and self.seen.is_final)
        return self.seen.is_final and (not self.seen.has_instance or self.seen.says_terminated)

    @property
    def is_quiet_or_final(self) -> bool:
        """Tell whether a search for instances is one after the end of the request."""
        return self.is_unknown or (self.seen is not None and self.seen.is_final)

    def _has_ended(self, one: EndedInstance, now: float) -> bool:
        if one.has_ended:
            return True
        if not one.is_unknown:
            return False
        is_told_dead = self.seen is not None and self.seen.is_final and self.seen.says_terminated
        return is_told_dead or now - self.requested_monotonic > self.patience.forgotten


def _is_foreign(request: SpotRequest, installation: str, token: str) -> bool:
    """Tell whether a request that the journal names bears marks, and none of them is ours.

    The token counts too: the installation's id may have been lost and made anew.
    """
    return bool(request.tags) and not request.is_of(installation) and request.token != token
