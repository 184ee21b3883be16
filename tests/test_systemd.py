"""systemd's timers: the programs and times of crontab.txt, for a clone anywhere, by the documents' own commands."""

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clone import clone_into
from tests.program import ROOT
from tests.test_crontab import jobs

UNITS = ROOT / "systemd"
NAMES = ("poll", "probe", "prices", "night", "page")
COMMAND = re.compile(r"%f/\.venv/bin/python -m (\S+)")

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")


def unit(name: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=True)
    read.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's keys have capitals
    read.read_string((UNITS / name).read_text(encoding="utf-8"))
    return read


def cron_times(schedule: str) -> set[tuple[int, int]]:
    """Give the hours and minutes of a crontab's line that runs every day."""
    minutes, hours, *days = schedule.split()
    assert days == ["*", "*", "*"]
    return {(hour, minute) for hour in _cron_field(hours, 24) for minute in _cron_field(minutes, 60)}


def _cron_field(field: str, end: int) -> list[int]:
    return list(range(end)) if field == "*" else [int(one) for one in field.split(",")]


def calendar_times(calendar: str) -> set[tuple[int, int]]:
    """Give the hours and minutes of an OnCalendar= of the form HOUR:MINUTE, each *, N, or N/STEP."""
    hours, minutes = calendar.split(":")
    return {(hour, minute) for hour in _calendar_field(hours, 24) for minute in _calendar_field(minutes, 60)}


def _calendar_field(field: str, end: int) -> list[int]:
    if field == "*":
        return list(range(end))
    first, _, step = field.partition("/")
    return list(range(int(first), end, int(step))) if step else [int(first)]


def test_the_timers_run_the_programs_of_the_crontab_at_the_crontabs_times() -> None:
    assert {path.name for path in UNITS.iterdir()} == {
        f"spot-{name}@.{kind}" for name in NAMES for kind in ("service", "timer")
    }
    found = {}
    for name in NAMES:
        command = COMMAND.fullmatch(unit(f"spot-{name}@.service")["Service"]["ExecStart"])
        assert command, name
        found[command[1]] = calendar_times(unit(f"spot-{name}@.timer")["Timer"]["OnCalendar"])
    assert found == {module: cron_times(schedule) for module, schedule in jobs().items()}


def test_a_missed_night_is_made_up_for_and_polls_are_on_time() -> None:
    assert unit("spot-night@.timer")["Timer"]["Persistent"] == "true"
    for name in NAMES:
        assert unit(f"spot-{name}@.timer")["Timer"]["AccuracySec"] == "1s"  # a minute unless it is said
        assert unit(f"spot-{name}@.service")["Service"]["WorkingDirectory"] == "%f"


def test_a_probe_that_is_stopped_has_the_time_to_end_its_instances() -> None:
    from collect_launch_time.__main__ import ENDING_SECONDS

    assert float(unit("spot-probe@.service")["Service"]["TimeoutStopSec"]) >= ENDING_SECONDS


def _escaped(folder: Path) -> str:
    asked = subprocess.run(["systemd-escape", "--path", str(folder)], capture_output=True, text=True, check=True)
    return asked.stdout.strip()


@needs_systemd
def test_systemd_accepts_every_unit_for_a_clone_with_spaces_in_its_name(tmp_path: Path) -> None:
    clone = tmp_path / "my spot-clone"
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(shutil.which("true") or "/bin/true")
    names = [f"spot-{name}@{_escaped(clone)}.{kind}" for name in NAMES for kind in ("service", "timer")]
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{UNITS}:", "XDG_RUNTIME_DIR": str(tmp_path)}
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", *names],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    # What this machine's own units have is not ours to mend.
    about_ours = [line for line in verified.stderr.splitlines() if "spot-" in line]
    assert (verified.returncode, about_ours) == (0, []), verified.stderr


@needs_systemd
def test_the_documents_commands_link_and_enable_the_timers_and_leave_git_nothing_to_show(tmp_path: Path) -> None:
    clone = clone_into(tmp_path)
    root = tmp_path / "root"
    (root / "etc" / "systemd" / "user").mkdir(parents=True)
    (root / clone.relative_to("/")).mkdir(parents=True)
    shutil.copytree(clone / "systemd", root / clone.relative_to("/") / "systemd")
    # The real systemctl, on a folder of its own instead of the user's: there may be no user session here.
    stub = tmp_path / "bin" / "systemctl"
    stub.parent.mkdir()
    stub.write_text(
        f'#!/bin/bash\nset -- "${{@/--user/--global}}"\nset -- "${{@/--now/--quiet}}"\n'
        f'exec {shutil.which("systemctl")} --root="{root}" "$@"\n'
    )
    stub.chmod(0o755)
    before = {path for path in clone.rglob("*") if ".venv" not in path.parts}
    page = (clone / "docs" / "operations.md").read_text(encoding="utf-8")
    commands = re.findall(r"^systemctl --user (?:link|enable) .*", page, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=clone,
            env={**os.environ, "PATH": f"{stub.parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    wanted = {path.name for path in (root / "etc" / "systemd" / "user" / "timers.target.wants").iterdir()}
    assert wanted == {f"spot-{name}@{_escaped(clone)}.timer" for name in NAMES}
    assert {path for path in clone.rglob("*") if ".venv" not in path.parts} == before
