"""Price changes: each is stored once, and none that AWS tells of is missing, be it of days without a run."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tests.stand_in import StandIn
from tests.whole_runs.rehearsal.machine import PRICES_TOLD_DAYS
from tests.whole_runs.rehearsal.rows import csv_files, rows_of

Series = tuple[str, str, str]  # Region, zone id, instance type
Prices = dict[Series, dict[datetime, float]]

_KNOWN_ANEW = timedelta(days=90)  # after so long AWS does not tell what was between: a price is known anew
_PAIRS_COMPARED = 30  # those fetched last, for AWS tells thousands of each


def stored_prices(folder: Path) -> tuple[int, list[str]]:
    """Count the changes in a folder, and say which stand there twice, in another day's file, or are no change."""
    complaints, number = [], 0
    newest: dict[Series, tuple[datetime, str]] = {}
    for path in csv_files(folder):
        rows = [] if path.name == "fetched.csv" else rows_of(path)
        number += len(rows)
        keys = Counter((row["time"], row["region"], row["az"], row["instance"]) for row in rows)
        complaints += [f"{path.name}: {key} stands there {count} times" for key, count in keys.items() if count > 1]
        complaints += [f"{path.name} holds a row of {row['time']}" for row in rows if row["time"][:10] != path.stem]
        for row in sorted(rows, key=lambda row: datetime.fromisoformat(row["time"])):
            series = row["region"], row["az"], row["instance"]
            time = datetime.fromisoformat(row["time"])
            before = newest.get(series)
            if before and before[1] == row["usd"] and time - before[0] < _KNOWN_ANEW:
                complaints.append(f"{path.name}: {series} cost {row['usd']} at {row['time']} as at {before[0]}")
            newest[series] = time, row["usd"]
    return number, complaints


def missing_prices(folder: Path, aws: StandIn, now: datetime) -> Iterator[str]:
    """Compare what is stored of the pairs fetched last with what AWS tells in the end."""
    fetched = sorted(
        (datetime.fromisoformat(row["fetched_until"]), row["region"], row["instance"])
        for row in rows_of(folder / "fetched.csv")
    )[-_PAIRS_COMPARED:]
    until = {(region, instance): moment for moment, region, instance in fetched}
    if not until:
        yield "no prices were fetched"
        return
    stored = _stored(folder)
    for region in {region for region, _ in until}:
        told = _told(
            aws,
            region,
            [instance for place, instance in until if place == region],
            now - timedelta(days=PRICES_TOLD_DAYS),
        )
        for series, prices in told.items():
            wanted = {at for at in _changes(prices) if at <= until[series[0], series[2]]}
            if missing := {at for at in wanted if stored[series].get(at) != prices[at]}:
                yield f"{len(missing)} of {len(wanted)} changes of {series} are missing, such as of {min(missing)}"
            if strange := {at for at in stored[series] if at > min(prices)} - set(prices):
                yield f"AWS does not tell of {len(strange)} changes of {series}, such as of {min(strange)}"


def _changes(prices: dict[datetime, float]) -> Iterator[datetime]:
    # The first that is told is no change within the days told.
    (_, before), *later = sorted(prices.items())
    for at, usd in later:
        if usd != before:
            yield at
        before = usd


def _stored(folder: Path) -> Prices:
    found: Prices = defaultdict(dict)
    for path in csv_files(folder):
        for row in [] if path.name == "fetched.csv" else rows_of(path):
            found[row["region"], row["az"], row["instance"]][datetime.fromisoformat(row["time"])] = float(row["usd"])
    return found


def _told(aws: StandIn, region: str, types: list[str], since: datetime) -> Prices:
    found: Prices = defaultdict(dict)
    pages = aws.client("ec2", region).get_paginator("describe_spot_price_history")
    for page in pages.paginate(InstanceTypes=types, ProductDescriptions=["Linux/UNIX"], StartTime=since):
        for row in page["SpotPriceHistory"]:
            if re.fullmatch(f"{region}[a-z]", row["AvailabilityZone"]):  # no Local Zone
                series = region, row["AvailabilityZoneId"], row["InstanceType"]
                found[series][row["Timestamp"]] = float(row["SpotPrice"])
    return found
