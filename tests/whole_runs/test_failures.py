"""Whatever fails, in whatever program: told once, in words, with the right exit code, and nothing is left behind.

An ordinary run plays a sample of the table; FAILURES=all plays it whole, and FAILURES=7 another sample.
"""

import gc
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.whole_runs.failures.cases import Case, finish, run_without_failure, table
from tests.whole_runs.failures.in_process_aws import InProcessAws
from tests.whole_runs.failures.judging import complaints
from tests.whole_runs.failures.kinds import KINDS
from tests.whole_runs.failures.programs import PROGRAMS, Program

pytestmark = pytest.mark.whole_run

WANTED = os.environ.get("FAILURES", "0")


def sample(cases: Sequence[Case], turn: int) -> list[Case]:
    """Give cases in which each call of a program and each kind of failure occurs, here everywhere, there in a Region.

    The turn makes other pairs of them.
    """
    actions = sorted({case.action for case in cases})
    kinds = [kind.name for kind in KINDS]
    chosen = []
    for number in range(max(len(actions), len(kinds))):
        action, kind = actions[(number + turn) % len(actions)], kinds[number % len(kinds)]
        fitting = [case for case in cases if (case.action, case.kind.name) == (action, kind)]
        if fitting:
            chosen.append(fitting[(number + turn) // len(actions) % len(fitting)])
    return chosen


@pytest.fixture(scope="module")
def aws() -> Iterator[InProcessAws]:
    made = InProcessAws()
    gc.collect()
    gc.freeze()  # moto's hundred thousand objects
    yield made
    gc.unfreeze()


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_every_failure_is_told_once_and_leaves_nothing_behind(
    aws: InProcessAws, program: Program, tmp_path: Path
) -> None:
    baseline = run_without_failure(aws, program, tmp_path / "without")
    cases = list(table(program, baseline.asked))
    chosen = cases if WANTED == "all" else sample(cases, int(WANTED))
    found = {}
    for number, case in enumerate(chosen):
        finished = finish(aws, case, baseline, tmp_path / str(number))
        if wrong := list(complaints(finished)):
            found[str(case)] = f"{'; '.join(wrong)} ({finished.ended})"
    assert not found, "\n".join(
        [f"{len(found)} of {len(chosen)}", *(f"{case}: {what}" for case, what in found.items())]
    )
