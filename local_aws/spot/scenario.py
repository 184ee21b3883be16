"""How launches go: delays, capacity, failures and limits, which can be changed while the stand-in runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args

Seconds = tuple[float, float]  # a duration is drawn uniformly between the two
RaceCode = Literal["pending-fulfillment", "canceled-before-fulfillment"]

_NOT_PER_PAIR = {"pairs", "vcpu_quota", "token_buckets", "page_size", "stale_seconds"}


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
    system_error_share: float = 0.0  # share of requests that fail with system-error
    impaired_share: float = 0.0  # share of instances whose instance check is impaired at first
    impaired_seconds: float | None = None  # for how long; None: for good
    ebs_status_share: float = 1.0  # share of instances for which AttachedEbsStatus is reported
    interrupt_after_seconds: Seconds | None = None  # from running to the interruption notice
    interrupt_share: float = 1.0  # share of instances that can be interrupted
    interruption_notice_seconds: float = 120.0  # from the notice to shutting-down
    cancel_race_probability: float = 0.05  # that a cancelled open request is fulfilled all the same
    cancel_race_seconds: Seconds = (0.3, 3.0)  # from the cancel's answer to that fulfilment
    cancel_race_code: RaceCode = "pending-fulfillment"  # the status until then
    invisible_seconds: float = 1.5  # a new id is unknown to AWS for up to this long
    stale_seconds: float = 0.0  # the answer of a Describe call is up to this old
    page_size: int | None = None  # longest page of a Describe call, even if the caller asked for no pages
    token_buckets: bool = True  # throttle as AWS does, in real time
    vcpu_quota: Mapping[str, int] = field(default_factory=dict)  # "standard" or "standard@us-east-1" -> vCPUs
    pairs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # "m5.large@us-east-1" -> its own settings

    def for_pair(self, instance_type: str, region: str) -> "Scenario":
        """Return the scenario as it is for one (instance type, Region)."""
        own = self.pairs.get(f"{instance_type}@{region}")
        return self if own is None else self.changed(own)

    def changed(self, settings: Mapping[str, Any]) -> "Scenario":
        """Return this scenario with some settings changed.

        Raises ValueError for an unknown setting, or a value it cannot have.
        """
        kinds = {setting.name: setting.type for setting in fields(self)}
        checked = {}
        for name, value in settings.items():
            if name not in kinds:
                raise ValueError(f"there is no setting {name!r}; there are {', '.join(kinds)}")
            checked[name] = _checked(name, value, kinds[name])
        for pair, own in dict(checked.get("pairs", {})).items():
            if pair.count("@") != 1:
                raise ValueError(f"a pair is written m5.large@us-east-1, not {pair!r}")
            if excluded := _NOT_PER_PAIR & set(own):
                raise ValueError(f"{', '.join(sorted(excluded))} cannot differ by pair")
            Scenario().changed(own)
        return replace(self, **checked)

    def as_json(self) -> dict[str, Any]:
        """Return every setting, ready for JSON."""
        return {
            setting.name: list(value) if isinstance(value := getattr(self, setting.name), tuple) else value
            for setting in fields(self)
        }


def _checked(name: str, value: Any, kind: Any) -> Any:
    if value is None and type(None) in get_args(kind):
        return None
    if kind in (Seconds, Seconds | None):
        return _bounds(name, value)
    if kind is bool:
        return _of_kind(name, value, bool)
    if kind == RaceCode:
        return _one_of(name, value, get_args(RaceCode))
    if kind in (float, float | None):
        return _share(name, _number(name, value))
    if kind == int | None:
        return int(_number(name, value))
    return _of_kind(name, value, dict)


def _bounds(name: str, value: Any) -> Seconds:
    """Accept [low, high], or one number for both."""
    low, high = value if isinstance(value, list | tuple) and len(value) == 2 else (value, value)
    low, high = _number(name, low), _number(name, high)
    if low > high:
        raise ValueError(f"{name} goes from {low} to {high}, which is backwards")
    return low, high


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"{name} cannot be {value!r}")
    return float(value)


def _share(name: str, value: float) -> float:
    if name.endswith(("_share", "_probability")) and value > 1:
        raise ValueError(f"{name} is a share, and {value} is more than 1")
    return value


def _one_of(name: str, value: Any, choices: tuple[str, ...]) -> Any:
    if value not in choices:
        raise ValueError(f"{name} is one of {', '.join(choices)}, not {value!r}")
    return value


def _of_kind(name: str, value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{name} cannot be {value!r}")
    return value
