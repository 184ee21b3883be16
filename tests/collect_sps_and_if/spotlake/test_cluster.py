"""On a real Dask cluster the result is the same, byte by byte; without one, a line says so."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from collect_sps_and_if.spotlake.cluster import ClusterWorkers
from common.errors import Refusal
from tests.collect_sps_and_if.spotlake.archives import snapshots, write_all
from tests.program import Ended, no_longer_than, run

pytestmark = pytest.mark.whole_run

BOOTSTRAP = "collect_sps_and_if.score_by_spotlake_data"


@dataclass
class Cluster:
    """A scheduler and two workers, each a process that has no copy of our code."""

    address: str
    workers: list[subprocess.Popen[str]] = field(default_factory=list)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    at = tmp_path / "cluster"
    at.mkdir()
    with no_longer_than(60), ExitStack() as stack:
        scheduler, address = stack.enter_context(
            dask(at, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", until=r"Scheduler at: +(\S+)")
        )
        cluster = Cluster(address)
        for _ in range(2):
            worker, _ = stack.enter_context(
                dask(
                    at,
                    "worker",
                    address,
                    "--no-nanny",
                    "--nthreads",
                    "1",
                    "--no-dashboard",
                    until=r"Registered to: +(\S+)",
                )
            )
            cluster.workers.append(worker)
        assert scheduler.poll() is None
        yield cluster


@contextmanager
def dask(folder: Path, *arguments: str, until: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `dask …` until the block ends; give the process once a line on stderr matches, and the line's group 1."""
    settings = {"DASK_TEMPORARY_DIRECTORY": str(folder), "XDG_CACHE_HOME": str(folder), "PYTHONUNBUFFERED": "1"}
    environment = {**os.environ, **settings}
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    try:
        match = next(found for line in process.stderr if (found := re.search(until, line)))
        yield process, match[1]
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def score(home: Path, archive: Path, *options: str) -> tuple[Ended, bytes]:
    ended = run(BOOTSTRAP, str(archive), *options, environment={"SPOT_HOME": str(home)})
    return ended, (home / "collect_sps_and_if/data/init_score.csv").read_bytes()


def test_a_cluster_gives_the_same_bytes_as_this_machine_though_it_loses_a_worker(
    cluster: Cluster, tmp_path: Path
) -> None:
    archive = write_all(tmp_path / "archive", snapshots(100))
    here, expected = score(tmp_path / "here", archive, "--workers", "1")
    there, scored = score(tmp_path / "there", archive, "--scheduler", cluster.address)
    assert (here.code, there.code, there.stderr, scored) == (0, 0, "", expected)
    cluster.workers[0].kill()
    without, scored = score(tmp_path / "without", archive, "--scheduler", cluster.address)
    assert (without.code, without.stderr, scored) == (0, "", expected)


def test_a_cluster_without_workers_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    for worker in cluster.workers:
        worker.terminate()
        worker.wait()
    ended = run(BOOTSTRAP, str(tmp_path), "--scheduler", cluster.address, environment={"SPOT_HOME": str(tmp_path)})
    assert (ended.code, ended.stderr.count("\n")) == (2, 1)
    assert "has no workers: start some with `dask worker" in ended.stderr


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "tcp://127.0.0.1:abc", "tcp://127.0.0.1:9"])
def test_where_no_scheduler_answers_one_line_says_so(address: str, tmp_path: Path) -> None:
    ended = run(BOOTSTRAP, str(tmp_path), "--scheduler", address, environment={"SPOT_HOME": str(tmp_path)})
    assert (ended.code, ended.stderr.count("\n")) == (2, 1)
    assert f"no Dask scheduler answers at {address}" in ended.stderr


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Refusal, match="script/install cluster"):
        ClusterWorkers("tcp://127.0.0.1:1")
