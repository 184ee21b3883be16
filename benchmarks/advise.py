"""Does `python -m advise` take as long on a month of files as on a year?

Writes made-up days under a temporary folder, older than 30 days compressed as the collection keeps them, and asks for
the best pairs, for a type polled now, and for one polled long ago. Prints the least CPU of some runs, and ratios.

    python -m benchmarks.advise --days 30 365
"""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import collected_year
from data_files.market import plans

NOW = "2026-03-01T23:56:00+09:00"
ROOT = Path(__file__).resolve().parent.parent
KEPT_PLAIN = 30  # days
RUNS = 5


def main() -> int:
    """Measure, and print a line a length of collecting and question."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, nargs="+", default=[30, 365])
    parser.add_argument("--probes", type=int, default=144, help="a day")
    arguments = parser.parse_args()
    first: dict[str, float] = {}
    for days in arguments.days:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            collected_year.write(home, days, probes=arguments.probes)
            _compress_older(home)
            for question, types in _questions(home).items():
                seconds = min(_cpu_seconds(home, types) for _ in range(RUNS))
                ratio = seconds / first.setdefault(question, seconds)
                print(f"{days} days, {question}: {seconds:.2f} s of CPU, x {ratio:.2f}")
    return 0


def _compress_older(home: Path) -> None:
    for folder in {path.parent for path in home.rglob("????-??-??.csv")}:
        for path in sorted(folder.glob("????-??-??.csv"))[:-KEPT_PLAIN]:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 6))
            path.unlink()


def _questions(home: Path) -> dict[str, list[str]]:
    polled_on = {
        query.instance: day for day in plans.FILES.days(home) for query in plans.FILES.rows(home, day)
    }  # the last day of each
    oldest = min(polled_on, key=lambda name: polled_on[name])
    return {
        "the best": [],
        "a type polled now": [max(polled_on, key=lambda name: polled_on[name])],
        "the type polled longest ago": [oldest],
    }


def _cpu_seconds(home: Path, types: list[str]) -> float:
    command = [sys.executable, "-m", "advise", "--json", *types]
    environment = os.environ | {"SPOT_HOME": str(home), "SPOT_NOW": NOW, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} left with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
