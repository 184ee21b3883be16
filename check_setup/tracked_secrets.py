"""Whether others could read our secrets: git, which could take the mail password along, or users of this machine."""

import shutil
import stat
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import configs
from check_setup.finding import Finding, fine, to_do, unknown
from collect_sps_and_if.nightly.mail.password import CREDENTIAL
from common.user_settings import SETTINGS_FILE

_WHAT = "password in git"
_WHAT_SETTINGS = "secrets in spot.toml"

_SECONDS = 20


def check_tracked_password() -> Iterator[Finding]:
    """Look at what git tracks of this folder, and at what its last commit has."""
    yield from tracked_password(Path(configs.__file__).parent)


def check_readable_settings() -> Iterator[Finding]:
    """Look at whether others may read the secrets in spot.toml."""
    yield from readable_settings(configs.HOME / SETTINGS_FILE, configs.secrets_in_file())


def readable_settings(file: Path, secrets: Sequence[str]) -> Iterator[Finding]:
    """Tell whether others may read the file of settings, where it holds these secrets."""
    if not secrets:
        return
    if file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        yield to_do(
            _WHAT_SETTINGS, f"{file} holds {' and '.join(secrets)}, and others may read it: run chmod 600 {file}"
        )
    else:
        yield fine(_WHAT_SETTINGS, f"only its owner may read {file}")


def tracked_password(repository: Path) -> Iterator[Finding]:
    """Tell whether a password in credential.txt shows in git status, or is committed already."""
    if not (repository / ".git").exists() or not shutil.which("git"):
        yield unknown(_WHAT, "not looked for, this folder is no git checkout")
        return
    if _has_password(_git(repository, "show", f"HEAD:{CREDENTIAL}")):
        yield to_do(
            _WHAT,
            f"a commit has a password in {CREDENTIAL}: change it where it is from, for others may have that commit",
        )
        return
    path = repository / CREDENTIAL
    held = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    if _has_password(held) and _git(repository, "ls-files", "-v", CREDENTIAL).startswith("H"):
        yield to_do(
            _WHAT,
            f"git status shows {CREDENTIAL} with the password: run git update-index --skip-worktree {CREDENTIAL}",
        )
        return
    yield fine(_WHAT, "git neither shows nor has one")


def _has_password(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def _git(repository: Path, *arguments: str) -> str:
    # In a clone of another user's git says nothing, unless it is told that this one is meant.
    command = ["git", "-c", f"safe.directory={repository.resolve()}", "-C", str(repository), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
    return done.stdout if done.returncode == 0 else ""
