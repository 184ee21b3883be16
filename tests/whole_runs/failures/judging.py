"""What must hold of a case, by the contract: told once, in words, with the right code, and nothing left behind."""

import re
from collections.abc import Iterator

from common.exit_code import DONE, IN_PART, NOT_DONE
from tests.whole_runs.failures.cases import EVERY_CALL, Finished
from tests.whole_runs.failures.kinds import Remedy
from tests.whole_runs.failures.programs import REGIONS, SECRETS

_DEFECT = re.compile(r"Traceback|a defect of this program")
_BLOB = re.compile(r"[\w+/=-]{200,}")  # an encoded message that was not cut
_MOSTLY_UNSEEN = "most of our looks at what was requested were not answered"
_OPEN = re.compile(r"open since 20|may still be running|could not be ended yet")


def complaints(finished: Finished) -> Iterator[str]:
    """Say what of all that must hold does not."""
    ended, case = finished.ended, finished.case
    yield from _about_code(finished)
    yield from _about_lines(finished)
    if lost := _needed_work(finished) - finished.done:
        yield f"not done: {', '.join(sorted(lost))}"
    yield from _about_what_is_left(finished)
    written = "".join(path.read_text(errors="replace") for path in finished.home.rglob("*") if path.is_file())
    everything = "\n".join((ended.stdout, ended.stderr, written))
    if _DEFECT.search("\n".join((ended.stdout, ended.stderr))) or "a defect of this program" in written:
        yield "a defect of this program"
    if secrets := [one for one in (*SECRETS.values(), *finished.signatures) if one in everything]:
        yield f"it tells {len(secrets)} secrets"
    if ended.seconds > case.program.deadline_seconds:
        yield f"it takes {ended.seconds:.0f} s"


def _about_code(finished: Finished) -> Iterator[str]:
    right = right_codes(finished)
    if finished.ended.code not in right:
        yield f"code {finished.ended.code} in place of {' or '.join(map(str, sorted(right)))}"


def right_codes(finished: Finished) -> set[int]:
    """Give the codes that the contract allows: 0 all is done, 2 a person must act and nothing was changed, else 1."""
    case, ended, work = finished.case, finished.ended, finished.baseline.work
    if case.program.has_findings:
        return {DONE, IN_PART} if case.kind.remedy in (Remedy.NEXT_TRY, Remedy.NONE) else {IN_PART}
    if case.kind.remedy is Remedy.NONE:
        return {DONE, IN_PART}
    done = work & finished.done
    if done == work and not ended.left:
        # Two failures are most of this short probe's looks: its counts were then seen too late, and it says so.
        return {IN_PART} if _MOSTLY_UNSEEN in ended.stderr else {DONE}
    return {IN_PART} if done or ended.has_changed_aws or case.kind.remedy is not Remedy.PERSON else {NOT_DONE}


def _needed_actions(finished: Finished) -> set[str]:
    """Give the actions that fail and without which not all can be done."""
    case = finished.case
    failing = {one.action for one in finished.baseline.asked if case.concerns(one)}
    # Where AWS refuses to list the Regions, those named in REGIONS are asked.
    never = {"DescribeRegions"} if case.kind.remedy is Remedy.PERSON else set()
    return failing - case.program.unneeded - never


def is_total(finished: Finished) -> bool:
    """Tell whether an action fails wherever it is needed."""
    case, asked = finished.case, finished.baseline.asked
    return any(all(case.concerns(one) for one in asked if one.action == action) for action in _needed_actions(finished))


def _needed_work(finished: Finished) -> set[str]:
    """Give the work that a failure does not excuse: that of other Regions, and what belongs to none."""
    work = set(finished.baseline.work)
    if finished.case.kind.remedy is Remedy.NEXT_TRY or not _needed_actions(finished):
        return work
    excused = REGIONS if is_total(finished) else (finished.case.where,)
    return {one for one in work if not any(region in one for region in excused)}


def _about_lines(finished: Finished) -> Iterator[str]:
    case, lines = finished.case, finished.ended.stderr.splitlines()
    most = 1 if case.action != EVERY_CALL else 2  # two actions are two causes
    causes = [line for line in lines if not _OPEN.search(line)]
    if len(causes) > most or len(lines) > len(causes) + 1:
        yield f"{len(lines)} lines"
    if finished.ended.code in (IN_PART, NOT_DONE) and not lines and not case.program.has_findings:
        yield "not a word on stderr"
    if finished.ended.code == DONE and lines and case.kind.remedy is not Remedy.NONE:
        yield "all is done, and it complains"
    if any(_BLOB.search(line) for line in lines):
        yield "an encoded message"
    is_of_a_region = finished.ended.code == IN_PART and case.where in REGIONS and not is_total(finished)
    if is_of_a_region and lines and not any(case.where in line for line in lines):
        yield "the Region is not named"
    says = case.kind.says(case.action)
    is_one_refusal = finished.ended.code == NOT_DONE and case.action != EVERY_CALL
    if is_one_refusal and not re.search(says, finished.ended.stderr):
        yield f"it does not say {says}"


def _about_what_is_left(finished: Finished) -> Iterator[str]:
    left, cleaned = finished.ended.left, finished.cleaned
    if "decoys_touched" in left or (cleaned and "decoys_touched" in cleaned.left):
        yield "it touches what is not ours"
    if left and not _names_it(finished):
        yield f"it leaves {', '.join(left)} without a word"
    if cleaned and (cleaned.code, cleaned.stderr, cleaned.left) != (DONE, "", {}):
        yield f"the next clean-up does not end it: {cleaned}"


def _names_it(finished: Finished) -> bool:
    """Tell whether it says that something is left: on stderr, or where that is a finding."""
    told = finished.ended.stderr + finished.ended.stdout
    return bool(_OPEN.search(told)) or "leftovers" in told
