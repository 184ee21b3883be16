"""Where a setting's value comes from: a SPOT_ variable, else the user's spot.toml, else the default in configs.py."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from common.errors import Refusal
from common.redaction import keep_secret
from common.run_log import tell_on_stderr

_T = TypeVar("_T")

SETTINGS_FILE = "spot.toml"
_PREFIX = "SPOT_"
# What other parts read from the environment, under the same prefix. They have no place in the file.
_VARIABLES = ("SPOT_NOW", "SPOT_SMTP_PASSWORD", "SPOT_UNLOCKED")
_ALIKE = 0.75  # of difflib's ratio: REGION for REGIONS, TIME_OUT for TIMEOUT


class UserSettings:
    """The user's values by upper-case name, each with where it stands; and which names have been asked for."""

    def __init__(self, file: Path | None) -> None:
        """Read the file if there is one. Raises Refusal, naming file and line, if it is no TOML or cannot be read."""
        self._file = file
        self._values = _read(file) if file else {}
        self._asked: set[str] = set()
        self._secrets: set[str] = set()

    def setting(self, name: str, default: object, read: Callable[[str], _T], *, is_secret: bool = False) -> _T:
        """Give a setting's value, through the same check wherever it stands.

        Raises Refusal naming the setting, its value (unless it is a secret), and what would be right.
        """
        self._asked.add(name)
        shown, value = self._stands(name, default)
        try:
            text = _as_text(value).strip()
            if is_secret:
                self._secrets.add(name)
                keep_secret(text, *text.split())
            return read(text)
        except ValueError as reason:
            quoted = "" if is_secret else f"is {_shown(value)}, but "
            raise Refusal(f"{shown} {quoted}must be {reason}") from None

    def secrets_in_file(self) -> list[str]:
        """Give the names of the secrets that were asked for and stand in the file."""
        return sorted(self._secrets & self._values.keys())

    def check_names(self, *others: str) -> None:
        """Refuse a key of the file that is no setting; tell of a SPOT_ variable that looks like one and is none.

        To be called when all settings have been asked for; others: settings that stand outside the file.
        Raises Refusal with the nearest right name.
        """
        for name, (key, value) in self._values.items():
            if name in others or _PREFIX + name in _VARIABLES:
                raise Refusal(f"{key} ({self._file}) cannot stand in that file: set {_PREFIX}{name} in the environment")
            if name not in self._asked:
                raise Refusal(self._unknown(key, value))
        known = [*(_PREFIX + name for name in (*self._asked, *others)), *_VARIABLES]
        for variable, nearest in _misspelt(os.environ, known):
            tell_on_stderr(f"{variable} (environment) is no setting, so it changes nothing: did you mean {nearest}?")

    def _stands(self, name: str, default: object) -> tuple[str, object]:
        if (override := os.environ.get(_PREFIX + name)) is not None:
            return f"{_PREFIX}{name} (environment)", override
        if name in self._values:
            key, value = self._values[name]
            return f"{key} ({self._file})", value
        return f"{name} (configs.py)", default

    def _unknown(self, key: str, value: object) -> str:
        if isinstance(value, dict):
            return f"[{key}] ({self._file}): settings stand at the top of the file, in no section"
        nearest = _nearest(key.upper(), self._asked)
        hint = f"did you mean {nearest}?" if nearest else "configs.py has them all"
        return f"{key} ({self._file}) is no setting: {hint}"


def _read(file: Path) -> dict[str, tuple[str, object]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise Refusal(f"{file} is no text in UTF-8") from None
    except OSError as error:
        raise Refusal(f"{file} cannot be read: {error.strerror or error}") from None
    values: dict[str, tuple[str, object]] = {}
    for key, value in _parsed(file, text).items():
        if key.upper() in values:
            raise Refusal(f"{file} says {values[key.upper()][0]} and {key}, which are one setting: keep one of them")
        values[key.upper()] = (key, value)
    return values


def _parsed(file: Path, text: str) -> Mapping[str, object]:
    import tomllib  # only where there is such a file

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: what is no TOML, a date that is none, an endless number
        hint = ' (text stands in quotes: REGIONS = "us-east-1")' if isinstance(error, tomllib.TOMLDecodeError) else ""
        raise Refusal(f"{file} is no TOML: {error}{hint}") from None


def _as_text(value: object) -> str:
    """Write a value of the file as the environment would have it: [a, b] is "a b", {k = "v"} is "k=v"."""
    if isinstance(value, dict):
        return " ".join(f"{key}={_as_text(one)}" for key, several in value.items() for one in _listed(several))
    if isinstance(value, list):
        return " ".join(_as_text(one) for one in value)
    if isinstance(value, bool) or not isinstance(value, str | int | float | os.PathLike):
        raise ValueError("text in quotes, a number, or a list of them")
    text = str(value)
    if any(not character.isprintable() and not character.isspace() for character in text):
        raise ValueError("text without control characters")
    return text


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _shown(value: object) -> str:
    return repr(str(value) if isinstance(value, os.PathLike) else value)


def _misspelt(environment: Mapping[str, str], known: Iterable[str]) -> Iterator[tuple[str, str]]:
    names = set(known)
    for variable in sorted(environment):
        if variable.upper().startswith(_PREFIX) and variable not in names and (nearest := _nearest(variable, names)):
            yield variable, nearest


def _nearest(name: str, known: Iterable[str]) -> str | None:
    import difflib  # only where a name is not right

    found = difflib.get_close_matches(name.upper(), sorted(known), n=1, cutoff=_ALIKE)
    return found[0] if found else None
