"""Small archives for tests: rows of a few pools, written in each of SpotLake's layouts."""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from collect_sps_and_if.spotlake.bootstrap import summarise_all
from collect_sps_and_if.spotlake.count.scores import pair_scores
from collect_sps_and_if.spotlake.count.summary import Summary
from collect_sps_and_if.spotlake.find.sources import Skipped, find
from collect_sps_and_if.spotlake.find.times import ALWAYS, Span
from collect_sps_and_if.spotlake.workers import LocalWorkers

COLUMNS = ("Time", "InstanceType", "Region", "AZ", "SPS", "T3", "T2", "IF", "OndemandPrice", "SpotPrice", "Savings")
POOLS = (
    ("m5.large", "us-east-1", "use1-az1"),
    ("m5.large", "us-east-1", "use1-az2"),
    ("m5.large", "eu-west-1", "euw1-az1"),
    ("c7g.xlarge", "us-east-1", "use1-az1"),
)
Row = dict[str, str]


def row(pool: tuple[str, str, str], sps: object, frequency: object, time: str = "", **more: str) -> Row:
    """Make a row; its price depends on the pool."""
    instance, region, az = pool
    figures = {"T3": "0", "T2": "0", "OndemandPrice": "0.1", "SpotPrice": f"0.0{len(instance)}", "Savings": "60"}
    named = {"Time": time, "InstanceType": instance, "Region": region, "AZ": az, "SPS": str(sps), "IF": str(frequency)}
    return {**figures, **named, **more}


def snapshots(
    count: int, start: str = "2025-01-01 00:00:00", pools: Sequence[tuple[str, str, str]] = POOLS
) -> list[tuple[str, list[Row]]]:
    """Make (time, rows) of snapshots ten minutes apart: some values change, are unknown, or have no row at all."""
    made = []
    for number in range(count):
        time = str(datetime.fromisoformat(start) + timedelta(minutes=10 * number))
        rows = []
        for place, pool in enumerate(pools):
            if (number + place) % 7 == 3:
                continue  # this snapshot has no row of this pool
            sps = ["3", "2", "", "-1", "3"][(number // 2 + place) % 5]
            rows.append(row(pool, sps, [3.0, 2.5, 3.0][(number // 3 * (place + 1)) % 3], time))
        made.append((time, rows))
    return made


def csv_bytes(rows: Iterable[Row], columns: Sequence[str] = COLUMNS, **format_options: object) -> bytes:
    """Format rows as a CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n", **format_options)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def name(time: str, layout: str) -> str:
    """Give the path that a snapshot of that time has in a layout."""
    return datetime.fromisoformat(time).strftime(
        {
            "months": "aws-%Y-%m/%d/%H-%M-%S.csv.gz",
            "plain": "aws-%Y-%m/%d/%H-%M-%S.csv",
            "open-data": "%Y/%m/%d/%H-%M-%S.csv.gz",
        }[layout]
    )


def write(folder: Path, time: str, content: bytes, layout: str = "months") -> Path:
    """Write one snapshot, packed if its layout is; give its path."""
    path = folder / name(time, layout)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, 1) if path.suffix == ".gz" else content)
    return path


def write_all(
    folder: Path, made: Iterable[tuple[str, list[Row]]], layout: str = "months", columns: Sequence[str] = COLUMNS
) -> Path:
    """Write snapshots in a layout; in `zip` a file has a month of them."""
    for time, rows in made:
        content = csv_bytes(rows, columns)
        if layout == "zip":
            folder.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(folder / f"aws-{time[:7]}.zip", "a", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(f"{time[8:10]}/{time[11:].replace(':', '-')}.csv", content)
        else:
            write(folder, time, content, layout)
    return folder


def write_parquet(path: Path, rows: Sequence[Row], columns: Sequence[str] = COLUMNS, **options: object) -> Path:
    """Write a Parquet file of rows, with the types that Arrow infers from their CSV."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    table = pyarrow.csv.read_csv(pa.BufferReader(csv_bytes(rows, columns)))
    pyarrow.parquet.write_table(table, path, **options)
    return path


def summary_of(*datasets: Path | str, window: Span = ALWAYS) -> Summary:
    """Summarise datasets in this process."""
    with LocalWorkers(1) as workers:
        return summarise_all(find(map(str, datasets)), window, workers, lambda summaries, _: summaries)


def scores_of(*datasets: Path | str, window: Span = ALWAYS) -> list[tuple[object, ...]]:
    """Score datasets in this process."""
    return [tuple(score) for score in pair_scores(summary_of(*datasets, window=window))]


def reasons(skipped: Iterable[Skipped], folder: Path) -> dict[str, str]:
    """Give the reason for which each file was skipped, by its path in the folder."""
    return {item.name.removeprefix(f"{folder}/"): item.why for item in skipped}
