"""What starting costs: each program's --help against `import boto3` alone, in one run, for the ratio is what counts.

python -m benchmarks.start_up
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from tests.program import ROOT

PROGRAMS = ("collect_sps_and_if", "collect_sps_and_if.daily_score", "collect_launch_time")
ROUNDS = 9


def main() -> int:
    """Print each program's share of boto3's time."""
    commands: dict[str, Sequence[str]] = {"import boto3": [sys.executable, "-c", "import boto3"]}
    commands |= {f"python -m {name} --help": [sys.executable, "-m", name, "--help"] for name in PROGRAMS}
    seconds = _medians(commands)
    for what, took in seconds.items():
        print(f"{what:48} {took:6.3f} s  {took / seconds['import boto3']:5.2f} x import boto3")
    return 0


def _medians(commands: dict[str, Sequence[str]]) -> dict[str, float]:
    took: dict[str, list[float]] = {what: [] for what in commands}
    for _ in range(ROUNDS):  # in turn, so that whatever else the machine does befalls all alike
        for what, command in commands.items():
            begun = time.perf_counter()
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
            took[what].append(time.perf_counter() - begun)
    return {what: statistics.median(times) for what, times in took.items()}


if __name__ == "__main__":
    sys.exit(main())
