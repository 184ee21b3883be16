"""Set up from a git clone, then upgraded by `git pull`: git has nothing to say of what a user has, nor touches it."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clone import clone_into
from tests.program import ROOT

pytestmark = pytest.mark.whole_run

GIT = ("git", "-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false")
MAKES_VENV = '#!/bin/sh\ncase "$*" in "-m venv .venv") mkdir -p .venv/bin; cp fake-python .venv/bin/python;; esac\n'
OF_THE_USER = {
    "spot.toml": 'REGIONS = ["eu-west-1"]\n',
    "credential.txt": "abcd efgh ijkl mnop\n",
    "collect_sps_and_if/data/polls.csv": "time,queries,failed,rows,seconds\n",
    "collect_launch_time/log/2026-03-01.log": "a line\n",
    "instance_arch_and_ami_id/data/tables.py": 'FAMILY_ARCH = {"m5": "x86_64"}\n',
    "spot_dataset/aws/one.csv": "time\n",
    "report/index.html": "<p>\n",
}


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run([*GIT, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    folder = clone_into(tmp_path / "origin")
    (folder / ".venv").unlink()
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A release")
    return folder


@pytest.fixture
def clone(origin: Path, tmp_path: Path) -> Path:
    """A clone set up by a user: installed, with settings, a password and data."""
    folder = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(origin), str(folder))
    python = tmp_path / "fake-python"
    python.write_text(MAKES_VENV)
    python.chmod(0o755)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to(python)
    environment = {**os.environ, "PYTHON": str(python)}
    subprocess.run(["bash", "script/install"], cwd=folder, env=environment, check=True, capture_output=True)
    for name, content in OF_THE_USER.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def regions(clone: Path) -> str:
    command = [
        sys.executable,
        "-c",
        "import configs; print(*configs.REGIONS, configs.get_ami('eu-west-1', 'm5.large'))",
    ]
    return subprocess.run(command, cwd=clone, check=True, capture_output=True, text=True).stdout


def test_git_has_nothing_to_say_of_a_set_up_and_no_commit_takes_the_password_along(clone: Path) -> None:
    assert git(clone, "status", "--porcelain") == ""
    committed = subprocess.run(
        [*GIT, "commit", "--all", "--message", "mine"], cwd=clone, capture_output=True, text=True
    )
    assert committed.returncode == 1
    assert "nothing to commit" in committed.stdout


def test_an_upgrade_over_changes_of_every_file_keeps_settings_password_tables_and_rows(
    origin: Path, clone: Path
) -> None:
    before = regions(clone)
    for release in range(3):
        for name in git(origin, "ls-files", "*.py", "*.txt", "*.md", "*.toml", "script").split("\n"):
            if name and name != "credential.txt" and (origin / name).is_file():
                with (origin / name).open("a") as file:
                    file.write(f"# release {release}\n")
        git(origin, "commit", "--quiet", "--all", "--message", f"Release {release}")
    git(clone, "pull", "--quiet")
    assert "# release 2" in (clone / "configs.py").read_text()
    assert {name: (clone / name).read_text() for name in OF_THE_USER} == OF_THE_USER
    assert regions(clone) == before
    assert git(clone, "status", "--porcelain") == ""


def test_the_template_of_the_password_never_changes_since_git_could_not_bring_the_change_to_users() -> None:
    content = (ROOT / "credential.txt").read_bytes()
    assert hashlib.sha256(content).hexdigest() == "887db0953639de6dc28e244651fe6054c8efbbcadae47d3d02b97fdfd8fc82ed"
