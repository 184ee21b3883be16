"""The crontab's lines are read as cron reads them, and each thing wrong with them has its own words."""

import shlex
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from check_setup.finding import Finding, State
from check_setup.scheduling import schedule
from check_setup.scheduling.crontab import PROGRAMS, read_crontab
from check_setup.scheduling.schedule import check_last_poll, check_schedule
from common import ROOT as REPOSITORY
from data_files.market import polls
from data_files.market.polls import PollRow

SHIPPED = (REPOSITORY / "crontab.txt").read_text()


def install(text: str | None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a crontab command on the path that lists this text; None: the user has no crontab."""
    script = folder / "bin" / "crontab"
    script.parent.mkdir()
    (folder / "listed").write_text(text or "")
    script.write_text(f"#!/bin/sh\ncat {shlex.quote(str(folder / 'listed'))}\nexit {int(text is None)}\n")
    (script.parent / "sendmail").write_text("#!/bin/sh\n")
    for tool in (script, script.parent / "sendmail"):
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")


def ours(python: str = sys.executable, folder: Path = REPOSITORY) -> str:
    return SHIPPED.replace("SPOT=/home/you/spot", f"SPOT={folder}").replace(".venv/bin/python", shlex.quote(python))


def about_crontab() -> list[Finding]:
    """Give what is found of the crontab itself; what cron_zone and cron_mail find has tests of its own."""
    return [finding for finding in check_schedule() if finding.what == "crontab"]


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
    assert only(about_crontab()).state is State.FINE


@pytest.mark.parametrize("text", [None, "", "# 0 0 * * * cd /x && python -m collect_sps_and_if\n"])
def test_a_crontab_without_our_lines_says_how_to_install_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    install(text, tmp_path, monkeypatch)
    found = only(about_crontab())
    assert found.state is State.TO_DO
    assert "collect_sps_and_if.daily_score" in found.text
    assert "crontab.txt" in found.text


@pytest.mark.parametrize(
    ("tools", "told"),
    [
        ((), "install one"),
        (("dnf", "systemctl"), "sudo dnf install cronie && sudo systemctl enable --now crond"),
        (("dnf", "systemctl"), "or use systemd's timers"),
        (("apt-get",), "sudo apt-get install cron"),
        (("apk",), "sudo apk add cronie"),
    ],
)
def test_a_machine_without_cron_is_told_what_to_do_on_its_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tools: tuple[str, ...], told: str
) -> None:
    for tool in tools:
        (tmp_path / tool).write_text("#!/bin/sh\n")
        (tmp_path / tool).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("configs.HOME", tmp_path)
    found = only(about_crontab()).text
    assert "no cron" in found
    assert told in found
    assert ("systemd's timers" in found) == ("systemctl" in tools)


def test_timers_in_place_of_cron_are_fine_if_they_run_while_nobody_is_logged_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(schedule, "programs_of_timers", lambda _: set(PROGRAMS))
    for does_linger, state in ((True, State.FINE), (False, State.TO_DO)):
        monkeypatch.setattr(schedule, "lingers", lambda _, answer=does_linger: answer)
        found = only(list(check_schedule()))
        assert (found.what, found.state) == ("systemd timers", state)
        assert ("loginctl enable-linger" in found.text) == (state is State.TO_DO)


def test_what_both_cron_and_timers_run_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(ours(), tmp_path, monkeypatch)
    monkeypatch.setattr(schedule, "programs_of_timers", lambda _: {"collect_sps_and_if"})
    assert "systemd's timers run collect_sps_and_if too" in about_crontab()[0].text


def test_another_users_cron_is_nothing_to_do_while_polls_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(None, tmp_path, monkeypatch)
    monkeypatch.setattr("configs.HOME", tmp_path)
    polls.FILE.append(polls.FILE.path(tmp_path), [PollRow(datetime.now(UTC) - timedelta(minutes=8), 30, 0, 300, 3.5)])
    found = only(about_crontab())
    assert found.state is State.UNKNOWN
    assert "another user's" in found.text


def test_the_first_line_left_unedited_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(SHIPPED, tmp_path, monkeypatch)
    found = only(about_crontab())
    assert found.state is State.TO_DO
    assert "/home/you/spot" in found.text
    assert "SPOT=" in found.text


def test_a_python_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(ours(python=".gone/bin/python"), tmp_path, monkeypatch)
    assert f"{REPOSITORY}/.gone/bin/python does not exist" in only(about_crontab()).text


def test_a_python_without_the_libraries_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\necho '{}'\n")
    bare.chmod(0o755)
    install(ours(python=str(bare)), tmp_path, monkeypatch)
    found = only(about_crontab()).text
    assert "lacks botocore, jinja2, " in found
    assert "run script/install" in found


def test_no_probe_in_the_crontab_is_a_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line for line in ours().splitlines() if not line.endswith("-m collect_launch_time")]
    install("\n".join(lines), tmp_path, monkeypatch)
    assert [finding.state for finding in about_crontab()] == [State.FINE, State.UNKNOWN]


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
