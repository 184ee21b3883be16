"""Whether cron or systemd's timers run our programs, and the polls that came of them."""

import getpass
import os
import shutil
import subprocess
from collections.abc import Collection, Iterator
from datetime import datetime

import configs
from analysis.health.polling import polling
from check_setup.finding import Finding, fine, to_do, unknown
from check_setup.scheduling.cron_mail import check_cron_mail
from check_setup.scheduling.cron_zone import check_zone
from check_setup.scheduling.crontab import PROGRAMS, Line, read_crontab
from check_setup.scheduling.requirements import lacking_in
from check_setup.scheduling.system import CRON, has_systemd, how_to_install
from check_setup.scheduling.timers import lingers, programs_of_timers
from common import ROOT
from common.clock import Clock
from common.counted import ago

_WHAT = "crontab"
_TIMERS = "systemd timers"
_ADD_TO_CRONTAB = '(crontab -l; sed "s|^SPOT=.*|SPOT=$PWD|" crontab.txt) | crontab -'

_SECONDS = 30
_PROBE = "collect_launch_time"


def check_schedule() -> Iterator[Finding]:
    """Read the user's crontab and timers."""
    command = shutil.which("crontab")
    lines = _lines(command) if command else []
    in_crontab = {line.module for line in lines}
    by_timers = programs_of_timers(ROOT)
    run = in_crontab | by_timers
    missing = [name for name, is_needed in PROGRAMS.items() if is_needed and name not in run]
    now = Clock.start().started
    if not run and _polls_come(now):
        text = (
            f"{getpass.getuser()}'s does not run the programs, yet polls come: by another user's, or another scheduler"
        )
        yield unknown(_WHAT, text)
    elif missing:
        yield _about_missing(missing, has_cron=command is not None)
    if twice := in_crontab & by_timers:
        yield to_do(_WHAT, f"systemd's timers run {', '.join(sorted(twice))} too: keep them in one of the two")
    if lines:
        yield from _about_crontab(lines, is_whole=not missing)
        variables = lines[0].variables
        yield from check_zone(variables, os.environ, now)
        yield from check_cron_mail(variables, os.environ.get("PATH", ""))
    if by_timers:
        yield _about_timers(by_timers)
    if run and not missing and _PROBE not in run:
        yield unknown(_WHAT, "no launch-time probes: they cost money, and are your choice")


def check_last_poll() -> Iterator[Finding]:
    """Tell when the last poll was, which says whether cron really runs."""
    now = Clock.start().started
    found = polling(configs.HOME, now)
    if found.last is None:
        yield unknown("polls", "none yet; cron makes the first at the next full ten minutes")
        return
    age = ago((now - found.last.time).total_seconds())
    if found.is_late(now):
        yield to_do("polls", f"the last was {age}: does cron run (service cron status)? see its log")
    else:
        yield fine("polls", f"the last {age}; {found.today.done} of {found.today.due} due today")


def _lines(command: str) -> list[Line]:
    listed = subprocess.run([command, "-l"], capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
    return read_crontab(listed.stdout) if listed.returncode == 0 else []


def _polls_come(now: datetime) -> bool:
    found = polling(configs.HOME, now)
    return found.last is not None and not found.is_late(now)


def _about_missing(missing: Collection[str], *, has_cron: bool) -> Finding:
    timers = "; or use systemd's timers (docs/operations.md#without-cron)" if has_systemd() else ""
    if not has_cron:
        how = how_to_install(CRON, "install one")
        return to_do(_WHAT, f"this machine has no cron: {how}, then run {_ADD_TO_CRONTAB}{timers}")
    return to_do(_WHAT, f"it does not run {', '.join(missing)}: run {_ADD_TO_CRONTAB} in this folder{timers}")


def _about_crontab(lines: Collection[Line], *, is_whole: bool) -> Iterator[Finding]:
    if troubles := [trouble for line in lines if (trouble := _trouble(line))]:
        yield to_do(_WHAT, "; ".join(dict.fromkeys(troubles)))
    elif is_whole:
        yield fine(_WHAT, f"runs {', '.join(line.module for line in lines)} in {ROOT}")


def _about_timers(modules: Collection[str]) -> Finding:
    user = getpass.getuser()
    if not lingers(user):
        return to_do(_TIMERS, f"they stop when {user} logs out: run loginctl enable-linger")
    return fine(_TIMERS, f"run {', '.join(sorted(modules))} in {ROOT}; nobody is mailed, journalctl --user has it")


def _trouble(line: Line) -> str | None:
    if line.folder.resolve() != ROOT:
        return f"{line.module} runs in {line.folder}, but this clone is {ROOT}: correct SPOT= in the crontab"
    if not line.python.exists():
        return f"{line.python} does not exist: run script/install"
    try:
        lacking = lacking_in(line.python)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return f"{line.python} does not run ({type(error).__name__}): delete .venv, and run script/install"
    return f"{line.python} lacks {', '.join(lacking)}: run script/install" if lacking else None
