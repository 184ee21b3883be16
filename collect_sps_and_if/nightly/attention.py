"""What of a day needs a person: each thing in one line that says what to do."""

from collections.abc import Iterator
from pathlib import Path

from collect_sps_and_if.nightly.report_facts import Facts
from common.counted import counted
from data_files.folders import Folders
from data_files.market import polled
from data_files.market.polled import FAILED, REFUSED

_AMI_WARNING_DAYS = 14  # two weeks to run one command
_FAILED_SHARE = 0.05
_DISK_BYTES = 2e9  # months of polls, but little for a machine that does other things too


def attention(facts: Facts, home: Path, undelivered: int) -> list[str]:
    """List what needs a person, the most pressing first; undelivered counts the earlier reports not mailed yet."""
    return [*_probes(facts), *_collection(facts, home), *_machine(facts, undelivered), *_errors(facts)]


def _probes(facts: Facts) -> Iterator[str]:
    if facts.probes.left_open:
        yield (
            f"{counted(facts.probes.left_open, 'launch-time probe')} never finished cleaning up, and what is left may"
            " cost money: run python -m collect_launch_time --clean-up"
        )


def _collection(facts: Facts, home: Path) -> Iterator[str]:
    coverage = facts.coverage
    if coverage.missing:
        yield (
            f"{counted(coverage.missing, 'poll')} of {coverage.due} missing: was the machine asleep, or cron off?"
            f" The reasons, if any, are in {Folders(home, 'collect_sps_and_if').log}"
        )
    rows = sum(facts.outcomes.values())
    if facts.outcomes[REFUSED]:
        yield (
            f"AWS refused {counted(facts.outcomes[REFUSED], 'placement score')}: if for the configuration limit, does"
            " another program use the account? Else lower SPS_CONFIGURATION_LIMIT in spot.toml"
        )
    if facts.outcomes[FAILED] > rows * _FAILED_SHARE:
        yield f"{facts.outcomes[FAILED] / rows:.0%} of the placement scores got no answer from AWS"
    if all(row.interruption_frequency is None for rows in facts.polled.rows.values() for row in rows):
        yield "no interruption frequency is known for the whole day: can this machine reach ADVISOR_URL?"
    if facts.polled.senseless:
        yield (
            f"{counted(facts.polled.senseless, 'row')} of {polled.FILES.path(home, facts.day)} made no sense and"
            " did not count; has the file been edited?"
        )
    if not facts.tomorrow and facts.day >= facts.now.date():
        yield "there is no plan for the next day yet; its first poll tries to make one"


def _machine(facts: Facts, undelivered: int) -> Iterator[str]:
    if facts.disk_free < _DISK_BYTES:
        yield f"the disk is nearly full: {facts.disk_free / 1e9:.1f} GB left of {facts.disk_size / 1e9:.0f} GB"
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
    for note in facts.logged:
        if note.is_error:
            yield f"{note.text} ({note.time}{f', {note.count} times' if note.count > 1 else ''})"
