from pathlib import Path

import pytest

from tests.collect_sps_and_if.polling import MIDNIGHT, Polling
from tests.stand_in import StandIn


@pytest.fixture
def aws(aws: StandIn) -> StandIn:
    """A local AWS at midnight."""
    aws.control.set_clock(MIDNIGHT)
    return aws


@pytest.fixture
def polling(aws: StandIn, tmp_path: Path) -> Polling:
    return Polling(aws, tmp_path)
