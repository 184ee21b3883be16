"""Pages that several tests look at."""

from pathlib import Path

import pytest

from benchmarks import collected_year
from tests.report.opened import page_of


@pytest.fixture(scope="session")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the page of a fortnight, made up."""
    home = tmp_path_factory.mktemp("fortnight")
    collected_year.write(home, days=14, probes=24)
    return page_of(home)
