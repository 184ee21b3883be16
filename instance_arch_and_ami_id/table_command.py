"""What both commands do alike: ask every Region, then print the table, or put it into the file."""

import argparse
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import configs
from common.clock import Clock
from common.exit_code import DONE, IN_PART
from common.run_log import start_log, tell
from common.terminal import say, show
from instance_arch_and_ami_id import table_file
from instance_arch_and_ami_id.table_file import Table

if TYPE_CHECKING:
    from instance_arch_and_ami_id.every_region import Answers

Answer = TypeVar("Answer")

TABLE_FILE = Path(__file__).resolve().parent / "__init__.py"
LOG_FOLDER = configs.HOME / "instance_arch_and_ami_id" / "log"


@dataclass(frozen=True)
class Tabulated:
    """A table's rows, and what is left out of it, each with its reason."""

    rows: Mapping[str, str] | Mapping[str, Mapping[str, str]]
    left_out: Mapping[str, str]


@dataclass(frozen=True)
class TableCommand(Generic[Answer]):
    """One table: its name, the AWS action behind it, how a Region is asked, and how the answers become rows."""

    table: str
    action: str
    ask: Callable[[Any], Answer]
    tabulate: Callable[[Mapping[str, Answer]], Tabulated]

    def run(self, manual: str, file: Path = TABLE_FILE) -> int:
        """Run the command; give its exit code. The file is written only if every Region asked has answered."""
        wants_file = _wants_file(manual)
        from instance_arch_and_ami_id.every_region import NoAnswer, ask_every_region

        clock = Clock.start()
        start_log(LOG_FOLDER, clock.started)
        try:
            answers = ask_every_region(
                self.action, self.ask, wanted=configs.REGIONS, endpoint_region=configs.SPS_REGION
            )
        except NoAnswer as failure:
            tell(str(failure))
            return IN_PART
        table = self._table(answers, clock)
        for line in (*_by_reason(table.left_out), *answers.failures()):
            tell(line)
        if wants_file:
            _write(file, table, answers)
        else:
            show(table.as_python())
        return IN_PART if answers.failed else DONE

    def _table(self, answers: "Answers[Answer]", clock: Clock) -> Table:
        found = self.tabulate(answers.by_region)
        not_asked = dict.fromkeys(answers.not_enabled, "not enabled for this account, so not asked")
        return Table(
            name=self.table,
            date=clock.started.date().isoformat(),
            source=f"{self.action} in {len(answers.by_region)} Regions of {answers.asked_at}",
            left_out={**found.left_out, **not_asked},
            rows=found.rows,
        )


def _write(file: Path, table: Table, answers: "Answers[Any]") -> None:
    if answers.failed:
        tell(f"{file} is left as it was: not every Region answered")
        return
    table_file.write(file, table, lock=LOG_FOLDER / "write.lock")
    say(f"{file}: {table.name} now has {len(table.rows)} rows, from {len(answers.by_region)} Regions")


def _by_reason(left_out: Mapping[str, str]) -> list[str]:
    names_by_reason = defaultdict(list)
    for name, reason in left_out.items():
        names_by_reason[reason].append(name)
    return [f"left out: {', '.join(names)}: {reason}" for reason, names in names_by_reason.items()]


def _wants_file(manual: str) -> bool:
    parser = argparse.ArgumentParser(description=manual, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"put the table into {TABLE_FILE} instead of printing it")
    return bool(parser.parse_args().write)
