"""How fast, and in how much memory, the bootstrap scores an archive: beside its peers, and beside bare decompression.

    python -m benchmarks.bootstrap --days 3          # makes the archive once, in build/ (620 MB for ten days)
    python -m benchmarks.bootstrap --days 10 --only ours polars decompression

All run in turn in one go, since only ratios taken together mean anything on a machine that has other work; the CPU
time of each is told beside, for it suffers less from that. Memory is that of a program and all its processes together,
shared pages counted once (PSS), sampled.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psutil

from benchmarks.bootstrap_peers import PEERS
from benchmarks.spotlake_archive import SNAPSHOTS_A_DAY, write_archive
from data_files.market import scores

ROOT = Path(__file__).resolve().parents[1]
SAMPLE_SECONDS = 0.05
MEMORY_EVERY = 5
"""Samples from one of memory to the next: the kernel walks all pages for it, at the cost of who is measured."""
OURS, PLAIN = "ours", "ours_without_fast"


@dataclass(frozen=True)
class Measured:
    """What one program took."""

    name: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    scores: dict[tuple[str, str], tuple[float, float]]


def main() -> int:
    """Measure, compare, print."""
    chosen = _arguments()
    archive = chosen.folder / f"spotlake-{chosen.days}-days-of-{chosen.rows}-rows"
    if not archive.exists():
        print(f"making {archive} ...", flush=True)
        write_archive(archive, chosen.rows, chosen.days, date(2025, 1, 1), 1, "months")
    names = chosen.only or [OURS, PLAIN, *PEERS]
    for file in archive.rglob("*.csv.gz"):  # into the page cache, for all alike
        file.read_bytes()
    rows = chosen.days * SNAPSHOTS_A_DAY * chosen.rows / 1e6
    print(f"{chosen.days} days, {rows:.1f} million rows, {os.cpu_count()} cores")
    measured = []
    for name in names:
        measured.append(_measure(name, archive))
        print(_line(measured[-1], chosen), flush=True)
    by_name = {one.name: one for one in measured}
    for name, other in itertools.product((OURS, PLAIN), ("polars", "decompression")):
        if name in by_name and other in by_name:
            print(
                f"{name} / {other}: {by_name[name].seconds / by_name[other].seconds:.2f} of its wall time, "
                f"{by_name[name].cpu_seconds / by_name[other].cpu_seconds:.2f} of its CPU time"
            )
    return _disagreements(measured)


def _measure(name: str, archive: Path) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        result = scores.INITIAL.path(Path(folder))
        result.parent.mkdir(parents=True)
        ours = [sys.executable, "collect_sps_and_if/score_by_spotlake_data.py", str(archive)]
        peers = [sys.executable, "-m", "benchmarks.bootstrap_peers", name, str(archive), str(result)]
        started = time.perf_counter()
        environment = {**os.environ, "SPOT_HOME": folder}
        if name == PLAIN:
            (Path(folder) / "deflate.py").write_text("raise ImportError\n")
            environment["PYTHONPATH"] = folder
        program = subprocess.Popen(ours if name in (OURS, PLAIN) else peers, cwd=ROOT, env=environment)
        peak, cpu = _watch(program)
        seconds = time.perf_counter() - started
        if program.returncode:
            raise SystemExit(f"{name} left with {program.returncode}")
        return Measured(name, seconds, cpu, peak, _scores(result))


def _watch(program: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Wait for a program's end: its peak memory, and its CPU time; both of all its processes together."""
    peak, cpu = 0, dict[int, float]()
    for sample in itertools.count():
        if program.poll() is not None:
            break
        memory = 0
        for process in _family(program.pid):
            try:
                memory += 0 if sample % MEMORY_EVERY else process.memory_full_info().pss
                times = process.cpu_times()
                cpu[process.pid] = times.user + times.system
            except psutil.Error:  # ended in between
                continue
        peak = max(peak, memory)
        time.sleep(SAMPLE_SECONDS)
    return peak, sum(cpu.values())


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return []


def _scores(result: Path) -> dict[tuple[str, str], tuple[float, float]]:
    with result.open(newline="") as file:
        rows = [row for row in csv.reader(file) if row[0] != scores.REGION.name]
    return {(row[0], row[1]): (float(row[2]), float(row[3])) for row in rows}


def _line(measured: Measured, chosen: argparse.Namespace) -> str:
    rows = chosen.days * SNAPSHOTS_A_DAY * chosen.rows / measured.seconds / 1e6
    return (
        f"{measured.name:>15}: {measured.seconds:7.2f} s wall, {measured.cpu_seconds:7.2f} s CPU, "
        f"{rows:6.1f} million rows/s, {measured.peak_bytes / 1e6:6.0f} MB"
    )


def _disagreements(measured: list[Measured]) -> int:
    scored = [one for one in measured if one.scores]
    for one in scored[1:]:
        same = one.scores.keys() == scored[0].scores.keys() and all(
            math.isclose(count, other, rel_tol=1e-9, abs_tol=1e-9)
            for pair, counts in one.scores.items()
            for count, other in zip(counts, scored[0].scores[pair], strict=True)
        )
        print(f"{one.name} and {scored[0].name} {'agree' if same else 'DO NOT AGREE'} on {len(one.scores):,} pairs")
        if not same:
            return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--rows", type=int, default=35_400, help="a snapshot; default: as many as the real ones have")
    parser.add_argument("--folder", type=Path, default=ROOT / "build", help="where archives are made and kept")
    parser.add_argument("--only", nargs="+", choices=[OURS, PLAIN, *PEERS])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
