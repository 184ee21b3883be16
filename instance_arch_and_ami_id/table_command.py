"""What both commands do alike: ask every Region, then print the table, or put it into the file."""

import argparse
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from common.clock import Clock
from common.command_line import CommandLine
from common.exit_code import DONE, IN_PART
from common.run_log import start_log, tell_on_stderr
from common.terminal import print_result, say_on_terminal
from common.time_limit import LONGEST_RUN_SECONDS, time_limit
from data_files.folders import Folders
from data_files.instance_tables import Table, TableFile, write_table

if TYPE_CHECKING:
    from instance_arch_and_ami_id.every_region import Answers

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Tabulated:
    """A table's rows, and what is left out of it, each with its reason."""

    rows: Mapping[str, object]
    left_out: Mapping[str, str]


@dataclass(frozen=True)
class Wanted(Generic[_Answer]):
    """One table: its name, the file it stands in with others, and how the Regions' answers become its rows."""

    name: str
    file: TableFile
    tabulate: Callable[[Mapping[str, _Answer]], Tabulated]


@dataclass(frozen=True)
class TableCommand(Generic[_Answer]):
    """The AWS action, how a Region is asked, the table that comes of it, and one that comes along."""

    action: str
    ask: Callable[[Any], _Answer]
    table: Wanted[_Answer]
    beside: Wanted[_Answer] | None = None

    def wants_file(self, manual: str) -> bool:
        """Read the command line; tell whether the table is to be written rather than printed."""
        parser = CommandLine(description=manual, formatter_class=argparse.RawDescriptionHelpFormatter)
        where = self.table.file.collected(Path("HOME"))
        told = f"put the table into {where}, which goes before the one that ships, instead of printing it"
        parser.add_argument("--write", action="store_true", help=told)
        return bool(parser.parse_args().write)

    def run(self, wants_file: bool, home: Path, regions: Sequence[str], endpoint_region: str) -> int:
        """Ask the Regions (none named: all), print the table or write it; give the exit code.

        Files are written only if every Region asked has answered. The log and the lock lie under home.
        """
        with time_limit(LONGEST_RUN_SECONDS):
            return self._run(wants_file, home, regions, endpoint_region)

    def _run(self, wants_file: bool, home: Path, regions: Sequence[str], endpoint_region: str) -> int:
        from instance_arch_and_ami_id.every_region import NoAnswer, ask_every_region

        clock = Clock.start()
        start_log(Folders(home, "instance_arch_and_ami_id").log, clock.started)
        try:
            answers = ask_every_region(self.action, self.ask, wanted=regions, endpoint_region=endpoint_region)
        except NoAnswer as failure:
            tell_on_stderr(str(failure))
            return IN_PART
        table = self._made(self.table, answers, clock)
        for line in (*_by_reason(table.left_out), *answers.failures()):
            tell_on_stderr(line)
        if not wants_file:
            print_result(table.as_python())
        elif answers.failed:
            reason = "not every Region answered; REGIONS in spot.toml may leave them out"
            tell_on_stderr(f"{self.table.file.collected(home)} is left as it was: {reason}")
        else:
            self._write(answers, clock, home)
        return IN_PART if answers.failed else DONE

    def _write(self, answers: "Answers[_Answer]", clock: Clock, home: Path) -> None:
        for wanted in filter(None, (self.beside, self.table)):
            made = self._made(wanted, answers, clock)
            path = wanted.file.collected(home)
            write_table(path, wanted.file, made, Folders(home, "instance_arch_and_ami_id").log / "write.lock")
            say_on_terminal(f"{path}: {made.name} has {len(made.rows)} rows, from {len(answers.by_region)} Regions")

    def _made(self, wanted: Wanted[_Answer], answers: "Answers[_Answer]", clock: Clock) -> Table:
        found = wanted.tabulate(answers.by_region)
        not_asked = dict.fromkeys(answers.not_enabled, "not enabled for this account, so not asked")
        return Table(
            name=wanted.name,
            made=clock.started.date().isoformat(),
            source=f"{self.action} in {len(answers.by_region)} Regions of {answers.asked_at}",
            left_out={**found.left_out, **not_asked},
            rows=found.rows,
        )


def _by_reason(left_out: Mapping[str, str]) -> list[str]:
    names_by_reason = defaultdict(list)
    for name, reason in left_out.items():
        names_by_reason[reason].append(name)
    return [f"left out: {', '.join(names)}: {reason}" for reason, names in names_by_reason.items()]
