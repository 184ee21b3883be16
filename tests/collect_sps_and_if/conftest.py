from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.collect_sps_and_if.polling import MIDNIGHT, Polling
from tests.stand_in import StandIn


@pytest.fixture(scope="module")
def _server() -> Iterator[StandIn]:
    with StandIn("--now", MIDNIGHT.isoformat()) as server:
        yield server


@pytest.fixture
def aws(_server: StandIn) -> StandIn:
    _server.control.reset()
    return _server


@pytest.fixture
def polling(aws: StandIn, tmp_path: Path) -> Polling:
    return Polling(aws, tmp_path)
