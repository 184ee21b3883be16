"""What of a day needs a person: each thing in one line that says what to do."""

from collections.abc import Iterator
from pathlib import Path

from analysis.health.causes import causes
from analysis.health.polling import LEAST_DONE
from collect_sps_and_if.nightly.report_facts import Facts
from collect_sps_and_if.nightly.wording.short import in_ranges
from common.counted import counted
from data_files.folders import Folders
from data_files.market import polled
from data_files.market.polled import FAILED, REFUSED, WAITING

_MOST_ERRORS = 3
_AMI_WARNING_DAYS = 14  # two weeks to run one command
_LONG_WAITING_SHARE = 0.05


def attention(facts: Facts, home: Path, undelivered: int) -> list[str]:
    """List what needs a person, the most pressing first; undelivered counts the earlier reports not mailed yet."""
    return [
        *causes(facts.health),
        *_past(facts),
        *_collection(facts, home),
        *_machine(facts, undelivered),
        *_errors(facts),
    ]


def _past(facts: Facts) -> Iterator[str]:
    if missed := facts.past.newly_without_polls:
        yield (
            f"nothing was collected on {counted(len(missed), 'past day')} ({in_ranges(missed)}): was the machine off,"
            " or cron?"
        )
    if without := facts.past.without_report:
        yield (
            f"{counted(len(without), 'past day has', 'past days have')} polls but no report ({in_ranges(without)}): the"
            " next night's work makes it; the log says why not this one"
        )


def _collection(facts: Facts, home: Path) -> Iterator[str]:
    coverage = facts.coverage
    if facts.polled.senseless:  # a cause of much that follows
        yield (
            f"{counted(facts.polled.senseless, 'row')} of {polled.FILES.path(home, facts.day)} made no sense and"
            " did not count; has the file been edited?"
        )
    if facts.locked_out:
        yield (
            f"{counted(facts.locked_out, 'poll was', 'polls were')} locked out by another that took longer than ten"
            f" minutes: {Folders(home, 'collect_sps_and_if').log} says what it waited for"
        )
    is_past = facts.day != facts.now.date()  # else the causes tell
    if is_past and coverage.due and not coverage.done and facts.day not in facts.past.newly_without_polls:
        yield f"nothing was collected on {facts.day}: was the machine off, or cron?"
    elif is_past and coverage.done < LEAST_DONE * coverage.due:
        said = "" if facts.locked_out >= coverage.missing else ": was the machine asleep, or cron off?"
        yield (
            f"{counted(coverage.missing, 'poll')} of the {coverage.due} due that day are missing{said}"
            f" {Folders(home, 'collect_sps_and_if').log} has the reasons, if any"
        )
    asked = sum(facts.outcomes.values())
    if facts.outcomes[WAITING] > asked * _LONG_WAITING_SHARE:
        yield (
            f"{facts.outcomes[WAITING] / asked:.0%} of the placement scores waited for a place of the quota: more is"
            " asked than it holds; python -m check_setup says what takes how much"
        )
    yield from _standing(facts)
    rows = [row for rows in facts.polled.rows.values() for row in rows]
    if rows and all(row.interruption_frequency is None for row in rows):
        yield "no interruption frequency is known for the whole day: can this machine reach ADVISOR_URL?"
    if not facts.tomorrow and facts.day >= facts.now.date():
        yield "there is no plan for the next day yet; its first poll tries to make one"


def _standing(facts: Facts) -> Iterator[str]:
    yield from facts.standing_complaints
    for outcome, what in (
        (REFUSED, "AWS refused {}: the log says why"),
        (FAILED, "AWS gave no answer that could be used to {} when it was last asked"),
        (WAITING, "no place of the quota was free for {} at the day's last poll"),
    ):
        names = [repr(each.name) for each in facts.standing if any(row.outcome == outcome for row in each.rows)]
        if names:
            yield what.format(f"the standing {'query' if len(names) == 1 else 'queries'} {', '.join(names)}")


def _machine(facts: Facts, undelivered: int) -> Iterator[str]:
    renew = "run python instance_arch_and_ami_id/get_ami_id.py --write"
    if facts.ami_days_left is None:
        yield f"the AMI table is empty, so nothing can be probed: {renew}"
    elif facts.ami_days_left <= 0:
        yield f"the AMIs of the table are deprecated: {renew}"
    elif facts.ami_days_left <= _AMI_WARNING_DAYS:
        yield f"the AMI table is old in {counted(facts.ami_days_left, 'day')}: {renew}"
    if undelivered:
        yield f"{counted(undelivered, 'earlier report')} could not be mailed, and came along with this one"


def _errors(facts: Facts) -> Iterator[str]:
    errors = [note for note in facts.logged if note.is_error]
    for note in errors[:_MOST_ERRORS]:
        yield f"{note.text} ({note.time}{f', {note.count} times' if note.count > 1 else ''})"
    if more := sum(note.count for note in errors[_MOST_ERRORS:]):
        yield f"{counted(more, 'more error')} in the day's logs"
