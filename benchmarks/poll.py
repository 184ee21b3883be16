"""What a poll takes when every answer of AWS takes 100 ms: 30 queries against one query and a program's start.

The unit is one client asking one query in a process of its own, start of boto3 included: what nobody can be faster
than. The poll is the second of a day, so that its plan is there, as for 143 of a day's 144 polls.

    python -m benchmarks.poll
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from tests.conftest import FALSE_CREDENTIALS
from tests.program import ROOT
from tests.stand_in import StandIn

LATENCY_SECONDS = 0.1
ROUNDS = 7

ONE_QUERY = """
import boto3
boto3.client("ec2", region_name="us-east-1").get_spot_placement_scores(
    InstanceTypes=["m5.large"], TargetCapacity=10, RegionNames=["us-east-1"])
"""
# The same program, and then which heavy libraries it has loaded.
LOADED = """
import os, runpy, sys
os._exit = lambda code: None
runpy.run_module("collect_sps_and_if", run_name="__main__", alter_sys=True)
print(sorted({"pandas", "numpy", "pyarrow"} & set(sys.modules)))
"""


def main() -> int:
    """Print what both take, and their ratio."""
    os.environ.update(FALSE_CREDENTIALS)
    with tempfile.TemporaryDirectory() as home, StandIn() as aws:
        environment = {**os.environ, **aws.environment, "SPOT_HOME": home}
        poll = [sys.executable, "-m", "collect_sps_and_if"]
        _seconds(poll, environment)  # makes the day's plan
        latency = {"kind": "latency", "seconds": LATENCY_SECONDS}
        aws.control.set_faults(latency, latency | {"action": "advisor"})
        one, whole = [], []
        for _ in range(ROUNDS):
            one.append(_seconds([sys.executable, "-c", ONE_QUERY], environment))
            whole.append(_seconds(poll, environment))
        loaded = subprocess.run(
            [sys.executable, "-c", LOADED], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
    print(f"start of boto3 and one query   {statistics.median(one):6.3f} s")
    ratio = statistics.median(whole) / statistics.median(one)
    print(f"a poll of 30 queries           {statistics.median(whole):6.3f} s  {ratio:.2f} x")
    print(f"heavy libraries in the poll    {loaded.stdout.strip()}")
    return 0


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
