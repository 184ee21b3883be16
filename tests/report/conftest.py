"""Pages that several tests look at."""

import fcntl
import os
from pathlib import Path

import pytest

from benchmarks import collected_year
from tests.report.opened import page_of


@pytest.fixture(scope="session")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the page of two weeks, made up; where workers share the tests, the first to come here makes it for all."""
    own = tmp_path_factory.getbasetemp()
    home = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "fortnight"
    home.mkdir(exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "index.html").exists():
            collected_year.write(home, days=14, probes=24)
            page_of(home)
    return home / "index.html"
