"""Whether git could take the mail password along: ours is the only secret that stands beside the code."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import configs
from check_setup.finding import Finding, fine, to_do, unknown
from collect_sps_and_if.nightly.mail.password import FILE

WHAT = "password in git"

_SECONDS = 20


def check_tracked_password() -> Iterator[Finding]:
    """Look at what git tracks of this folder, and at what its last commit has."""
    yield from tracked_password(Path(configs.__file__).parent)


def tracked_password(repository: Path) -> Iterator[Finding]:
    """Tell whether a password in credential.txt shows in git status, or is committed already."""
    if not (repository / ".git").exists() or not shutil.which("git"):
        yield unknown(WHAT, "not looked for, this folder is no git checkout")
        return
    if _has_password(_git(repository, "show", f"HEAD:{FILE}")):
        yield to_do(
            WHAT, f"a commit has a password in {FILE}: change it where it is from, for others may have that commit"
        )
        return
    path = repository / FILE
    held = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    if _has_password(held) and _git(repository, "ls-files", "-v", FILE).startswith("H"):
        yield to_do(WHAT, f"git status shows {FILE} with the password: run git update-index --skip-worktree {FILE}")
        return
    yield fine(WHAT, "git neither shows nor has one")


def _has_password(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def _git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
    return done.stdout if done.returncode == 0 else ""
