"""A password that git would take along, or has taken, is told, and never shown."""

import subprocess
from pathlib import Path

import pytest

from check_setup.finding import State
from check_setup.tracked_secrets import readable_settings, tracked_password
from common.user_settings import UserSettings

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


@pytest.mark.parametrize(("mode", "state"), [(0o600, State.FINE), (0o644, State.TO_DO), (0o640, State.TO_DO)])
def test_settings_that_others_may_read_are_told_where_they_hold_a_secret(
    tmp_path: Path, mode: int, state: State
) -> None:
    file = tmp_path / "spot.toml"
    file.write_text('heartbeat_url = "https://hc.example.com/secret"\n')
    file.chmod(mode)
    settings = UserSettings(file)
    settings.setting("TIMEOUT", 600, str)
    assert list(readable_settings(file, settings.secrets_in_file())) == []
    settings.setting("HEARTBEAT_URL", "", str, is_secret=True)
    (finding,) = readable_settings(file, settings.secrets_in_file())
    assert finding.state is state
    assert "hc.example.com" not in finding.text
    assert ("holds HEARTBEAT_URL" in finding.text) == (state is State.TO_DO)
