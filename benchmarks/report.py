"""Does making the report page stay flat as days pile up, and what does reading everything at once cost instead?

Writes made-up days under a temporary folder, makes their page, then does the least a page needs in the obvious way:
pandas reads all files of placement scores and looks at once and takes daily means. Prints ratios, as machines differ.

    python -m benchmarks.report --days 30 365
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import collected_year
from data_files.launches import looks
from data_files.market import polled

NOW = "2026-03-01T23:56:00+09:00"
ROOT = Path(__file__).resolve().parent.parent
PANDAS = f"""
import sys, pandas as pd
from pathlib import Path
home = Path(sys.argv[1])
read = lambda folder: pd.concat(map(pd.read_csv, sorted((home / folder).glob("*.csv"))))
scores = read("{polled.FILES.folder}")
scores.groupby([scores.time.str[:10], "region", "instance"]).sps.agg(["mean", "min", "max", "count"])
looks = read("{looks.FILES.folder}")
looks.groupby(["region", "instance", "request_time"]).ready_instances.max()
"""


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    seconds: float
    megabytes: float

    def over(self, other: Cost) -> str:
        """Compare with another's."""
        return f"time x {self.seconds / other.seconds:.1f}, memory x {self.megabytes / other.megabytes:.2f}"


def cost_of(command: list[str], environment: dict[str, str]) -> Cost:
    """Run a command and measure its time and its own peak memory."""
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environment) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} left with {process.returncode}")
    return Cost(time.perf_counter() - started, _peak(usage))


def _peak(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


def main() -> int:
    """Measure, and print a line a length of collecting."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, nargs="+", default=[30, 365])
    parser.add_argument("--probes", type=int, default=48, help="a day")
    arguments = parser.parse_args()
    first: Cost | None = None
    for days in arguments.days:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            collected_year.write(home, days, probes=arguments.probes)
            page = cost_of([sys.executable, "-m", "report"], {"SPOT_HOME": folder, "SPOT_NOW": NOW})
            whole = cost_of([sys.executable, "-c", PANDAS, folder], {})
            size = (home / "report" / "index.html").stat().st_size / 1e6
        first = first or page
        print(f"{days} days: {page.seconds:.1f} s, {page.megabytes:.0f} MB at most, a page of {size:.1f} MB")
        print(f"  against {arguments.days[0]} days: {page.over(first)}")
        print(f"  pandas reading everything: {whole.seconds:.1f} s, {whole.megabytes:.0f} MB; {whole.over(page)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
