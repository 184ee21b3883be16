"""How launches go: delays, capacity, failures and limits, which can be changed while the stand-in runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from local_aws.state import settings
from local_aws.state.settings import Seconds, Texts

_RaceCode = Literal["pending-fulfillment", "canceled-before-fulfillment"]
_RequestEnd = Literal["bad-parameters", "limit-exceeded", "constraint-not-fulfillable", "system-error"]
_LaunchFailureCode = Literal[
    "instance-terminated-by-user",
    "instance-terminated-by-service",
    "instance-terminated-by-price",
    "instance-terminated-no-capacity",
]
_Network = Literal["complete", "no subnet", "no VPC"]

_NOT_PER_PAIR = {
    "pairs", "vcpu_quota", "token_buckets", "page_size", "stale_seconds", "unbootable_types", "paravirtual_types",
    "withdrawn_images", "price_history_days",
}  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """The settings; the defaults are AWS on an ordinary day, and None leaves a value to the market."""

    evaluation_seconds: Seconds = (0.5, 2.0)  # how long a request is pending-evaluation
    fulfilment_seconds: Seconds | None = None  # how long it is pending-fulfillment; None: by the pool's scarcity
    pending_seconds: Seconds | None = None  # how long an instance is pending
    check_seconds: Seconds | None = None  # from running to the first result of the last status check
    check_interval_seconds: float = 60.0  # results come at such intervals only; 0: as soon as they are there
    shutting_down_seconds: Seconds = (8.0, 40.0)
    capacity: int | None = None  # how many spot instances of a type this account can have in a Region
    capacity_retry_seconds: float = 30.0  # how often a request that waits for capacity is evaluated again
    request_end: _RequestEnd | None = None  # how requests end unfulfilled; constraint-not-fulfillable stays open
    request_end_share: float = 1.0  # share of requests that end so
    launch_failure: str | None = None  # state reason of instances that never run: a code, perhaps with ": message"
    launch_failure_share: float = 1.0  # share of instances that fail so
    launch_failure_seconds: Seconds = (0.5, 3.0)  # from fulfilled to terminated
    launch_failure_code: _LaunchFailureCode = "instance-terminated-by-user"  # their requests' status code from then on
    impaired_share: float = 0.0  # share of instances whose instance check is impaired at first
    impaired_seconds: float | None = None  # for how long; None: for good
    ebs_status_share: float = 1.0  # share of instances for which AttachedEbsStatus is reported
    interrupt_after_seconds: Seconds | None = None  # from running to the interruption notice
    interrupt_share: float = 1.0  # share of instances that can be interrupted
    interruption_notice_seconds: float = 120.0  # from the notice to shutting-down
    cancel_race_probability: float = 0.05  # that a cancelled open request is fulfilled all the same
    cancel_race_seconds: Seconds = (0.3, 3.0)  # from the cancel's answer to that fulfilment
    cancel_race_code: _RaceCode = "pending-fulfillment"  # the status until then
    invisible_seconds: float = 1.5  # a new id is unknown to AWS for up to this long
    stale_seconds: float = 0.0  # the answer of a Describe call is up to this old
    page_size: int | None = None  # longest page of a Describe call, even if the caller asked for no pages
    protected_share: float = 0.0  # share of instances that nobody may terminate
    default_network: _Network = "complete"  # what a request without a subnet finds
    unbootable_types: Texts = (
        "a1.*",
    )  # their kernel panics: they run, and never pass their checks (Graviton 1, AL2023)
    paravirtual_types: Texts = ()  # run no hvm AMI, such as Amazon Linux 2023
    withdrawn_images: Texts = ()  # AMIs that nothing can be launched with any more
    price_history_days: float = 90.0  # how far back the spot price history goes
    token_buckets: bool = True  # throttle as AWS does, in real time
    vcpu_quota: Mapping[str, int] = field(default_factory=dict)  # "standard" or "standard@us-east-1" -> vCPUs
    pairs: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict
    )  # "m5.large@us-east-1" or "m5.*@*" -> its own settings

    def for_pair(self, instance_type: str, region: str) -> "Scenario":
        """Return the scenario as it is for one (instance type, Region); where several `pairs` fit, the last counts."""
        scenario = self
        for pair, own in self.pairs.items():
            if fnmatchcase(f"{instance_type}@{region}", pair):
                scenario = settings.changed(scenario, own)
        return scenario

    def boots(self, instance_type: str) -> bool:
        """Return whether the operating system starts on an instance type."""
        return not any(fnmatchcase(instance_type, pattern) for pattern in self.unbootable_types)

    def runs_hvm(self, instance_type: str) -> bool:
        """Return whether an instance type runs AMIs of the virtualization type hvm."""
        return not any(fnmatchcase(instance_type, pattern) for pattern in self.paravirtual_types)

    def changed(self, changes: Mapping[str, Any]) -> "Scenario":
        """Return this scenario with some settings changed.

        Raises ValueError for an unknown setting, or a value it cannot have.
        """
        new = settings.changed(self, changes)
        for pair, own in new.pairs.items():
            if pair.count("@") != 1:
                raise ValueError(f"a pair is written m5.large@us-east-1, not {pair!r}")
            if excluded := _NOT_PER_PAIR & set(own):
                raise ValueError(f"{', '.join(sorted(excluded))} cannot differ by pair")
            settings.changed(Scenario(), own)
        return new

    def as_json(self) -> dict[str, Any]:
        """Return every setting, ready for JSON."""
        return settings.as_json(self)
