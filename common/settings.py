"""The checks that a setting's text goes through: each gives its value, or a ValueError with what is right."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from common.aws.region_name import REGION_PATTERN


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Check for a whole number within limits, both included."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", text) or not least <= int(text) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(text)

    return read


def number(least: float, most: float) -> Callable[[str], float]:
    """Check for a decimal number within limits, both included."""

    def read(text: str) -> float:
        if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text):
            raise ValueError(f"a number from {least:g} to {most:g}")
        if not least <= float(text) <= most:
            raise ValueError(f"a number from {least:g} to {most:g}")
        return float(text)

    return read


def folder(text: str) -> Path:
    """Check for a folder's path; it need not exist yet."""
    if not text or "\0" in text:
        raise ValueError("the path of a folder")
    try:
        path = Path(text).expanduser().absolute()
        is_taken = path.exists() and not path.is_dir()
    except (OSError, RuntimeError) as error:  # a name too long, a folder we may not look into, ~ of nobody
        raise ValueError(f"the path of a folder ({getattr(error, 'strerror', None) or error})") from None
    if is_taken:
        raise ValueError("the path of a folder, and a file stands there")
    return path


def region(text: str) -> str:
    """Check for the name of one AWS Region."""
    if not REGION_PATTERN.fullmatch(text):
        raise ValueError("an AWS Region such as us-east-1")
    return text


def regions(text: str) -> tuple[str, ...]:
    """Check for names of AWS Regions, separated by commas or spaces; none is right too."""
    names = _words(text)
    for name in names:
        if not REGION_PATTERN.fullmatch(name):
            raise ValueError(f"AWS Regions separated by commas or spaces, which {name!r} is not")
    return tuple(dict.fromkeys(names))


def instance_types(text: str) -> tuple[str, ...]:
    """Check for names of instance types, separated by commas or spaces; none is right too."""
    names = _words(text)
    for name in names:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*\.[a-z0-9-]+", name):
            raise ValueError(f"instance types separated by commas or spaces, which {name!r} is not")
    return tuple(dict.fromkeys(names))


def ids_by_region(kind: str) -> Callable[[str], dict[str, tuple[str, ...]]]:
    """Check for ids of a kind (subnet, sg) by Region, such as us-east-1=subnet-…; a Region may stand there repeatedly.

    None is right too.
    """
    an_id = re.compile(rf"{kind}-[0-9a-f]{{8,17}}")

    def read(text: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        last_region = "us-east-1"
        for word in _words(re.sub(r"\s*=\s*", "=", text)):
            name, _, value = word.partition("=")
            if not REGION_PATTERN.fullmatch(name) or not an_id.fullmatch(value):
                raise ValueError(_region_and_id(kind, word, last_region))
            last_region = name
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), value)))
        return found

    return read


def _region_and_id(kind: str, word: str, last_region: str) -> str:
    """Say how a word should look, with what can be recognised in it."""
    parts = re.split(r"[=:;/]+", word)
    region = next((part for part in parts if REGION_PATTERN.fullmatch(part)), last_region)
    value = next(
        (part for part in parts if re.fullmatch(rf"{kind}-[0-9a-f]{{8,17}}", part)), f"{kind}-0123456789abcdef0"
    )
    return f"{region}={value} and so on, separated by commas or spaces, which {word!r} is not"


def _words(text: str) -> tuple[str, ...]:
    """Split a list at commas and spaces."""
    return tuple(word for word in re.split(r"[,\s]+", text) if word)


def pattern(text: str) -> re.Pattern[str]:
    """Check for a regular expression."""
    if not text or re.search(r"\s", text):  # no name has a blank: several names are one expression too, a|b
        raise ValueError("a regular expression without blanks; .* takes every instance type")
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"a regular expression ({error})") from None


def url(text: str) -> str:
    """Check for an http or https address."""
    try:
        parts = urlsplit(text)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return text
    except ValueError:
        pass
    raise ValueError("an address that begins with https:// (or http://)")


def url_or_none(text: str) -> str:
    """Check for an http or https address; none is right too."""
    return url(text) if text else ""


def notification_addresses(text: str) -> tuple[str, ...]:
    """Check for addresses in apprise's notation, separated by blanks, or by commas before the next scheme; or none."""
    found = tuple(word for word in re.split(r"\s+|,\s*(?=[A-Za-z][A-Za-z0-9+.-]*://)|,\s+", text) if word)
    for address in found:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://\S+", address):
            raise ValueError("addresses in apprise's notation, such as ntfy://topic, separated by spaces")
    return found


def host(text: str) -> str:
    """Check for a host name or address without scheme, port or spaces."""
    if not re.fullmatch(r"[A-Za-z0-9.:_\[\]-]+", text):
        raise ValueError("a host name such as smtp.gmail.com")
    return text


def user_name(text: str) -> str:
    """Check for a name to log in with, or none."""
    if not text.isascii() or not text.isprintable():
        raise ValueError("a user name of plain ASCII characters")
    return text


def mail_addresses(text: str) -> tuple[str, ...]:
    """Check for mail addresses, separated by commas or spaces; none is right too."""
    found = _words(text)
    for address in found:
        if not re.fullmatch(r"[^@\s<>,;:\"]+@[A-Za-z0-9.-]+", address):
            raise ValueError(f"mail addresses separated by commas or spaces, which {address!r} is not")
    return found


def mail_address(text: str) -> str:
    """Check for one mail address, or none."""
    found = mail_addresses(text)
    if len(found) > 1:
        raise ValueError("one mail address")
    return found[0] if found else ""
