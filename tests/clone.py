"""A clone as a user may have it: in a folder whose name has spaces, with the .venv that runs the tests."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.program import ROOT


def clone_into(folder: Path) -> Path:
    """Copy what is under version control, as it stands, into a folder of its own; give that."""
    target = folder / "my spot clone"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    (target / ".venv").symlink_to(sys.prefix)
    return target
