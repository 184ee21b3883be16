"""What is known of a spot request and its instances while they are being ended. Pure: time comes as an argument.

Moments named monotonic, or typed float, are the clock's monotonic seconds.
"""

from dataclasses import dataclass, field
from datetime import datetime

from collect_launch_time.ec2.answers import Instance, SpotRequest
from collect_launch_time.patience import Patience


@dataclass
class Refused:
    """AWS's no to our cancel or terminate of one thing."""

    error: Exception
    since: float  # the first no
    tried_at: float | None = None  # the newest no to this thing alone; None: it was among others

    def is_resting(self, now: float, patience: Patience) -> bool:
        """Tell whether it is too early to tell AWS again."""
        return self.tried_at is not None and now - self.tried_at < patience.repeat_refused_seconds


@dataclass
class EndingInstance:
    """An instance that is being ended."""

    instance_id: str
    found_at: datetime
    patience: Patience
    last_seen: Instance | None = None
    state_before: str = ""  # its state just before it was terminated, in AWS's answer to that
    first_attempt_at: datetime | None = None  # when we first told AWS to terminate it
    confirmed_at: float | None = None  # when AWS's answer to that said that it is shutting down
    is_unknown: bool = False  # TerminateInstances does not know its id
    refused: Refused | None = None  # AWS's answer to our newest terminate was no

    @property
    def name(self) -> str:
        """Give its id."""
        return self.instance_id

    @property
    def has_ended(self) -> bool:
        """Tell whether it was seen shutting down; if AWS does not show it, whether AWS confirmed its termination."""
        return self.last_seen.has_ended if self.last_seen is not None else self.confirmed_at is not None

    def needs_terminate(self, now: float) -> bool:
        """Tell whether AWS must be told to terminate it: never confirmed, or confirmed a while ago without effect."""
        if self.has_ended or (self.refused and self.refused.is_resting(now, self.patience)):
            return False
        return self.confirmed_at is None or now - self.confirmed_at > self.patience.repeat_terminate_seconds


@dataclass
class EndingRequest:
    """A spot request that is being ended, with every instance it led to."""

    request_id: str
    token: str
    requested_monotonic: float  # when it was requested; negative infinity if that is not known
    is_ours: bool  # we requested it in this run, or its tags were read and are ours
    patience: Patience
    is_foreign: bool = False  # its tags were read and are another installation's
    first_seen: SpotRequest | None = None
    last_seen: SpotRequest | None = None
    instances: dict[str, EndingInstance] = field(default_factory=dict)
    is_cancelled: bool = False  # AWS confirmed our cancel
    is_unknown: bool = False  # AWS does not know its id
    refused: Refused | None = None  # AWS's answer to our newest cancel was no
    settling_since: float | None = None  # since then it has been final, without an instance that may still run
    is_searched: bool = False  # its instances were searched for after it was final or unknown

    @property
    def name(self) -> str:
        """Give its id."""
        return self.request_id

    def note(self, request: SpotRequest | None, installation_id: str, now: float) -> None:
        """Take in AWS's answer; None if AWS does not know the request."""
        self.is_unknown = request is None
        if request is not None:
            if not self.is_ours and _is_foreign(request, installation_id, self.token):
                self.is_foreign = True
                return
            self.is_ours, self.last_seen = True, request
            self.first_seen = self.first_seen or request
        if not self._is_settling:
            self.settling_since = None
        elif self.settling_since is None:
            self.settling_since = now

    def instance(self, instance_id: str, found_at: datetime) -> EndingInstance:
        """Give one of its instances, which is added if it is new."""
        return self.instances.setdefault(instance_id, EndingInstance(instance_id, found_at, self.patience))

    @property
    def needs_cancel(self) -> bool:
        """Tell whether it may still be open. Repeated while AWS shows it open: a cancel may be lost."""
        return self.is_ours and not self._is_final

    @property
    def is_final_or_unknown(self) -> bool:
        """Tell whether a search for its instances now finds all it will ever have, or all that AWS still shows."""
        return self.is_unknown or self._is_final

    def is_settled(self, now: float) -> bool:
        """Tell whether no instance can turn up any more that is not known."""
        if self.is_foreign:
            return True
        if not self.is_searched:
            return False
        if self.is_unknown and self._is_forgotten(now):
            return True
        if self.last_seen is not None and self._is_final and (self.instances or self.last_seen.has_failed):
            return True
        return self.settling_since is not None and now - self.settling_since >= self.patience.settle_seconds

    def is_over(self, now: float) -> bool:
        """Tell whether it can have no other instances, and all it has have ended."""
        return self.is_settled(now) and all(self._has_ended(instance, now) for instance in self.instances.values())

    def is_given_up(self, now: float) -> bool:
        """Tell whether nothing keeps it from being over but what AWS has refused to end for long enough."""
        unended = [instance.refused for instance in self.instances.values() if not self._has_ended(instance, now)]
        if not self._is_final:
            unended.append(self.refused)
        elif not self.is_settled(now):
            return False
        patience = self.patience.refused_seconds
        return all(refused is not None and now - refused.since > patience for refused in unended)

    @property
    def _is_final(self) -> bool:
        return self.last_seen is not None and self.last_seen.is_final

    @property
    def _is_settling(self) -> bool:
        if self.last_seen is None or self.is_unknown:
            # Some endpoints forget a request as soon as it is cancelled.
            return self.is_cancelled or self._is_final
        return self._is_final and (not self.last_seen.has_instance or self.last_seen.says_terminated)

    def _is_forgotten(self, now: float) -> bool:
        return now - self.requested_monotonic > self.patience.forgotten_seconds

    def _has_ended(self, instance: EndingInstance, now: float) -> bool:
        if instance.has_ended:
            return True
        if not instance.is_unknown:
            return False
        is_reported_terminated = self.last_seen is not None and self._is_final and self.last_seen.says_terminated
        return is_reported_terminated or self._is_forgotten(now)


def _is_foreign(request: SpotRequest, installation_id: str, token: str) -> bool:
    """Tell whether a request has tags, and neither our installation id nor its journal entry's token among them.

    The token counts too, because the installation's id may have been lost and made anew.
    """
    return bool(request.tags) and not request.belongs_to(installation_id) and request.token != token
