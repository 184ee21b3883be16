"""Answers checked against botocore's service model."""

from datetime import UTC, datetime
from typing import Any

import pytest
from moto.core.utils import get_service_model

from local_aws.ec2.answer_check import WrongAnswer, check, known_members

PRICE = {"InstanceType": "m5.large", "SpotPrice": "0.1", "Timestamp": datetime(2026, 3, 1, tzinfo=UTC)}


def test_an_answer_that_aws_could_give_passes() -> None:
    check("ec2", "DescribeSpotPriceHistory", {"SpotPriceHistory": [PRICE], "NextToken": ""})


def test_a_type_newer_than_this_botocore_passes() -> None:
    check("ec2", "DescribeSpotPriceHistory", {"SpotPriceHistory": [PRICE | {"InstanceType": "m99.large"}]})


@pytest.mark.parametrize(
    ("answer", "mistake"),
    [
        ({"SpotPriceHistory": [PRICE | {"SpotPrise": "0.1"}]}, "SpotPrise"),
        ({"SpotPriceHistory": [PRICE | {"SpotPrice": 0.1}]}, "SpotPrice"),
        ({"SpotPriceHistory": [PRICE | {"ProductDescription": "MS-DOS"}]}, "MS-DOS"),
        ({"SpotPriceHistory": None}, "SpotPriceHistory"),
    ],
)
def test_any_other_is_an_error_that_names_the_mistake(answer: dict[str, Any], mistake: str) -> None:
    with pytest.raises(WrongAnswer, match=mistake):
        check("ec2", "DescribeSpotPriceHistory", answer)


def test_members_newer_than_this_botocore_are_left_out() -> None:
    shape = get_service_model("ec2").shape_for("InstanceTypeInfo")
    newer = {"InstanceType": "m5.large", "Teleports": True, "NetworkInfo": {"Cards": 3, "EnaSupport": "required"}}
    assert known_members(shape, newer) == {"InstanceType": "m5.large", "NetworkInfo": {"EnaSupport": "required"}}
