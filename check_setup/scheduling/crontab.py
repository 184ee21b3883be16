"""Which of our programs a crontab runs: its lines, with its variables filled in."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# A program of ours -> whether it must be there.
PROGRAMS = {
    "collect_sps_and_if": True,
    "collect_spot_price": False,
    "collect_launch_time": False,
    "collect_sps_and_if.daily_score": True,
    "report": False,
}

_ASSIGNMENT = re.compile(r"\s*(\w+)\s*=\s*(.*?)\s*")


@dataclass(frozen=True)
class Line:
    """A crontab's line of ours: the program, the folder it runs in, the Python it is run by, the variables above it."""

    module: str
    folder: Path
    python: Path
    variables: Mapping[str, str]


def read_crontab(text: str) -> list[Line]:
    """Find our programs' lines, with their variables filled in."""
    variables: dict[str, str] = {}
    found = []
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            continue
        if assignment := _ASSIGNMENT.fullmatch(line):
            variables = {**variables, assignment[1]: assignment[2].strip("\"'")}
        elif ours := _line(_words(line, variables), variables):
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


def _line(words: Sequence[str], variables: Mapping[str, str]) -> Line | None:
    for place, (python, option, module) in enumerate(zip(words, words[1:], words[2:], strict=False)):
        if option == "-m" and module in PROGRAMS:
            before = words[:place]
            folder = Path(before[before.index("cd") + 1] if "cd" in before[:-1] else ".")
            return Line(module, folder, folder / python, variables)
    return None
