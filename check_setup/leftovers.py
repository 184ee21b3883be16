"""Whether an earlier probe left something that may still cost money."""

from collections.abc import Iterator
from pathlib import Path

import configs
from check_setup.account import Account
from check_setup.finding import Finding, fine, to_do, unknown
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.folders import probe_lock
from collect_launch_time.identity.claiming import known_id
from common.aws import aws_error
from common.clock import Clock
from common.errors import Locked
from common.files.run_lock import run_lock
from common.side_by_side import side_by_side
from data_files.launches import journal

_WHAT = "leftovers"

_CONCURRENCY = 16
_SECONDS = 120


def check_leftovers(account: Account) -> Iterator[Finding]:
    """Look for live requests and instances of this installation, and for probes whose end was not written down."""
    installation = known_id(configs.HOME)
    if installation is None:
        yield fine(_WHAT, "none, no probe was ever made here")
        return
    still_open = journal.unclosed_entries(configs.HOME, Clock.start().started.date())
    regions = sorted({*account.regions.enabled, *(one.region for one in still_open)})
    alive: list[str] = []
    unseen: list[str] = []
    for outcome in side_by_side(
        lambda region: _alive(region, installation), regions, concurrency=_CONCURRENCY, seconds=_SECONDS
    ):
        alive += outcome.answer or []
        if outcome.error:
            unseen.append(f"{outcome.question} ({aws_error.describe(outcome.error)})")
    yield from _findings(alive, len(still_open), unseen)


def _alive(region: str, installation: str) -> list[str]:
    """Give the ids of what is open or runs."""
    ec2 = RegionEc2(region)
    requests = ec2.requests_of_installation(installation)
    instances = ec2.instances_of_requests([one.request_id for one in requests])
    open_requests = [one.request_id for one in requests if not one.is_final]
    return open_requests + [one.instance_id for one in instances if not one.has_ended]


def _findings(alive: list[str], still_open: int, unseen: list[str]) -> Iterator[Finding]:
    if _is_probing(probe_lock(configs.HOME)):
        yield unknown(_WHAT, f"a probe is under way, which has {len(alive)} requests and instances alive")
    elif alive or still_open:
        names = f" ({', '.join(alive)})" if alive else ""
        text = f"{len(alive)} requests and instances alive{names}, {still_open} probes without a written end"
        yield to_do(_WHAT, f"{text}: run python -m collect_launch_time --clean-up")
    elif not unseen:
        yield fine(_WHAT, "none")
    if unseen:
        yield to_do(_WHAT, f"nobody could look in {', '.join(unseen)}: try again")


def _is_probing(lock: Path) -> bool:
    if not lock.exists():
        return False
    try:
        with run_lock(lock):
            return False
    except Locked:
        return True
