"""How this market behaves towards launches: delays, capacity, mishaps and limits, settable while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args

Seconds = tuple[float, float]  # drawn evenly between the two
Crossing = Literal["pending-fulfillment", "canceled-before-fulfillment"]

_NEVER_BY_PAIR = {"pairs", "vcpu_quota", "token_buckets", "page_size", "stale_seconds"}


@dataclass(frozen=True)
class Scenario:
    """The knobs, at what AWS is like on an ordinary day; None leaves a thing to the market."""

    evaluation_seconds: Seconds = (0.5, 2.0)  # pending-evaluation
    fulfilment_seconds: Seconds | None = None  # pending-fulfillment; None: by the pool's scarcity
    pending_seconds: Seconds | None = None  # an instance's pending
    check_seconds: Seconds | None = None  # from running until the last status check says something
    check_beat_seconds: float = 60.0  # AWS looks about once a minute; 0: whenever it is ready
    shutting_down_seconds: Seconds = (8.0, 40.0)
    capacity: int | None = None  # spot instances there are for us in a whole Region
    capacity_beat_seconds: float = 30.0  # how often a waiting request is evaluated again
    system_error_share: float = 0.0  # of requests: failed, system-error
    impaired_share: float = 0.0  # of instances: a check says impaired instead of ok
    impaired_seconds: float | None = None  # None: it stays so
    ebs_status_share: float = 1.0  # of instances: AttachedEbsStatus is reported at all
    interrupt_after_seconds: Seconds | None = None  # from running to the notice
    interrupt_share: float = 1.0  # of instances that can be interrupted at all
    interruption_notice_seconds: float = 120.0  # the instance goes on running for so long
    cross_cancel_probability: float = 0.05  # a cancelled open request is fulfilled all the same
    crossing_seconds: Seconds = (0.3, 3.0)  # so long after the cancel's answer
    crossing_shows: Crossing = "pending-fulfillment"  # until then; canceled-before-fulfillment is the crueller
    invisible_seconds: float = 1.5  # a new id is unknown for at most so long
    stale_seconds: float = 0.0  # a Describe's answer is at most so old
    page_size: int | None = None  # a Describe's longest page, also when nobody asked for pages
    token_buckets: bool = True  # throttle as AWS does, in our seconds, not the market's
    vcpu_quota: Mapping[str, int] = field(default_factory=dict)  # "standard" or "standard@us-east-1" -> vCPUs
    pairs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # "m5.large@us-east-1" -> other knobs

    def of(self, instance_type: str, region: str) -> "Scenario":
        """Return the knobs as they are for one (instance type, Region)."""
        own = self.pairs.get(f"{instance_type}@{region}")
        return self if own is None else self.with_knobs(own)

    def with_knobs(self, knobs: Mapping[str, Any]) -> "Scenario":
        """Return this scenario with some knobs turned.

        Raises ValueError for an unknown knob, or a value it cannot have.
        """
        kinds = {knob.name: knob.type for knob in fields(self)}
        turned = {}
        for name, value in knobs.items():
            if name not in kinds:
                raise ValueError(f"there is no knob {name!r}; there are {', '.join(kinds)}")
            turned[name] = _checked(name, value, kinds[name])
        for pair, own in dict(turned.get("pairs", {})).items():
            if pair.count("@") != 1:
                raise ValueError(f"a pair is written m5.large@us-east-1, not {pair!r}")
            if unfit := _NEVER_BY_PAIR & set(own):
                raise ValueError(f"{', '.join(sorted(unfit))} cannot differ by pair")
            Scenario().with_knobs(own)
        return replace(self, **turned)

    def as_json(self) -> dict[str, Any]:
        """Return every knob in JSON's own types."""
        return {
            knob.name: list(value) if isinstance(value := getattr(self, knob.name), tuple) else value
            for knob in fields(self)
        }


def _checked(name: str, value: Any, kind: Any) -> Any:
    if value is None and type(None) in get_args(kind):
        return None
    if kind in (Seconds, Seconds | None):
        return _range(name, value)
    if kind is bool:
        return _of_kind(name, value, bool)
    if kind == Crossing:
        return _word(name, value, get_args(Crossing))
    if kind in (float, float | None):
        return _share(name, _number(name, value))
    if kind == int | None:
        return int(_number(name, value))
    return _of_kind(name, value, dict)


def _range(name: str, value: Any) -> Seconds:
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


def _word(name: str, value: Any, words: tuple[str, ...]) -> Any:
    if value not in words:
        raise ValueError(f"{name} is one of {', '.join(words)}, not {value!r}")
    return value


def _of_kind(name: str, value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{name} cannot be {value!r}")
    return value
