"""Writes requirements.lock: sections that `script/install` picks from, for all programs and for each extra besides.

python -m script.lock_file UV
"""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
LOCK = _ROOT / "requirements.lock"
BASE = "base"
REQUIREMENTS_FILES = {BASE: "requirements.txt"} | {
    extra: f"requirements-{extra}.txt" for extra in ("fast", "cluster", "notify", "demo", "dev")
}
_LOWEST_PYTHON = "3.11"
_HEADER = """\
# Made by script/lock from requirements*.txt, for CPython 3.11 to 3.14 on Linux (x86_64, aarch64) and macOS.
# script/install installs the sections that name a set it wants.
"""


def main() -> None:
    """Resolve all sets together, so that they agree; then see what each of them needs of that."""
    uv = sys.argv[1]
    blocks: dict[str, list[str]] = {}  # by name and version: the lines, of which all but the first are hashes
    pin = ""
    for line in _compiled(uv, "--generate-hashes", *REQUIREMENTS_FILES.values()).splitlines():
        pin = pin if line.startswith(" ") else _pin(line)
        blocks.setdefault(pin, []).append(line)
    pins = "".join(block[0].removesuffix("\\") + "\n" for block in blocks.values())
    sets_of: dict[str, list[str]] = defaultdict(list)
    for name, file in REQUIREMENTS_FILES.items():
        for line in _compiled(uv, "--constraint", "-", file, given=pins).splitlines():
            sets_of[_pin(line)].append(name)
    sections: dict[str, list[str]] = defaultdict(list)
    for pin, block in blocks.items():
        sets = [BASE] if BASE in sets_of[pin] else sets_of[pin]
        sections[" ".join(sets)] += block
    ordered = sorted(sections.items(), key=lambda section: (section[0] != BASE, section[0]))
    LOCK.write_text(_HEADER + "".join(f"\n# For: {sets}\n" + "\n".join(rows) + "\n" for sets, rows in ordered))


def _compiled(uv: str, *arguments: str, given: str = "") -> str:
    """Let uv resolve for every Python from the lowest on, and every system."""
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", _LOWEST_PYTHON]
    options = ["--no-annotate", "--no-header", *arguments]
    done = subprocess.run([*command, *options], cwd=_ROOT, input=given, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _pin(line: str) -> str:
    """Give the name and version in a line."""
    return line.split()[0]


if __name__ == "__main__":
    main()
