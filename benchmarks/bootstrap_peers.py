"""How else one could score an archive: each a fair and careful program, given the same files as the bootstrap.

python -m benchmarks.bootstrap_peers PEER FOLDER RESULT.csv
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

POOL = ["Region", "InstanceType", "AZ"]
Scored = Iterable[tuple[str, str, float, float]]


def polars(files: list[str]) -> Scored:
    """One lazy query over all files, on Polars' streaming engine: names as categories, changes counted in each group.

    Rows of a pool stay in the order of the files, which is that of time, so nothing is sorted. It takes a third of the
    time of a query that sorts all rows, and that one a third of what comes to mind first (unique rows, then changes).
    """
    import polars as pl

    kinds = {"SPS": pl.Float32, "IF": pl.Float32, **dict.fromkeys(["Time", *POOL], pl.Categorical)}
    rows = pl.scan_csv(files, schema_overrides=kinds).select("Time", *POOL, "SPS", "IF")
    time = pl.col("Time").to_physical()
    is_last = (time != time.shift(-1)).fill_null(value=True)

    def changes(name: str) -> Any:
        known = pl.col(name).filter(is_last & pl.col(name).is_not_null() & (pl.col(name) != -1))
        return (known != known.shift()).fill_null(value=False).sum().alias(name)

    pools = rows.group_by(POOL, maintain_order=True).agg(changes("SPS"), changes("IF"))
    pairs = pools.group_by(["Region", "InstanceType"]).agg(pl.col("SPS").mean(), pl.col("IF").mean())
    scored = pairs.collect(engine="streaming").cast({"Region": pl.String, "InstanceType": pl.String})
    days = len(set(map(_day, files)))
    return [(region, instance, sps / days, frequency / days) for region, instance, sps, frequency in scored.rows()]


def _day(file: str) -> str:
    """Give the date of a snapshot's first row."""
    with gzip.open(file, "rt") as lines:
        return next(csv.DictReader(lines))["Time"][:10]


def polars_by_file(files: list[str]) -> Scored:
    """Polars, file by file, keeping the last known values: the merge of the bootstrap, without its reader."""
    import polars as pl

    last: dict[tuple[str, str, str], list[Any]] = {}
    days = set()
    for file in files:
        rows = pl.read_csv(file, columns=["Time", *POOL, "SPS", "IF"])
        days.add(rows["Time"][0][:10])
        for region, instance, az, sps, frequency in (
            rows.unique(subset=POOL, keep="last").select([*POOL, "SPS", "IF"]).rows()
        ):
            pool = last.setdefault((region, instance, az), [None, None, 0, 0])
            for place, value in enumerate((sps, frequency)):
                if value is not None and value != -1:
                    pool[2 + place] += pool[place] is not None and pool[place] != value
                    pool[place] = value
    return _averaged(((pool, counts[2], counts[3]) for pool, counts in last.items()), len(days))


def duckdb(files: list[str]) -> Scored:
    """One query; of doubled rows the last counts."""
    import duckdb as engine

    def changes(name: str) -> str:
        return f"""
            SELECT Region, InstanceType, AZ, count(*) FILTER (value <> before) AS changes FROM (
                SELECT *, lag(value) OVER (PARTITION BY Region, InstanceType, AZ ORDER BY Time) AS before
                FROM (SELECT *, nullif(kept.{name}, -1) AS value FROM once) WHERE value IS NOT NULL)
            GROUP BY ALL"""

    query = f"""
        WITH numbered AS (SELECT Time, Region, InstanceType, AZ, SPS, "IF" AS frequency, row_number() OVER () AS n
                          FROM read_csv(?, types={{'SPS': 'DOUBLE', 'IF': 'DOUBLE', 'Time': 'VARCHAR'}})),
             once AS (SELECT Time, Region, InstanceType, AZ, arg_max({{'SPS': SPS, 'frequency': frequency}}, n) AS kept
                      FROM numbered GROUP BY ALL),
             pools AS (SELECT DISTINCT Region, InstanceType, AZ FROM once),
             sps AS ({changes("SPS")}), frequency AS ({changes("frequency")})
        SELECT Region, InstanceType, avg(coalesce(sps.changes, 0)), avg(coalesce(frequency.changes, 0)),
               (SELECT count(DISTINCT Time[:10]) FROM once)
        FROM pools LEFT JOIN sps USING (Region, InstanceType, AZ) LEFT JOIN frequency USING (Region, InstanceType, AZ)
        GROUP BY ALL"""
    rows = engine.connect().execute(query, [files]).fetchall()
    return [(region, instance, sps / days, frequency / days) for region, instance, sps, frequency, days in rows]


def pandas(files: list[str]) -> Scored:
    """Careful pandas: only the columns needed, as categories and small floats, one frame."""
    import pandas as pd

    kinds = {"Region": "category", "InstanceType": "category", "AZ": "category", "SPS": "float32", "IF": "float32"}
    frames = []
    for file in files:
        frame = pd.read_csv(file, usecols=["Time", *kinds], dtype=kinds)
        frame["Time"] = pd.Timestamp(frame["Time"].iat[0])
        frames.append(frame)
    for name in POOL:
        union = pd.api.types.union_categoricals([frame[name] for frame in frames]).categories
        for frame in frames:
            frame[name] = frame[name].cat.set_categories(union)
    rows = pd.concat(frames, ignore_index=True)
    frames.clear()
    rows = rows.drop_duplicates(["Time", *POOL], keep="last").sort_values("Time", kind="stable")
    counted = {}
    for name in ("SPS", "IF"):
        known = rows[rows[name].notna() & (rows[name] != -1)]
        before = known.groupby(POOL, observed=True)[name].shift()
        counted[name] = (
            (before.notna() & (before != known[name])).groupby([known[key] for key in POOL], observed=True).sum()
        )
    pools = pd.DataFrame(counted, index=rows.groupby(POOL, observed=True).size().index).fillna(0)
    pairs = pools.groupby(level=[0, 1], observed=True).mean() / rows["Time"].dt.date.nunique()
    return [
        (region, instance, *map(float, counts))
        for (region, instance), counts in zip(pairs.index, pairs.to_numpy(), strict=True)
    ]


def decompression(files: list[str]) -> Scored:
    """No score at all: only unpack the files, with libdeflate in two processes."""
    from multiprocessing import Pool

    with Pool(2) as processes:
        for _ in processes.imap_unordered(_unpack, files, chunksize=24):
            pass
    return []


def _unpack(file: str) -> int:
    import deflate

    return len(deflate.gzip_decompress(Path(file).read_bytes()))


def _averaged(pools: Iterable[tuple[tuple[str, str, str], int, int]], days: int) -> Scored:
    pairs: dict[tuple[str, str], list[int]] = {}
    for (region, instance, _), sps, frequency in pools:
        pair = pairs.setdefault((region, instance), [0, 0, 0])
        pair[0], pair[1], pair[2] = pair[0] + sps, pair[1] + frequency, pair[2] + 1
    return [(*pair, sps / zones / days, frequency / zones / days) for pair, (sps, frequency, zones) in pairs.items()]


PEERS: dict[str, Callable[[list[str]], Scored]] = {
    "decompression": decompression,
    "polars": polars,
    "polars_by_file": polars_by_file,
    "duckdb": duckdb,
    "pandas": pandas,
}


def main() -> None:
    """Let a peer score a folder's .csv.gz files."""
    peer, folder, result = sys.argv[1:]
    files = sorted(map(str, Path(folder).rglob("*.csv.gz")))
    scored = PEERS[peer](files)
    with Path(result).open("w", newline="") as file:
        csv.writer(file).writerows(scored)


if __name__ == "__main__":
    main()
