"""How well the probe looks at 1,000 instances at once: calls, lateness and CPU, against the plain way.

python -m benchmarks.probe [--seconds N] [--regions N] [--pairs N]

Both ways look every 3 seconds at the same number of spot instances on a local AWS of their own, begun one after the
other. The plain way is one thread a probe, each describing its own requests and instances.
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from collect_launch_time.folders import probe_folders
from data_files.market import scores
from data_files.market.scores import Score
from instance_arch_and_ami_id import IMAGE_ID
from tests.program import ROOT
from tests.stand_in import StandIn

TYPES = ("m5.large", "c5.large", "r5.large", "t3.micro", "t3.small", "m5.xlarge", "c5.xlarge", "t3.medium")
INTERVAL = 3.0
COUNT = 10
LOOK_CALLS = ("DescribeSpotInstanceRequests", "DescribeInstanceStatus")


def main() -> None:
    """Run both ways and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--regions", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=5, help="a Region")
    given = parser.parse_args()
    print(f"{given.regions} Regions x {given.pairs} probes x {COUNT} instances, a look every {INTERVAL:g} s")
    print(f"{'':>12} {'looks':>7} {'calls a look and Region':>24} {'worst lateness':>15} {'CPU of one core':>16}")
    for name, way in (("this probe", our_way), ("plain way", plain_way)):
        with StandIn() as aws:
            pairs = _pairs(aws, given.regions, given.pairs)
            aws.control.set_scenario(
                fulfilment_seconds=[0.5, 5], check_seconds=[9000, 9000], token_buckets=False, capacity=10_000
            )
            show(name, way(aws, pairs, given.seconds), given.regions)
            aws.control.reset()


def show(name: str, seen: dict[str, float], regions: int) -> None:
    """Print one way's line."""
    calls = seen["calls"] / seen["looks"] / regions
    print(
        f"{name:>12} {seen['looks']:>7.0f} {calls:>24.2f} {seen['lateness']:>13.3f} s {100 * seen['cpu']:>15.0f}%",
        flush=True,
    )


def our_way(aws: StandIn, pairs: list[tuple[str, str]], seconds: int) -> dict[str, float]:
    """Let the probe run as cron starts it."""
    home = Path(tempfile.mkdtemp(prefix="probe-benchmark-"))
    scores.INITIAL.replace(scores.INITIAL.path(home), [Score(region, kind, 1, 1, 1) for kind, region in pairs])
    environment = {
        **os.environ,
        **aws.environment,
        "SPOT_HOME": str(home),
        "SPOT_LAUNCH_TOP_K": str(len(pairs)),
        "SPOT_LAUNCH_DAILY_BUDGET_USD": "100000",
        "SPOT_TIMEOUT": str(seconds),
    }
    process = subprocess.Popen([sys.executable, "-m", "collect_launch_time", str(COUNT)], cwd=ROOT, env=environment)
    _wait_for_instances(aws, len(pairs) * COUNT)
    calls, began, cpu = _look_calls(aws), time.monotonic(), _cpu_seconds(process.pid)
    time.sleep(max(10.0, seconds - 30.0))
    passed = time.monotonic() - began
    used, asked = _cpu_seconds(process.pid) - cpu, _look_calls(aws) - calls
    process.wait()
    log = "".join(path.read_text() for path in probe_folders(home).log.glob("*.log"))
    late = re.search(r"the latest by ([0-9.]+) s", log)
    assert late, log
    return {"looks": passed / INTERVAL, "calls": asked, "lateness": float(late[1]), "cpu": used / passed}


def plain_way(aws: StandIn, pairs: list[tuple[str, str]], seconds: int) -> dict[str, float]:
    """Let one thread a probe describe its own, in this process."""
    clients = {region: aws.client("ec2", region) for _, region in pairs}
    ids = [
        [
            one["SpotInstanceRequestId"]
            for one in clients[region].request_spot_instances(
                InstanceCount=COUNT, LaunchSpecification={"InstanceType": kind, "ImageId": IMAGE_ID[region]["x86_64"]}
            )["SpotInstanceRequests"]
        ]
        for kind, region in pairs
    ]
    _wait_for_instances(aws, len(pairs) * COUNT)
    lateness: list[float] = [0.0]
    calls, began = _look_calls(aws), time.monotonic()
    cpu = _own_cpu_seconds()
    until = began + max(10.0, seconds - 30.0)
    threads = [
        threading.Thread(target=_plain, args=(clients[region], own, began, until, lateness))
        for (_, region), own in zip(pairs, ids, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = time.monotonic() - began
    used, asked = _own_cpu_seconds() - cpu, _look_calls(aws) - calls
    return {"looks": passed / INTERVAL, "calls": asked, "lateness": max(lateness), "cpu": used / passed}


def _plain(client: Any, request_ids: list[str], began: float, until: float, lateness: list[float]) -> None:
    beat = 0
    while (due := began + beat * INTERVAL) < until:
        time.sleep(max(0.0, due - time.monotonic()))
        lateness.append(time.monotonic() - due)
        found = client.describe_spot_instance_requests(SpotInstanceRequestIds=request_ids)["SpotInstanceRequests"]
        instances = [one["InstanceId"] for one in found if one.get("InstanceId")]
        client.describe_instance_status(InstanceIds=instances, IncludeAllInstances=True)
        beat += 1


def _pairs(aws: StandIn, regions: int, pairs: int) -> list[tuple[str, str]]:
    names = sorted(one["RegionName"] for one in aws.client().describe_regions()["Regions"])[:regions]
    found = []
    for region in names:
        pages = aws.client("ec2", region).get_paginator("describe_instance_type_offerings").paginate()
        offered = {one["InstanceType"] for page in pages for one in page["InstanceTypeOfferings"]}
        found += [(kind, region) for kind in [kind for kind in TYPES if kind in offered][:pairs]]
    return found


def _wait_for_instances(aws: StandIn, number: int) -> None:
    _until(lambda: len(aws.control.truth()["living_instances"]) >= number, 120)


def _until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "the market never came to that"
        time.sleep(1)


def _look_calls(aws: StandIn) -> float:
    counts = Counter[str]()
    for call in aws.control.calls():
        counts[call["action"]] += call["count"]
    return sum(counts[action] for action in LOOK_CALLS)


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _own_cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
