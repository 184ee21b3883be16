"""What does the report page cost as days pile up, against pandas merely reading the same files, and when is it there?

Writes made-up days under a temporary folder, makes their page for the first time and as it is made every night after,
when one day more is past, then lets pandas read every file of these days, one after the other, keeping nothing. Prints
seconds of CPU, as machines are shared, and where there is a Chromium, after how many seconds the first answer is on its
screen.

    python -m benchmarks.report --days 30 365
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks import collected_year
from data_files.launches import instances, looks, probes, spending
from data_files.market import advisor, plans, polled, scores, spot_prices
from tests import browser

NOW = "2026-03-01T23:56:00+09:00"
ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [
    files.folder
    for files in (
        *(polled.FILES, advisor.FILES, plans.FILES, scores.FILES, spot_prices.FILES),
        *(looks.FILES, probes.FILES, instances.FILES, spending.FILES),
    )
]
PANDAS = f"""
import sys, pandas as pd
from pathlib import Path
for folder in {FOLDERS}:
    for path in sorted((Path(sys.argv[1]) / folder).glob("*.csv*")):
        pd.read_csv(path)
"""
FIRST_ANSWER = """() => new Promise(done => new PerformanceObserver(
  list => done(list.getEntries()[0].renderTime / 1000)).observe({type: "element", buffered: true}))"""


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds of CPU and the most memory."""

    seconds: float
    megabytes: float

    def over(self, other: Cost) -> str:
        """Compare with another's."""
        return f"CPU x {self.seconds / other.seconds:.1f}, memory x {self.megabytes / other.megabytes:.2f}"


def cost_of(command: list[str], environment: dict[str, str]) -> Cost:
    """Run a command and measure its CPU time and its own peak memory."""
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environment) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} left with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, _peak(usage))


def _peak(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


def forget_newest_summary(home: Path) -> None:
    """Leave the kept summaries as they are a night later: the newest past day has none yet."""
    kept = sorted((home / "report" / "cache").glob("*.summary"))
    if kept:
        kept[-1].unlink()


def first_answer_seconds(page: Path) -> dict[int, float]:
    """Give by the window's width after how many seconds the first answer is drawn, the median of five openings."""
    found: dict[int, float] = {}
    chromium = browser.find_chromium()
    if chromium:
        with browser.start(chromium) as started:
            for width in (browser.DESKTOP, browser.PHONE):
                found[width] = statistics.median(_first_answer(started, page, width) for _ in range(5))
    return found


def _first_answer(started: browser.Browser, page: Path, width: int) -> float:
    with started.open(page, width) as opened:
        return float(opened.page.evaluate(FIRST_ANSWER))


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
            made = {"SPOT_HOME": folder, "SPOT_NOW": NOW}
            page = cost_of([sys.executable, "-m", "report"], made)
            forget_newest_summary(home)
            nightly = cost_of([sys.executable, "-m", "report"], made)
            whole = cost_of([sys.executable, "-c", PANDAS, folder], {})
            first_answers = first_answer_seconds(home / "report" / "index.html")
            size = (home / "report" / "index.html").stat().st_size / 1e6
        first = first or page
        print(f"{days} days: {page.seconds:.1f} s of CPU, {page.megabytes:.0f} MB at most, a page of {size:.1f} MB")
        print(f"  against {arguments.days[0]} days: {page.over(first)}")
        print(f"  every night after: {nightly.seconds:.1f} s of CPU, {nightly.megabytes:.0f} MB at most")
        print(
            f"  pandas merely reading these files: {whole.seconds:.1f} s of CPU, {whole.megabytes:.0f} MB;"
            f" the page {page.over(whole)}; every night after {nightly.over(whole)}"
        )
        for width, seconds in first_answers.items():
            print(f"  first answer at {width} px: {seconds:.2f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
