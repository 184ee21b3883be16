"""Which code packaged the data: the version, and the commit where the programs run from a git checkout."""

import re
import shutil
import subprocess
from pathlib import Path

from common.version import VERSION

_ROOT = Path(__file__).resolve().parents[4]
_SECONDS = 10
_COMMIT = re.compile(r"[0-9a-f]{40,64}")


def version_of_code() -> str:
    """Name the programs, their version and, if that can be found out, the commit."""
    commit = _commit()
    return f"spot-collector {VERSION}" + (f" (commit {commit})" if commit else "")


def _commit() -> str | None:
    git = shutil.which("git")
    if not git or not (_ROOT / ".git").exists():  # of a repository around ours nothing is to be told
        return None
    asked = [git, "-C", str(_ROOT), "rev-parse", "HEAD"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    found = told.stdout.strip()
    return found if told.returncode == 0 and _COMMIT.fullmatch(found) else None
