"""A client of the local AWS where every delay is known, and an AMI."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.local_aws.simulated_region import PUNCTUAL
from tests.stand_in import StandIn

AMI_PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"


@pytest.fixture
def ec2(aws: StandIn) -> Iterator[Any]:
    """A client for us-east-1, where every delay is known and the clock is stopped."""
    aws.control.set_scenario(**PUNCTUAL)
    aws.control.set_clock(speed=0)
    yield aws.client()
    aws.control.set_clock(speed=1)


@pytest.fixture
def ami(aws: StandIn) -> str:
    return str(aws.client("ssm").get_parameter(Name=AMI_PARAMETER)["Parameter"]["Value"])
