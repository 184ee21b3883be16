"""Which of the distributions that requirements.txt names a Python lacks, or has in a version out of bounds."""

import json
import operator
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from check_setup.finding import Finding, fine, to_do
from common import ROOT

_WHAT = "requirements"
REQUIREMENTS = ROOT / "requirements.txt"

# Prints the versions of the distributions that a Python has.
_ASK = """
import importlib.metadata, json
found = [one.metadata for one in importlib.metadata.distributions()]  # each access reads and parses the file anew
print(json.dumps({one["Name"]: one["Version"] for one in found if one["Name"]}))
"""
_SECONDS = 30
_LINE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^]]*\])?\s*([^;#]*)")
_BOUND = re.compile(r"(>=|<=|==|!=|>|<)\s*([0-9][0-9.]*)")
_HOLDS: Mapping[str, Callable[[list[int], list[int]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True)
class Requirement:
    """A distribution and the bounds of its version, as (operator, version)."""

    name: str
    bounds: tuple[tuple[str, str], ...]

    def fault_of(self, version: str | None) -> str | None:
        """Say what is wrong with the version that is installed; None: nothing."""
        if version is None:
            return self.name
        broken = [f"{sign}{bound}" for sign, bound in self.bounds if not _holds(version, sign, bound)]
        return f"{self.name} {','.join(broken)} (it has {version})" if broken else None


def check_requirements() -> Iterator[Finding]:
    """Check the Python that runs this."""
    lacking = lacking_in(Path(sys.executable))
    if lacking:
        yield to_do(_WHAT, f"{sys.executable} lacks {', '.join(lacking)}: run script/install in {ROOT}")
    else:
        yield fine(_WHAT, f"{sys.executable} has all {len(read_requirements(_text()))} that requirements.txt names")


def lacking_in(python: Path) -> list[str]:
    """Give what a Python lacks of requirements.txt, in words. Raises OSError, SubprocessError, or ValueError."""
    asked = [str(python), "-c", _ASK]
    told = subprocess.run(asked, capture_output=True, text=True, timeout=_SECONDS, check=True)  # noqa: S603
    versions = {_normal(name): version for name, version in json.loads(told.stdout).items()}
    faults = (one.fault_of(versions.get(_normal(one.name))) for one in read_requirements(_text()))
    return [fault for fault in faults if fault]


def read_requirements(text: str) -> list[Requirement]:
    """Read the lines of a requirements file that name a distribution."""
    found = (_LINE.match(line) for line in text.splitlines())
    return [Requirement(line[1], tuple(_BOUND.findall(line[2]))) for line in found if line]


def _text() -> str:
    return REQUIREMENTS.read_text(encoding="utf-8")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _holds(version: str, sign: str, bound: str) -> bool:
    one, other = _release(version), _release(bound)
    length = max(len(one), len(other))
    return _HOLDS[sign](*(numbers + [0] * (length - len(numbers)) for numbers in (one, other)))


def _release(version: str) -> list[int]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return [int(number) for number in found[0].split(".")] if found else []
