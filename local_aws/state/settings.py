"""Settings that a test changes one by one: a frozen dataclass, whose fields' types say which values each can have."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, Literal, TypeVar, get_args, get_origin

Seconds = tuple[float, float]  # a duration is drawn uniformly between the two
Texts = tuple[str, ...]

_Settings = TypeVar("_Settings", bound=Any)


def changed(settings: _Settings, changes: Mapping[str, Any]) -> _Settings:
    """Return these settings with some of them changed.

    Raises ValueError for an unknown setting, or a value it cannot have.
    """
    kinds = {setting.name: setting.type for setting in fields(settings)}
    checked = {}
    for name, value in changes.items():
        if name not in kinds:
            raise ValueError(f"there is no setting {name!r}; there are {', '.join(kinds)}")
        checked[name] = _checked(name, value, kinds[name])
    new: _Settings = replace(settings, **checked)
    return new


def as_json(settings: Any) -> dict[str, Any]:
    """Return every setting, ready for JSON."""
    return {
        setting.name: list(value) if isinstance(value := getattr(settings, setting.name), tuple) else value
        for setting in fields(settings)
    }


def _checked(name: str, value: Any, kind: Any) -> Any:
    if type(None) in get_args(kind):
        if value is None:
            return None
        [kind] = [one for one in get_args(kind) if one is not type(None)]
    if get_origin(kind) is Literal:
        return _one_of(name, value, get_args(kind))
    if kind in _CHECKS:
        return _CHECKS[kind](name, value)
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


def _share(name: str, value: Any) -> float:
    number = _number(name, value)
    if name.endswith(("_share", "_probability")) and number > 1:
        raise ValueError(f"{name} is a share, and {number} is more than 1")
    return number


def _texts(name: str, value: Any) -> Texts:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{name} is a list of texts, not {value!r}")
    return tuple(value)


def _one_of(name: str, value: Any, choices: tuple[str, ...]) -> Any:
    if value not in choices:
        raise ValueError(f"{name} is one of {', '.join(choices)}, not {value!r}")
    return value


def _of_kind(name: str, value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{name} cannot be {value!r}")
    return value


_CHECKS: dict[Any, Callable[[str, Any], Any]] = {
    Seconds: _bounds,
    Texts: _texts,
    float: _share,
    int: lambda name, value: int(_number(name, value)),
    bool: lambda name, value: _of_kind(name, value, bool),
    str: lambda name, value: _of_kind(name, value, str),
}
