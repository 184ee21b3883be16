"""A HOME of a few rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.analysis.advice.small_home import SmallHome
from tests.time_zone import in_zone


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallHome]:
    """Give a HOME without any file, in UTC."""
    with in_zone("UTC"):
        yield SmallHome(tmp_path)
