"""Which Regions are asked, and which are left out."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from common.aws.regions import enabled_regions, regions_to_ask
from common.errors import Refusal

LISTED = {"us-east-1": "opt-in-not-required", "af-south-1": "opted-in", "ap-east-1": "not-opted-in"}


class Ec2:
    """DescribeRegions as AWS answers it: without AllRegions it hides the Regions that are not enabled."""

    def describe_regions(self, *, AllRegions: bool = False) -> dict[str, Any]:
        return {
            "Regions": [
                {"RegionName": name, "OptInStatus": status}
                for name, status in LISTED.items()
                if AllRegions or status != "not-opted-in"
            ]
        }


def ec2() -> Any:
    return Ec2()


def test_without_a_wish_every_enabled_region_is_asked_and_the_others_are_named() -> None:
    regions = enabled_regions(ec2(), ())
    assert regions.enabled == ("af-south-1", "us-east-1")
    assert regions.not_enabled == ("ap-east-1",)


def test_of_the_wanted_regions_those_not_enabled_or_unknown_are_left_out_and_named() -> None:
    regions = enabled_regions(ec2(), ("us-east-1", "xx-none-1", "ap-east-1"))
    assert regions.enabled == ("us-east-1",)
    assert regions.not_enabled == ("ap-east-1", "xx-none-1")


def test_nothing_left_to_ask_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match="ap-east-1"):
        enabled_regions(ec2(), ("ap-east-1",))


def refusing(code: str) -> Any:
    class Refusing:
        def describe_regions(self, **_: Any) -> Any:
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, "DescribeRegions")

    return Refusing()


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "InvalidClientTokenId", "RequestExpired", "Blocked"])
def test_where_one_endpoint_refuses_to_list_them_the_regions_that_are_named_are_taken_as_they_are(code: str) -> None:
    assert regions_to_ask(refusing(code), ("us-east-1", "eu-west-1")).enabled == ("eu-west-1", "us-east-1")
    with pytest.raises(ClientError):
        regions_to_ask(refusing(code), ())


def test_where_the_list_has_no_answer_nothing_is_taken_for_it() -> None:
    with pytest.raises(ClientError):
        regions_to_ask(refusing("ServiceUnavailable"), ("us-east-1",))
