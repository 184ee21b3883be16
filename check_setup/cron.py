"""Whether cron runs our programs: the crontab's lines, the Python they name, and the polls that came of them."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import configs
from analysis.health.polling import polling
from check_setup.finding import Finding, fine, to_do, unknown
from common.clock import Clock
from common.counted import ago

WHAT = "crontab"
ADD_TO_CRONTAB = '(crontab -l; sed "s|^SPOT=.*|SPOT=$PWD|" crontab.txt) | crontab -'
REPOSITORY = Path(configs.__file__).resolve().parent
# A program of ours -> whether it must be there.
PROGRAMS = {
    "collect_sps_and_if": True,
    "collect_spot_price": False,
    "collect_launch_time": False,
    "collect_sps_and_if.daily_score": True,
}

# Prints which of the named distributions that Python does not have.
_FIND = """
import importlib.metadata, sys
installed = {distribution.name.lower() for distribution in importlib.metadata.distributions()}
print(*[name for name in sys.argv[1:] if name.lower() not in installed])
"""
_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SECONDS = 30
_ASSIGNMENT = re.compile(r"\s*(\w+)\s*=\s*(.*?)\s*")


@dataclass(frozen=True)
class Line:
    """A crontab's line of ours: the program, the folder it runs in, and the Python it is run by."""

    module: str
    folder: Path
    python: Path


def check_crontab() -> Iterator[Finding]:
    """Read the user's crontab."""
    command = shutil.which("crontab")
    if command is None:
        yield to_do(WHAT, f"this machine has no cron: install it (apt-get install cron), then run {ADD_TO_CRONTAB}")
        return
    listed = subprocess.run([command, "-l"], capture_output=True, text=True, timeout=_SECONDS, check=False)
    lines = read_crontab(listed.stdout) if listed.returncode == 0 else []
    missing = [
        name for name, is_needed in PROGRAMS.items() if is_needed and name not in {line.module for line in lines}
    ]
    if missing:
        how = f"run {ADD_TO_CRONTAB} in this folder"
        yield to_do(WHAT, f"it does not run {', '.join(missing)}: {how}")
    if troubles := [trouble for line in lines if (trouble := _trouble(line))]:
        yield to_do(WHAT, "; ".join(dict.fromkeys(troubles)))
    elif not missing:
        yield fine(WHAT, f"runs {', '.join(line.module for line in lines)} in {REPOSITORY}")
        if "collect_launch_time" not in {line.module for line in lines}:
            yield unknown(WHAT, "no launch-time probes: they cost money, and are your choice")


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


def needed_distributions() -> list[str]:
    """Give the names that requirements.txt lists."""
    lines = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [found[0] for line in lines if (found := _REQUIREMENT.match(line))]


def read_crontab(text: str) -> list[Line]:
    """Find our programs' lines, with their variables filled in."""
    variables: dict[str, str] = {}
    found = []
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            continue
        if assignment := _ASSIGNMENT.fullmatch(line):
            variables[assignment[1]] = assignment[2].strip("\"'")
        elif ours := _line(_words(line, variables)):
            found.append(ours)
    return found


def _words(line: str, variables: Mapping[str, str]) -> list[str]:
    """Split a line as a shell would; one that no shell would take has no words."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        return [re.sub(r"\$\{?(\w+)\}?", lambda name: variables.get(name[1], ""), word) for word in lexer]
    except ValueError:
        return []


def _line(words: Sequence[str]) -> Line | None:
    for place, (python, option, module) in enumerate(zip(words, words[1:], words[2:], strict=False)):
        if option == "-m" and module in PROGRAMS:
            before = words[:place]
            folder = Path(before[before.index("cd") + 1] if "cd" in before[:-1] else ".")
            return Line(module, folder, folder / python)
    return None


def _trouble(line: Line) -> str | None:
    if line.folder.resolve() != REPOSITORY:
        return f"{line.module} runs in {line.folder}, but this clone is {REPOSITORY}: correct SPOT= in the crontab"
    if not line.python.exists():
        return f"{line.python} does not exist: make it by script/install"
    try:
        asked = [str(line.python), "-c", _FIND, *needed_distributions()]
        told = subprocess.run(asked, capture_output=True, text=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return f"{line.python} does not run ({type(error).__name__}): make .venv again"
    lacking = told.stdout.split()
    return (
        f"{line.python} lacks {', '.join(lacking)}: {line.python} -m pip install -r requirements.txt"
        if lacking
        else None
    )
