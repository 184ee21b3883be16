"""A password that git would take along, or has taken, is told, and never shown."""

import subprocess
from pathlib import Path

import pytest

from check_setup.finding import State
from check_setup.tracked_secrets import tracked_password

TEMPLATE = "# the password, alone on a line below\n"
PASSWORD = "abcdefghijklmnop"


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "credential.txt").write_text(TEMPLATE)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "credential.txt")
    git(tmp_path, "commit", "--quiet", "--message", "A template")
    return tmp_path


def told(folder: Path) -> tuple[State, str]:
    (finding,) = tracked_password(folder)
    assert PASSWORD not in str(finding)
    return finding.state, finding.text


def test_the_template_is_fine_and_so_is_a_password_that_git_looks_away_from(checkout: Path) -> None:
    assert told(checkout)[0] is State.FINE
    git(checkout, "update-index", "--skip-worktree", "credential.txt")
    (checkout / "credential.txt").write_text(f"{TEMPLATE}{PASSWORD}\n")
    assert told(checkout)[0] is State.FINE


def test_a_password_that_git_shows_is_told_with_the_command_that_hides_it(checkout: Path) -> None:
    (checkout / "credential.txt").write_text(f"{TEMPLATE}{PASSWORD}\n")
    state, text = told(checkout)
    assert state is State.TO_DO
    assert "git update-index --skip-worktree credential.txt" in text


def test_a_password_that_is_committed_must_be_changed(checkout: Path) -> None:
    (checkout / "credential.txt").write_text(f"{TEMPLATE}{PASSWORD}\n")
    git(checkout, "commit", "--quiet", "--all", "--message", "mine")
    state, text = told(checkout)
    assert state is State.TO_DO
    assert "change it where it is from" in text


def test_a_folder_without_git_is_not_looked_at(tmp_path: Path) -> None:
    assert told(tmp_path)[0] is State.UNKNOWN
