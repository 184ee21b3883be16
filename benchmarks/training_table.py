"""What does the training table cost, beside DuckDB's ASOF joins over the same files? And does every row agree?

Makes days of polls, prices and probes (or takes a HOME that has some), lets each write the table as Parquet in a
process of its own, and compares CPU, peak memory, and every row. Leaves with 1 if a row differs, or ours takes more CPU
than the target.

    python -m benchmarks.training_table --days 30 --probes 300
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks import collected_year
from data_files.launches.training_table import REQUEST_TIME, TABLE

TARGET = 1.5


@dataclass(frozen=True)
class Cost:
    """What a process took: CPU in seconds, peak memory in MB."""

    cpu: float
    memory: float


def main() -> int:
    """Measure both, compare their rows, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--probes", type=int, default=300, help="a day")
    parser.add_argument("--home", type=Path, help="of files that are there already")
    parser.add_argument(
        "--ours-only", action="store_true", help="a year takes DuckDB more memory than many machines have"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = arguments.home or Path(folder)
        if not arguments.home:
            collected_year.write(home, arguments.days, probes=arguments.probes)
        ours, theirs = Path(folder) / "ours.parquet", Path(folder) / "theirs.parquet"
        cost = _run(["collect_launch_time.dataset", "--output", str(ours)], home)
        print(f"ours: {cost.cpu:.1f} s CPU, {cost.memory:.0f} MB, {_rows(ours):,} rows", flush=True)
        if arguments.ours_only:
            return 0
        peer = _run(["benchmarks.training_table_query", str(home), str(theirs)], home)
        print(f"DuckDB: {peer.cpu:.1f} s CPU, {peer.memory:.0f} MB; ours takes {cost.cpu / peer.cpu:.2f} of its CPU")
        differing = _differing(ours, theirs)
        print(f"columns in which a row differs: {', '.join(differing) or 'none'}")
        return int(bool(differing) or cost.cpu > TARGET * peer.cpu)


def _run(module: list[str], home: Path) -> Cost:
    process = subprocess.Popen([sys.executable, "-m", *module], env=os.environ | {"SPOT_HOME": str(home)})
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, module
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _rows(path: Path) -> int:
    from pyarrow import parquet

    return int(parquet.ParquetFile(path).metadata.num_rows)


def _differing(ours: Path, theirs: Path) -> list[str]:
    """Name the columns in which the tables differ; one at a time, as a year of rows does not fit into memory."""
    import pyarrow as pa
    from pyarrow import parquet

    found = []
    for name in TABLE.header:
        mine, other = (parquet.read_table(path, columns=[name])[name] for path in (ours, theirs))
        if name == REQUEST_TIME.name:
            mine = mine.cast(pa.int64())
        if not mine.combine_chunks().equals(other.cast(mine.type).combine_chunks()):
            found.append(name)
    return found


if __name__ == "__main__":
    raise SystemExit(main())
