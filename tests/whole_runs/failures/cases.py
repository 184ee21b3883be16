"""The table: program x call x kind of failure x one Region or all, from the calls that the programs really make."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from local_aws.control import api
from tests.whole_runs.failures import programs
from tests.whole_runs.failures.in_process_aws import Asked, InProcessAws
from tests.whole_runs.failures.kinds import KINDS, Kind
from tests.whole_runs.failures.played import Played, play
from tests.whole_runs.failures.programs import CLEAN_UP, ENVIRONMENT, REGIONS, Program

EVERY_CALL = "every call"
EVERYWHERE = "everywhere"


@dataclass(frozen=True)
class Baseline:
    """A program's run without any failure: what it asks (from when failures would begin), and its work."""

    asked: frozenset[Asked]
    ended: Played
    work: frozenset[str]


@dataclass(frozen=True)
class Case:
    """One cell of the table."""

    program: Program
    action: str  # or EVERY_CALL
    kind: Kind
    where: str  # a Region, or EVERYWHERE

    def __str__(self) -> str:
        return f"{self.program.name}, {self.action}, {self.kind.name}, {self.where}"

    def concerns(self, asked: Asked) -> bool:
        """Tell whether a call fails."""
        is_this = self.action in (asked.action, EVERY_CALL) and self.where in (asked.region, EVERYWHERE)
        return is_this and self.kind.applies_to(asked)


@dataclass(frozen=True)
class Finished:
    """A case that was played: how it ended, and the clean-up once AWS was itself again, if anything was left."""

    case: Case
    baseline: Baseline
    home: Path
    ended: Played
    done: frozenset[str]  # of its work
    cleaned: Played | None
    signatures: frozenset[str]


def run_without_failure(aws: InProcessAws, program: Program, home: Path) -> Baseline:
    """Run a program as it is, and note what it asks."""
    programs.set_up(aws, home)
    program.prepare(aws, home)
    _when_it_begins(aws, program, aws.asked.clear)
    ended = run(aws, program, home)
    return Baseline(frozenset(aws.asked), ended, frozenset(program.done(home, ended)))


def table(program: Program, asked: frozenset[Asked]) -> Iterator[Case]:
    """Give every case of a program."""
    for action in [*sorted({one.action for one in asked}), EVERY_CALL]:
        regions = sorted({one.region for one in asked if action in (one.action, EVERY_CALL)})
        for kind in KINDS:
            for where in [*(regions if len(regions) > 1 else ()), EVERYWHERE]:
                case = Case(program, action, kind, where)
                if any(map(case.concerns, asked)):
                    yield case


def finish(aws: InProcessAws, case: Case, baseline: Baseline, home: Path) -> Finished:
    """Play a case to its end, and what follows."""
    programs.set_up(aws, home)
    case.program.prepare(aws, home)
    rules = [
        {"action": one.action, "region": one.region, **case.kind.rule(one)}
        for one in sorted(baseline.asked)
        if case.concerns(one)
    ]
    change = api.put_denials if case.kind.is_denial else api.put_faults
    _when_it_begins(aws, case.program, lambda: change(aws.world, rules))
    ended, cleaned = run(aws, case.program, home), None
    done = frozenset(case.program.done(home, ended))
    if ended.left:
        change(aws.world, [])
        aws.after = lambda _: None
        cleaned = run(aws, CLEAN_UP, home)
    return Finished(case, baseline, home, ended, done, cleaned, frozenset(aws.signatures))


def _when_it_begins(aws: InProcessAws, program: Program, begin: Callable[[], object]) -> None:
    """Do it at once, or when something runs in each Region."""
    if not program.begins_after:
        begin()
        return
    waiting = set(REGIONS)

    def after(asked: Asked) -> None:
        if asked.action == program.begins_after and asked.region in waiting:
            waiting.remove(asked.region)
            if not waiting:
                begin()

    aws.after = after


def run(aws: InProcessAws, program: Program, home: Path, **settings: str) -> Played:
    """Run a program on a HOME; an empty setting is none."""
    return play(
        aws,
        program.module,
        *program.arguments,
        environment={**ENVIRONMENT, "SPOT_HOME": str(home), **settings},
        before=programs.patient(**programs.PATIENCE),
    )
