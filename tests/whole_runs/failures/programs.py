"""Every program that talks to AWS: how it is started, what it finds, and what its work is. A new one is a line more."""

import csv
import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collect_launch_time.ec2.installation import tags
from collect_launch_time.identity.claiming import claim
from collect_launch_time.patience import Patience
from collect_launch_time.run_context import RunContext
from collect_launch_time.run_journal import RunJournal
from common.clock import Clock
from data_files.launches import journal
from data_files.launches.journal import Entry
from data_files.market.spot_prices import FETCHED, FetchedUntil
from local_aws.control import api
from local_aws.spot.account import spot_account
from local_aws.spot.launch_order import spot_order
from tests.whole_runs.failures.in_process_aws import ENDPOINT, InProcessAws
from tests.whole_runs.failures.played import Played

HOME_REGION, OTHER_REGION = REGIONS = ("us-east-1", "eu-west-1")
PAIRS = (("m5.large", HOME_REGION), ("t3.micro", OTHER_REGION))
SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCY",
    "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEOr//////////wEaCXVzLWVhc3QtMSJHMEUCIQ",
    "SPOT_SMTP_PASSWORD": "correct-horse-battery-staple",
}
ENVIRONMENT = {
    **SECRETS,
    "AWS_ACCESS_KEY_ID": "ASIAFALSEFORTESTS000",
    "AWS_ENDPOINT_URL": ENDPOINT,
    "SPOT_ADVISOR_URL": f"{ENDPOINT}/spot-advisor-data.json",
    "SPOT_REGIONS": " ".join(REGIONS),
    "SPOT_SPS_AND_IF_TOP_K": "1",
    "SPOT_SAMPLE_COUNT": "1",
    "SPOT_LAUNCH_TOP_K": "2",
    "SPOT_LAUNCH_DAILY_BUDGET_USD": "1000",
    "SPOT_INSTANCE_COUNT": "2",
    "SPOT_TIMEOUT": "60",
    "SPOT_STATUS_INTERVAL": "25",
}
# A market that launches one instance a probe within seconds, and lets the other wait; it never interrupts.
_MARKET = {
    "fulfilment_seconds": [1, 3], "pending_seconds": [2, 5], "check_seconds": [15, 20], "check_interval_seconds": 0,
    "shutting_down_seconds": [3, 6], "interrupt_share": 0, "capacity": 1, "token_buckets": False,
    "cancel_race_probability": 0,
}  # fmt: skip
PATIENCE = {
    "give_up_seconds": 40.0, "refused_seconds": 15.0, "repeat_refused_seconds": 7.0, "round_seconds": 6.0,
    "settle_seconds": 6.0, "invisible_seconds": 9.0,
}  # fmt: skip


_TICK_SECONDS = 2.0
_LATELY = timedelta(hours=6)


@dataclass(frozen=True)
class Program:
    """A program, and what of its work was done: by the files under its HOME, and by what it printed."""

    name: str
    module: str
    arguments: tuple[str, ...]
    done: Callable[[Path, Played], Iterable[str]]  # what belongs to a Region names it
    prepare: Callable[[InProcessAws, Path], None] = lambda *_: None
    begins_after: str = ""  # failures begin after such a call in each Region: something runs by then
    unneeded: frozenset[str] = frozenset()  # calls without which all the work is done
    works_anyway: bool = False  # a part of its work needs no AWS
    has_findings: bool = False  # what is wrong is a finding on stdout
    deadline_seconds: float = 600.0


def set_up(aws: InProcessAws, home: Path) -> None:
    """Give a HOME with a score, and an AWS on which others have requests and instances."""
    aws.reset()
    api.put_scenario(aws.world, dict(_MARKET))
    for region in REGIONS:
        for kind in ("open request", "spot instance", "on-demand instance"):
            api._ROUTES["POST", "decoys"](aws.world, {"kind": kind, "region": region})
    score(home, *PAIRS)


def score(home: Path, *pairs: tuple[str, str]) -> None:
    """Write a score by which these pairs are probed, in this order."""
    _write(
        home / "collect_sps_and_if" / "data" / "init_score.csv",
        "region,instance,sps_changes,if_changes,score",
        *(f"{region},{instance},3,1,{10 - place}" for place, (instance, region) in enumerate(pairs)),
    )


def leave_probes(aws: InProcessAws, home: Path) -> None:
    """Leave what a killed run leaves: instances that run, and journal entries that are open."""
    made, own_id = datetime.now(UTC).astimezone() - timedelta(seconds=60), claim(home, RunJournal(home, Clock.start()))
    for instance, region in PAIRS:
        token, moto_region = journal.new_token(), spot_account(aws.world).moto_region(region)
        image = moto_region.any_image(aws.world.geography.architecture(instance))
        parameters = {
            "InstanceCount": 2,
            "ClientToken": token,
            "LaunchSpecification": {"InstanceType": instance, "ImageId": image},
            "TagSpecifications": [{"ResourceType": "spot-instances-request", "Tags": tags(own_id, token)}],
        }
        then = aws.world.clock.now() - timedelta(seconds=60)
        requests = spot_account(aws.world).region(region).order_spot(spot_order(parameters, moto_region, then), then)
        entry = Entry(token, region, instance, 2)
        journal.write(home, journal.INTENDED, entry, made)
        ids = tuple(request.request_id for request in requests)
        journal.write(home, journal.REQUESTED, replace(entry, request_ids=ids), made)


def patient(**seconds: float) -> Callable[[pytest.MonkeyPatch], None]:
    """Cut the probe's patience to a market's speed, and its ticks to a few: each is a change of threads."""
    quick = functools.partial(RunContext, patience=Patience(**seconds))

    def patch_all(patch: pytest.MonkeyPatch) -> None:
        patch.setattr("collect_launch_time.steps.RunContext", quick)
        patch.setattr("collect_launch_time.probing._REFRESH_SECONDS", _TICK_SECONDS)
        patch.setattr("collect_launch_time.watching.region_watch._STOP_CHECK_SECONDS", _TICK_SECONDS)

    return patch_all


def _write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*lines, ""]))


def rows(home: Path, folder: str) -> list[dict[str, str]]:
    """Read all days of a table."""
    return [row for path in sorted((home / folder).glob("*.csv")) for row in csv.DictReader(path.open())]


def _polled_for_the_night(_: InProcessAws, home: Path) -> None:
    now = datetime.now(UTC).astimezone() - timedelta(hours=12)  # before noon a night's day is yesterday
    lines = [f"{now.isoformat()},{region},{instance},3,1,ok" for instance, region in PAIRS]
    _write(
        home / "collect_sps_and_if" / "data" / "sps_and_if" / f"{now.date()}.csv",
        "time,region,instance,sps,if,outcome",
        *lines,
    )


def _planned_today(_: InProcessAws, home: Path) -> None:
    _write(
        home / "collect_sps_and_if" / "data" / "plan" / f"{datetime.now(UTC).astimezone().date()}.csv",
        "instance,regions,origin,probability",
        *(f"{instance},{region},sample,1" for instance, region in PAIRS),
    )


def _polled(home: Path, _: Played) -> set[str]:
    return {row["region"] for row in rows(home, "collect_sps_and_if/data/sps_and_if") if row["outcome"] == "ok"}


def _scored(home: Path, _: Played) -> set[str]:
    planned = {
        region for row in rows(home, "collect_sps_and_if/data/plan") for region in row.get("regions", "").split()
    }
    return planned | {"a score" for _ in (home / "collect_sps_and_if/data/score").glob("*.csv")}


def _priced_until_lately(aws: InProcessAws, home: Path) -> None:
    _planned_today(aws, home)
    lately = datetime.now(UTC).astimezone() - _LATELY
    have = [FetchedUntil(region, instance, lately) for instance, region in PAIRS]
    FETCHED.replace(FETCHED.path(home), have)


def _priced(home: Path, _: Played) -> set[str]:
    latest = datetime.now(UTC) - _LATELY / 2
    return {row.region for row in FETCHED.rows(home) if row.until > latest}


def _shown(_: Path, ended: Played) -> set[str]:
    return {region for region in REGIONS if region in ended.stdout}


def _closed(home: Path, _: Played) -> set[str]:
    journal_rows = rows(home, "collect_launch_time/data/journal")
    ended = [row for row in journal_rows if row["event"] == "closed" and row["instance_ids"]]
    return {f"ended in {row['region']}" for row in ended}


def _probed(home: Path, ended: Played) -> set[str]:
    instances = rows(home, "collect_launch_time/data/instances")
    return _closed(home, ended) | {f"ready in {row['region']}" for row in instances if row["outcome"] == "ready"}


def _answered(_: Path, ended: Played) -> set[str]:
    return {region for region in REGIONS if ended.stdout and not re.search(rf"no answer.*{region}", ended.stderr)}


def _checked(_: Path, ended: Played) -> set[str]:
    return set(re.findall(r"^(?:fine|TO DO|-) +(.+?):", ended.stdout, re.MULTILINE)) & {
        "folders", "disk", "credentials", "placement-score configurations", "interruption frequency", "mail", "crontab",
    }  # fmt: skip


_PROBE = "collect_launch_time"
# Without the list of Regions those named in REGIONS are asked; without zone ids a cell stays empty.
_LISTS = frozenset({"DescribeRegions", "DescribeAvailabilityZones"})
_PROBE_SECONDS = 360.0

POLL = Program("poll", "collect_sps_and_if", (), _polled, deadline_seconds=570)
DRY_RUN = Program("dry run", _PROBE, ("--dry-run",), _shown, unneeded=_LISTS)
PROBE = Program("probe", _PROBE, (), _probed, unneeded=_LISTS, deadline_seconds=_PROBE_SECONDS)
CLEAN_UP = replace(PROBE, name="clean-up", arguments=("--clean-up",), done=_closed, prepare=leave_probes)
FAMILIES = Program("families", "instance_arch_and_ami_id.get_family_arch", (), _answered)
PROGRAMS = (
    POLL,
    replace(POLL, name="poll by a plan", prepare=_planned_today),
    Program(
        "daily score",
        "collect_sps_and_if.daily_score",
        ("--no-email",),
        _scored,
        _polled_for_the_night,
        works_anyway=True,
    ),
    Program("prices", "collect_spot_price", (), _priced, _priced_until_lately),
    DRY_RUN,
    PROBE,
    replace(PROBE, name="probe that runs", begins_after="RequestSpotInstances"),
    CLEAN_UP,
    FAMILIES,
    Program("AMIs", "instance_arch_and_ami_id.get_ami_id", (), _shown),
    Program("check", "check_setup", (), _checked, leave_probes, has_findings=True),
)
