"""Writes what the polls and probes of a day leave under a HOME, for tests to work on; the columns are spelled out."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

DAY = date(2026, 3, 1)

SPS_AND_IF = "time,region,instance,sps,if,outcome"
POLLS = "time,queries,failed,rows,seconds"
PLAN = "instance,regions,origin,probability"
LOOKS = "region,instance,instance_count,request_time,current_time,ready_instances,fulfilled_instances,running_instances"
_REQUEST_TIMES = "request_time,fulfilled_time,running_time,not_ready_time,ready_time"
INSTANCES = f"request_id,instance_id,region,az,instance,{_REQUEST_TIMES},outcome"
SPENDING = "time,region,instance,instances,seconds,usd"
JOURNAL = "time,event,client_token,region,instance,instance_count,request_ids,instance_ids"

TYPES = ("c6g.large", "m5.large", "p3.2xlarge")
PAIRS = [(region, instance) for instance in TYPES for region in ("eu-west-1", "us-east-1")]


def write(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


def data(home: Path) -> Path:
    return home / "collect_sps_and_if" / "data"


def poll_times(day: date = DAY, without: range = range(0)) -> list[datetime]:
    midnight = datetime.combine(day, time_of_day.min).astimezone()
    return [midnight + timedelta(minutes=10 * number) for number in range(144) if number not in without]


def write_day(
    home: Path, day: date = DAY, *, without: range = range(0), extra: Iterable[Sequence[object]] = ()
) -> None:
    """Write a day of polls; the Nth pair's placement score changes at every 12 * (N + 1)th poll."""
    times = poll_times(day, without)
    rows: list[Sequence[object]] = []
    for number, time in enumerate(times):
        for place, (region, instance) in enumerate(PAIRS):
            sps = 3 + number // (12 * (place + 1)) % 2 * (place + 1)
            rows.append((time.isoformat(), region, instance, sps, 1 if number < 100 or place else 2, "ok"))
    write(data(home) / "sps_and_if" / f"{day}.csv", SPS_AND_IF, [*rows, *extra])
    write(data(home) / "polls.csv", POLLS, [(time.isoformat(), 3, 0, len(PAIRS), 1.5) for time in times])


def write_plan(home: Path, day: date = DAY + timedelta(days=1)) -> Path:
    path = data(home) / "plan" / f"{day}.csv"
    queries = [("m5.large", "eu-west-1 us-east-1", "top", 1), ("t4g.nano", "eu-west-1", "sample", 0.25)]
    write(path, PLAN, queries)
    return path


def write_probes(home: Path, day: date = DAY) -> None:
    """Write two probes of one pair: 10 and 8 of 10 ready, one never closed."""
    folder = home / "collect_launch_time" / "data"
    looks, instances, journal = [], [], []
    for hour, ready in ((3, 10), (4, 8)):
        asked = datetime.combine(day, time_of_day(hour)).astimezone()
        for seconds in (0, 90, 180):
            so_far = ready if seconds == 180 else 0
            times = asked.isoformat(), (asked + timedelta(seconds=seconds)).isoformat()
            looks.append(("us-east-1", "m5.large", 10, *times, so_far, min(seconds // 9, 10), min(seconds // 9, 10)))
        for number in range(10):
            is_ready = number < ready
            end = (asked + timedelta(seconds=150)).isoformat() if is_ready else ""
            outcome = "ready" if is_ready else "capacity-not-available"
            start = asked.isoformat()
            instances.append(
                (f"sir-{hour}{number}", "", "us-east-1", "use1-az1", "m5.large", start, "", "", "", end, outcome)
            )
        journal.append((asked.isoformat(), "intended", f"token-{hour}", "us-east-1", "m5.large", 10, "", ""))
        if hour == 3:
            journal.append((asked.isoformat(), "closed", f"token-{hour}", "us-east-1", "m5.large", 10, "", ""))
    write(folder / f"{day}.csv", LOOKS, looks)
    write(folder / "instances" / f"{day}.csv", INSTANCES, instances)
    write(
        folder / "spending" / f"{day}.csv",
        SPENDING,
        [(f"{day}T03:10:00+00:00", "us-east-1", "m5.large", 10, 180, 0.21)],
    )
    write(folder / "journal" / f"{day}.csv", JOURNAL, journal)
