"""The same runs on a Dask cluster: the same bytes; and one clear line where there is none."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collect_sps_and_if.spotlake.bootstrap import summarise_all
from collect_sps_and_if.spotlake.cluster import ClusterWorkers
from collect_sps_and_if.spotlake.moments import ALWAYS
from collect_sps_and_if.spotlake.sources import find
from collect_sps_and_if.spotlake.workers import LocalWorkers
from common.exit_code import Refusal
from tests.collect_sps_and_if.spotlake.archives import snapshots, write_all
from tests.collect_sps_and_if.spotlake.test_workers import told, undisturbed
from tests.program import no_longer_than


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    import distributed

    with distributed.LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, processes=True
    ) as cluster:
        yield cluster


def test_a_cluster_gives_the_same_to_the_last_digit_as_this_machine(cluster: Any, tmp_path: Path) -> None:
    found = find([str(write_all(tmp_path, snapshots(100)))])
    with no_longer_than(60), LocalWorkers(1) as one, ClusterWorkers(cluster.scheduler_address) as many:
        assert told(summarise_all(found, ALWAYS, many, undisturbed)) == told(
            summarise_all(found, ALWAYS, one, undisturbed)
        )


def test_a_scheduler_that_does_not_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collect_sps_and_if.spotlake.cluster.ANSWER_SECONDS", 1)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with no_longer_than(30), pytest.raises(Refusal, match="no Dask scheduler answers"):
            ClusterWorkers(f"tcp://127.0.0.1:{nobody.getsockname()[1]}")


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "tcp://",
        "tcp://127.0.0.1:abc",
    ],
)
def test_a_senseless_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collect_sps_and_if.spotlake.cluster.ANSWER_SECONDS", 1)
    with no_longer_than(30), pytest.raises(Refusal, match="no Dask scheduler answers"):
        ClusterWorkers(address)


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Refusal, match=r"pip install -r requirements-cluster\.txt"):
        ClusterWorkers("tcp://127.0.0.1:1")
