"""A small collection with rows in every table that is published: two days, of which the second begins a month."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from common.files import csv_file
from data_files.csv_table import Column, CsvTable, DatedFiles, SingleFile
from data_files.launches import instances, looks, probes, refused_pairs, spending
from data_files.market import advisor, configurations, plans, polled, polls, scores, spot_prices

ZONE = timezone(timedelta(hours=9))
DAYS = (date(2026, 2, 28), date(2026, 3, 1))
PAIR = ("eu-west-1", "m5.large")

AnyTable = DatedFiles[Any] | SingleFile[Any]

# By the column's name; what is not here is an unknown value.
_CELLS: Mapping[str, str] = {
    "region": PAIR[0],
    "instance": PAIR[1],
    "regions": "eu-west-1 us-east-1",
    "endpoint_region": "us-east-1",
    "az": "euw1-az1",
    "sps": "3",
    "if": "1",
    "savings": "70",
    "outcome": "ok",
    "origin": "sample",
    "probability": "0.25",
    "sps_changes": "1",
    "if_changes": "0",
    "score": "0.3333333333333333",
    "queries": "1",
    "failed": "0",
    "rows": "1",
    "seconds": "4.5",
    "usd": "0.031",
    "instance_count": "10",
    "ready_instances": "3",
    "target_capacity": "10",
    "until": "ready",
    "timeout": "600",
    "status_interval": "3",
    "ended": "timeout",
    "cause": "market",
    "code": "Unsupported",
    "reason": "The requested configuration is not supported, in account 123456789012.",
    "request_id": "sir-abcd1234",
    "instance_id": "i-0123456789abcdef0",
}
TABLES: tuple[AnyTable, ...] = (
    polled.FILES, polls.FILE, advisor.FILES, scores.FILES, plans.FILES, spot_prices.FILES, spot_prices.FETCHED,
    looks.FILES, probes.FILES, instances.FILES, spending.FILES, refused_pairs.FILES, configurations.FILES,
)  # fmt: skip


def sane_cells(table: CsvTable[Any], moment: datetime, number: int = 0) -> dict[str, str]:
    """Give the cells of a row that makes sense; times lie `number` seconds after the moment."""
    cells = {}
    for column in table.columns:
        if column.kind.basic == "time":
            cells[column.name] = (moment + timedelta(seconds=number)).isoformat()
        elif column.name == "outcome" and table is instances.FILES:
            cells[column.name] = "capacity-not-available"
        else:
            cells[column.name] = _CELLS.get(column.name, "")
    return cells


def add(home: Path, table: AnyTable, day: date, rows: list[Mapping[str, str]]) -> None:
    """Add rows, by column, to a table's file (of that day)."""
    path = table.path(home, day) if isinstance(table, DatedFiles) else table.path(home)
    csv_file.append(path, table.header, [[row.get(name, "") for name in table.header] for row in rows])


def write_small_home(home: Path) -> None:
    """Write it: three rows a day and table, at ten in the morning."""
    for table in TABLES:
        for day in DAYS:
            moment = datetime(day.year, day.month, day.day, 10, tzinfo=ZONE)
            step = 600 if table in (polled.FILES, polls.FILE) else 1
            add(home, table, day, [sane_cells(table, moment, step * number) for number in range(3)])


def text_columns(table: CsvTable[Any]) -> list[Column]:
    """Give the columns whose cells are any words."""
    return [column for column in table.columns if column.kind.basic in ("text", "list") and not column.kind.values]
