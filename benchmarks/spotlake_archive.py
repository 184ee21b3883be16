"""Writes an archive of the shape SpotLake's has, for benchmarks, tests and the demo; the figures in it are made up.

The names of Regions, types and Zones are the real ones, from moto's tables: plans can be made from the scores.
A snapshot's rows stand in one fixed order; from one to the next, some two in a hundred change their placement score and
three their price, a row disappears or comes back now and then, and the advisor moves a few pools every few hours.

    python -m benchmarks.spotlake_archive FOLDER --days 2 --rows 2000 --layout months
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

SNAPSHOTS_A_DAY = 144
COLUMNS = ("InstanceType", "Region", "AZ", "SPS", "T3", "T2", "IF", "OndemandPrice", "SpotPrice", "Savings")
IF_VALUES = ("3.0", "2.5", "2.0", "1.5", "1.0")

SPS_CHANGES_A_DAY = 3.0
PRICE_CHANGES_A_DAY = 4.0
IF_CHANGES_A_DAY = 0.1
ABSENCES_A_DAY = 0.02


@dataclass(frozen=True)
class Pool:
    """One instance type in one Availability Zone."""

    instance: str
    region: str
    az: str


def real_pools(count: int, seed: int) -> list[Pool]:
    """Pick about as many real pools: whole (type, Region) pairs at random, sorted as SpotLake's files are."""
    import moto

    folder = Path(moto.__file__).parent / "ec2/resources/instance_type_offerings/availability-zone-id"
    pairs: dict[tuple[str, str], list[str]] = {}
    for path in sorted(folder.glob("*.json.gz")):
        region = path.name.removesuffix(".json.gz")
        for offering in json.loads(gzip.decompress(path.read_bytes())):
            pairs.setdefault((offering["InstanceType"], region), []).append(offering["Location"])
    order = sorted(pairs)
    random.Random(seed).shuffle(order)
    pools = [Pool(*pair, az) for pair in order for az in sorted(pairs[pair])][:count]
    return sorted(pools, key=lambda pool: (pool.instance, pool.region, pool.az))


class Market:
    """Pools whose figures move from snapshot to snapshot; some move much, most hardly at all."""

    def __init__(self, pools: list[Pool], seed: int) -> None:
        """Set every pool's figures, and how restless it is."""
        self.pools = pools
        self.random = np.random.default_rng(seed)
        count = len(pools)
        self.restlessness = self.random.gamma(0.5, 2.0, count)  # mean 1, long tail
        self.sps = self.random.integers(1, 4, count)
        self.frequency = self.random.integers(0, len(IF_VALUES), count)
        self.on_demand = np.round(self.random.lognormal(-0.5, 1.3, count) + 0.004, 4)
        self.spot = np.round(self.on_demand * self.random.uniform(0.1, 0.6, count), 4)
        self.present = np.ones(count, dtype=bool)
        self.lines = [self._line(pool) for pool in range(count)]

    def snapshot(self) -> list[str]:
        """Give the rows of the pools there are, without the time."""
        if self.present.all():
            return self.lines
        return [line for line, present in zip(self.lines, self.present, strict=True) if present]

    def move_on(self) -> None:
        """Let ten minutes pass."""
        for pool in self._restless(SPS_CHANGES_A_DAY):
            self.sps[pool] = (self.sps[pool] - 1 + self.random.integers(1, 3)) % 3 + 1
            self.lines[pool] = self._line(pool)
        for pool in self._restless(PRICE_CHANGES_A_DAY):
            self.spot[pool] = round(self.on_demand[pool] * self.random.uniform(0.1, 0.6), 4)
            self.lines[pool] = self._line(pool)
        for pool in self._restless(IF_CHANGES_A_DAY):
            self.frequency[pool] = self.random.integers(0, len(IF_VALUES))
            self.lines[pool] = self._line(pool)
        for pool in self._restless(ABSENCES_A_DAY):
            self.present[pool] = not self.present[pool]

    def _restless(self, changes_a_day: float) -> Iterator[int]:
        chance = self.restlessness * changes_a_day / SNAPSHOTS_A_DAY
        return iter(np.flatnonzero(self.random.random(len(chance)) < chance).tolist())

    def _line(self, number: int) -> str:
        pool, sps = self.pools[number], int(self.sps[number])
        spot, on_demand = self.spot[number], self.on_demand[number]
        return (
            f"{pool.instance},{pool.region},{pool.az},{sps},{10 * (sps > 1)},{25 * (sps > 2)},"
            f"{IF_VALUES[self.frequency[number]]},{on_demand:.4f},{spot:.4f},{round(100 * (1 - spot / on_demand))}"
        )


def snapshots(rows: int, days: int, start: date, seed: int) -> Iterator[tuple[datetime, str]]:
    """Give each snapshot's time and its whole CSV text, ten minutes apart."""
    market = Market(real_pools(rows, seed), seed)
    moment = datetime(start.year, start.month, start.day, tzinfo=UTC)
    for _ in range(days * SNAPSHOTS_A_DAY):
        time = f"{moment:%Y-%m-%d %H:%M:%S}"
        yield moment, ",".join(("Time", *COLUMNS)) + "".join(f"\n{time},{row}" for row in market.snapshot()) + "\n"
        market.move_on()
        moment += timedelta(minutes=10)


def path_in(layout: str, moment: datetime) -> str:
    """Name a snapshot as the layout does; `zip` and `parquet` hold many in one file."""
    return moment.strftime(
        {
            "months": "aws-%Y-%m/%d/%H-%M-%S.csv.gz",
            "plain": "aws-%Y-%m/%d/%H-%M-%S.csv",
            "open-data": "%Y/%m/%d/%H-%M-%S.csv.gz",
            "zip": "aws-%Y-%m.zip",
            "parquet": "aws-%Y-%m/aws-%Y-%m-%d.parquet",
        }[layout]
    )


LAYOUTS = ("months", "plain", "open-data", "zip", "parquet")


def write_archive(folder: Path, rows: int, days: int, start: date, seed: int, layout: str) -> None:
    """Write an archive under the folder, in one of LAYOUTS."""
    whole_day: list[bytes] = []
    for moment, text in snapshots(rows, days, start, seed):
        path = folder / path_in(layout, moment)
        path.parent.mkdir(parents=True, exist_ok=True)
        content = text.encode()
        if layout == "zip":
            with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(f"{moment:%d/%H-%M-%S}.csv", content)
        elif layout == "parquet":
            whole_day.append(content if not whole_day else content.partition(b"\n")[2])
            if len(whole_day) == SNAPSHOTS_A_DAY:
                _write_parquet(path, b"".join(whole_day))
                whole_day.clear()
        else:
            path.write_bytes(_gzip(content) if path.suffix == ".gz" else content)


def _gzip(content: bytes) -> bytes:
    try:
        import deflate
    except ImportError:
        return gzip.compress(content, 6)
    return bytes(deflate.gzip_compress(content, 6))


def _write_parquet(path: Path, content: bytes) -> None:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.csv.read_csv(pa.BufferReader(content)), path, compression="zstd")


def main() -> None:
    """Write the archive the arguments describe."""
    parser = argparse.ArgumentParser(description="Write an archive of the shape of SpotLake's, with made-up figures.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, default=2)
    parser.add_argument("--rows", type=int, default=2000, help="rows a snapshot; the real ones have some 35,400")
    parser.add_argument("--start", type=date.fromisoformat, default=date(2025, 1, 1), metavar="YYYY-MM-DD")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layout", choices=LAYOUTS, default="months")
    chosen = parser.parse_args()
    write_archive(chosen.folder, chosen.rows, chosen.days, chosen.start, chosen.seed, chosen.layout)


if __name__ == "__main__":
    main()
