"""What every program here stands on; knows no score, no probe and no column.

How a program runs and ends: `errors`, `redaction`, `run_log`, `exit_code`, `command_line`, `version`, `terminal`. What
it works with: `settings`, `clock`, `side_by_side`, `counted`, and the rooms `files/` and `aws/`. Here: which Python it
is to be run with, told before an older one stumbles over what it cannot read.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_OLDEST_PYTHON = (3, 11)


def python_to_use() -> str:
    """Say, to whoever ran a program with another Python, which one has what it needs."""
    venv = ROOT / ".venv"
    if not (venv / "bin" / "python").exists() or Path(sys.prefix).resolve() == venv.resolve():
        return f"run script/install in {ROOT}"
    return f"run it with {venv / 'bin' / 'python'}"


if sys.version_info < _OLDEST_PYTHON:
    sys.stderr.write(f"{sys.executable} is older than Python 3.11: {python_to_use()}\n")
    raise SystemExit(2)
