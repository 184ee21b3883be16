"""Tells whether every version in requirements.lock has a wheel, for each Python and system that is supported.

python -m script.lock_wheels UV
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from script.lock_file import BASE, LOCK, REQUIREMENTS_FILES

_PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_SYSTEMS = {
    "x86_64-manylinux_2_28": frozenset(REQUIREMENTS_FILES),
    "aarch64-manylinux_2_28": frozenset(REQUIREMENTS_FILES),
    "aarch64-apple-darwin": frozenset(REQUIREMENTS_FILES),
    "x86_64-apple-darwin": frozenset({BASE, "fast", "notify"}),  # of Intel; cryptography has no wheels for it any more
}
"""By uv's name of the system, what can be installed there."""
_FROM_SOURCE = frozenset({"jsonpath-rw"})
"""Distributions that never had a wheel; of Python only, so that pip makes one anywhere."""


def main() -> int:
    """Ask for each system and Python; give 1 if a wheel is missing anywhere."""
    uv = sys.argv[1]
    missing = 0
    for system, sets in _SYSTEMS.items():
        for python in _PYTHONS:
            reason = _lacking(uv, system, python, "\n".join(_pinned(sets)))
            missing += reason is not None
            found = reason or f"wheels for {', '.join(sorted(sets))}"
            sys.stdout.write(f"{system}, Python {python}: {found}\n")
    return 1 if missing else 0


def _pinned(sets: frozenset[str]) -> Iterator[str]:
    """Give what the lock pins for sets, a distribution each with its hashes."""
    for named, text in re.findall(r"^# For: (.*)\n((?:.+\n)*)", LOCK.read_text(encoding="utf-8"), re.MULTILINE):
        if sets.intersection(named.split()):
            for block in re.split(r"\n(?=\S)", text.strip()):
                if block.partition("==")[0] not in _FROM_SOURCE:
                    yield block


def _lacking(uv: str, system: str, python: str, requirements: str) -> str | None:
    """Say what has no wheel for a system and Python, or whose hash is not the one pinned; None: nothing."""
    with tempfile.TemporaryDirectory() as nowhere:
        command = [
            uv,
            "pip",
            "install",
            "--quiet",
            "--dry-run",
            "--no-deps",
            "--require-hashes",
            "--only-binary",
            ":all:",
        ]
        target = ["--python-platform", system, "--python-version", python, "--target", nowhere]
        asked = [*command, *target, "--requirement", "-"]
        ended = subprocess.run(asked, input=requirements, capture_output=True, text=True, check=False)
    if ended.returncode == 0:
        return None
    causes = re.findall(r"Because .*? has no usable wheels", " ".join(ended.stderr.split()))
    return (causes[0] if causes else ended.stderr.strip()).removeprefix("Because ")


if __name__ == "__main__":
    raise SystemExit(main())
