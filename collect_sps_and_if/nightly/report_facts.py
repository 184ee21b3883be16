"""The facts of the nightly report, gathered from files alone: what was collected, what moved, what comes next."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import configs
from collect_sps_and_if.nightly.day_coverage import Coverage, coverage
from collect_sps_and_if.nightly.day_moves import Moves, moves_of
from collect_sps_and_if.nightly.log_notes import LogNote, log_notes
from collect_sps_and_if.nightly.polled_day import PolledDay
from collect_sps_and_if.nightly.probe_results import ProbeResults, probe_results
from collect_sps_and_if.quota import Ledger
from collect_sps_and_if.scoring import Score
from collect_sps_and_if.stored_plan import BrokenPlan, read_plan
from collect_sps_and_if.tables import Tables
from common import csv_file
from common.clock import parse_iso

# AL2023 AMIs are deprecated 90 days after their release: hidden from lists, and one day gone.
AMI_DAYS = 90


@dataclass(frozen=True)
class PlannedType:
    """An instance type of tomorrow's plan, with the number of Regions it is asked in."""

    instance: str
    origin: str
    regions: int


@dataclass(frozen=True)
class Quota:
    """Placement-score configurations that occupy a place, and how many AWS allows."""

    used: int
    limit: int

    @property
    def free(self) -> int:
        """Count the places that are left."""
        return max(0, self.limit - self.used)


@dataclass(frozen=True)
class Facts:
    """Everything the report says of a day."""

    day: date
    now: datetime
    coverage: Coverage
    broken_off: int
    queries_failed: int
    polled: PolledDay
    scores: Sequence[Score]
    moves: Moves
    tomorrow: Sequence[PlannedType]
    quota: Quota
    probes: ProbeResults
    budget_usd: float
    ami_days_left: int | None
    disk_free: int
    disk_size: int
    logged: Sequence[LogNote]

    @property
    def outcomes(self) -> Mapping[str, int]:
        """Count the rows by what became of the placement score."""
        return self.polled.outcomes


def gather(tables: Tables, polled: PolledDay, scores: Sequence[Score], now: datetime) -> Facts:
    """Gather a day's facts as they stand on disk."""
    day = polled.day
    acknowledged = _polls(tables, day)
    disk = shutil.disk_usage(tables.data)
    return Facts(
        day=day,
        now=now,
        coverage=coverage(day, acknowledged, now),
        broken_off=len(polled.times - set(acknowledged)),
        queries_failed=sum(acknowledged.values()),
        polled=polled,
        scores=scores,
        moves=moves_of(polled),
        tomorrow=_planned(tables, day + timedelta(days=1)),
        quota=_quota(tables, day, now),
        probes=probe_results(tables.home, day, now, configs.TIMEOUT),
        budget_usd=configs.LAUNCH_DAILY_BUDGET_USD,
        ami_days_left=_ami_days_left(now.date()),
        disk_free=disk.free,
        disk_size=disk.total,
        logged=log_notes([tables.log, tables.home / "collect_launch_time" / "log"], day),
    )


def _polls(tables: Tables, day: date) -> dict[datetime, int]:
    """Give the acknowledged polls of a day with the queries that failed in each."""
    begin = day.isoformat()
    polls = {}
    for row in csv_file.read(tables.polls):
        moment = parse_iso(row["time"]) if row.get("time", "").startswith(begin) else None
        if moment:
            failed = row.get("failed", "")
            polls[moment] = int(failed) if failed.isdecimal() else 0
    return polls


def _planned(tables: Tables, day: date) -> list[PlannedType]:
    try:
        queries = read_plan(tables, day) or []
    except BrokenPlan:  # the first poll of that day makes it anew
        return []
    regions: dict[tuple[str, str], int] = {}
    for query in queries:
        key = query.instance, query.origin
        regions[key] = regions.get(key, 0) + len(query.regions)
    return [PlannedType(instance, origin, count) for (instance, origin), count in regions.items()]


def _quota(tables: Tables, day: date, now: datetime) -> Quota:
    end = datetime.combine(day + timedelta(days=1), datetime.min.time()).astimezone()
    used = Ledger(tables, configs.SPS_REGION).last_uses(min(now, end))
    return Quota(len(used), configs.SPS_CONFIGURATION_LIMIT)


def _ami_days_left(today: date) -> int | None:
    import instance_arch_and_ami_id as stored

    try:
        made = date.fromisoformat(str(getattr(stored, "IMAGE_ID_DATE", ""))[:10])
    except ValueError:
        return None
    return min(AMI_DAYS, AMI_DAYS - (today - made).days) if stored.IMAGE_ID else None
