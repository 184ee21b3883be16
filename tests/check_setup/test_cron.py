"""The crontab's lines are read as cron reads them, and each thing wrong with them has its own words."""

import shlex
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from check_setup.cron import PROGRAMS, REPOSITORY, check_crontab, check_last_poll, read_crontab
from check_setup.finding import Finding, State
from data_files.market import polls
from data_files.market.polls import PollRow

SHIPPED = (REPOSITORY / "crontab.txt").read_text()


def install(text: str | None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a crontab command on the path that lists this text; None: the user has no crontab."""
    script = folder / "bin" / "crontab"
    script.parent.mkdir()
    (folder / "listed").write_text(text or "")
    script.write_text(f"#!/bin/sh\ncat {shlex.quote(str(folder / 'listed'))}\nexit {int(text is None)}\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")


def ours(python: str = sys.executable, folder: Path = REPOSITORY) -> str:
    return SHIPPED.replace("SPOT=/home/you/spot", f"SPOT={folder}").replace(".venv/bin/python", shlex.quote(python))


def only(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding


def test_the_shipped_crontab_runs_all_programs_in_the_folder_of_its_first_line() -> None:
    lines = read_crontab(SHIPPED)
    assert {line.module for line in lines} == set(PROGRAMS)
    assert {line.folder for line in lines} == {Path("/home/you/spot")}
    assert {line.python for line in lines} == {Path("/home/you/spot/.venv/bin/python")}


@pytest.mark.parametrize(
    "line",
    [
        "*/10 * * * * cd /srv/spot && .venv/bin/python -m collect_sps_and_if",
        "*/10 * * * * cd '/srv/spot' && /srv/spot/.venv/bin/python -m collect_sps_and_if >/dev/null",
        "HERE=/srv\n*/10 * * * * cd ${HERE}/spot && .venv/bin/python -m collect_sps_and_if",
        "*/10 * * * * cd /srv/spot; .venv/bin/python -m collect_sps_and_if|logger",
        "*/10 * * * * PYTHONPATH=/srv/spot /srv/spot/.venv/bin/python -m collect_sps_and_if",
    ],
)
def test_lines_of_the_users_own_making_are_understood(line: str) -> None:
    (found,) = read_crontab(line)
    assert found.module == "collect_sps_and_if"
    assert found.python == Path("/srv/spot/.venv/bin/python")


@pytest.mark.parametrize(
    "line",
    [
        'SPOT=/srv/it\'s my spot\n*/10 * * * * cd "$SPOT" && .venv/bin/python -m collect_sps_and_if',
        '*/10 * * * * cd "/srv/it\'s my spot" && .venv/bin/python -m collect_sps_and_if',
        "*/10 * * * * cd /srv/it\\'s\\ my\\ spot && .venv/bin/python -m collect_sps_and_if",
        '*/10 * * * * "/srv/it\'s my spot/.venv/bin/python" -m collect_sps_and_if',
    ],
)
def test_a_folder_whose_name_has_spaces_and_quotes_is_understood(line: str) -> None:
    (found,) = read_crontab(line)
    assert found.python == Path("/srv/it's my spot/.venv/bin/python")


def test_lines_that_no_shell_would_take_are_passed_over() -> None:
    assert read_crontab("*/10 * * * * cd '/srv/spot && .venv/bin/python -m collect_sps_and_if") == []
    assert read_crontab("-m collect_sps_and_if") == []


def test_a_crontab_that_runs_this_clone_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(ours(), tmp_path, monkeypatch)
    assert only(list(check_crontab())).state is State.FINE


@pytest.mark.parametrize("text", [None, "", "# 0 0 * * * cd /x && python -m collect_sps_and_if\n"])
def test_a_crontab_without_our_lines_says_how_to_install_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    install(text, tmp_path, monkeypatch)
    found = only(list(check_crontab()))
    assert found.state is State.TO_DO
    assert "collect_sps_and_if.daily_score" in found.text
    assert "crontab.txt" in found.text


def test_a_machine_without_cron_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no cron" in only(list(check_crontab())).text


def test_the_first_line_left_unedited_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(SHIPPED, tmp_path, monkeypatch)
    found = only(list(check_crontab()))
    assert found.state is State.TO_DO
    assert "/home/you/spot" in found.text
    assert "SPOT=" in found.text


def test_a_python_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(ours(python=".gone/bin/python"), tmp_path, monkeypatch)
    assert f"{REPOSITORY}/.gone/bin/python does not exist" in only(list(check_crontab())).text


def test_a_python_without_the_libraries_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\necho boto3 pyarrow\n")
    bare.chmod(0o755)
    install(ours(python=str(bare)), tmp_path, monkeypatch)
    assert "lacks boto3, pyarrow" in only(list(check_crontab())).text


def test_no_probe_in_the_crontab_is_a_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line for line in ours().splitlines() if not line.endswith("-m collect_launch_time")]
    install("\n".join(lines), tmp_path, monkeypatch)
    assert [finding.state for finding in check_crontab()] == [State.FINE, State.UNKNOWN]


@pytest.mark.parametrize(("minutes", "state"), [(8, State.FINE), (24, State.FINE), (26, State.TO_DO)])
def test_a_poll_that_is_overdue_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minutes: int, state: State
) -> None:
    monkeypatch.setattr("configs.HOME", tmp_path)
    now = datetime.now(UTC)
    rows = [PollRow(now - timedelta(minutes=m), 30, 0, 300, 3.5) for m in (minutes + 10, minutes)]
    polls.FILE.append(polls.FILE.path(tmp_path), rows)
    found = only(list(check_last_poll()))
    assert found.state is state
    assert f"{minutes} min ago" in found.text
