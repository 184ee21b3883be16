"""What AWS's listings leave out or add: types without fields or scores, and Local Zones."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.stand_in import StandIn


def described(aws: StandIn, region: str = "us-east-1") -> dict[str, dict[str, Any]]:
    client = aws.client(region=region)
    pages = client.get_paginator("describe_instance_types").paginate(
        Filters=[{"Name": "instance-type", "Values": ["m5.large", "m7g.large"]}]
    )
    rows = [row for page in pages for row in page["InstanceTypes"]]
    return {row.get("InstanceType", "nameless"): row for row in rows}


def test_a_type_may_be_listed_without_some_of_its_members(aws: StandIn) -> None:
    before = described(aws)
    aws.control.set_catalog(incomplete_types={"m7g.*": ["ProcessorInfo", "VCpuInfo"]})
    after = described(aws)
    assert set(before["m7g.large"]) - set(after["m7g.large"]) == {"ProcessorInfo", "VCpuInfo"}
    assert after["m5.large"] == before["m5.large"]
    aws.control.set_catalog(incomplete_types={})
    assert described(aws) == before


def test_a_member_may_lack_a_member_of_its_own(aws: StandIn) -> None:
    aws.control.set_catalog(incomplete_types={"m7g.large": ["ProcessorInfo.SupportedArchitectures"]})
    processor = described(aws)["m7g.large"]["ProcessorInfo"]
    assert "SupportedArchitectures" not in processor
    assert "Manufacturer" in processor


def test_a_type_may_be_listed_without_its_name_and_in_one_region_only(aws: StandIn) -> None:
    aws.control.set_catalog(incomplete_types={"m7g.large@us-east-1": ["InstanceType"]})
    assert set(described(aws)) == {"m5.large", "nameless"}
    assert set(described(aws, "eu-west-1")) == {"m5.large", "m7g.large"}


def test_placement_scores_refuse_types_that_ec2_offers_and_name_one_of_them(aws: StandIn) -> None:
    aws.control.set_catalog(unscored_types=["trn1.*", "g5.xlarge"])
    client = aws.client()
    types = ["m5.large", "trn1.2xlarge", "g5.xlarge"]
    with pytest.raises(ClientError) as refused:
        client.get_spot_placement_scores(InstanceTypes=types, TargetCapacity=1)
    assert refused.value.response["Error"] == {
        "Code": "InvalidParameterValue",
        "Message": "The request contains instance types that are not valid. Remove or correct the following instance "
        "types, and try again: [trn1.2xlarge].",
    }
    assert client.describe_instance_types(InstanceTypes=types)["InstanceTypes"]
    assert client.get_spot_placement_scores(InstanceTypes=types[:1], TargetCapacity=1)["SpotPlacementScores"]
    assert len(aws.control.score_queries()) == 1


def test_any_endpoint_region_may_lack_placement_scores(aws: StandIn) -> None:
    aws.control.set_catalog(regions_without_scores=["us-east-1"])
    with pytest.raises(ClientError, match="UnsupportedOperation"):
        aws.client().get_spot_placement_scores(InstanceTypes=["m5.large"], TargetCapacity=1)
    assert aws.client(region="ap-northeast-3").get_spot_placement_scores(InstanceTypes=["m5.large"], TargetCapacity=1)


def test_local_zones_stand_among_a_region_s_zones_and_prices(aws: StandIn) -> None:
    aws.control.set_clock(speed=0)
    aws.control.set_catalog(local_zones={"us-west-2-lax-1a": 9.99})
    client, now = aws.client(region="us-west-2"), aws.control.now()
    prices = client.describe_spot_price_history(InstanceTypes=["m5.large"], StartTime=now, EndTime=now)
    by_zone = {row["AvailabilityZone"]: row for row in prices["SpotPriceHistory"]}
    assert len(by_zone) > 3
    local = by_zone["us-west-2-lax-1a"]
    assert (local["AvailabilityZoneId"], float(local["SpotPrice"])) == ("usw2-lax1-az1", 9.99)
    assert local["Timestamp"] <= now

    zones = {row["ZoneName"]: row for row in client.describe_availability_zones()["AvailabilityZones"]}
    assert (zones["us-west-2-lax-1a"]["ZoneType"], zones["us-west-2a"]["ZoneType"]) == (
        "local-zone",
        "availability-zone",
    )
    only = client.describe_spot_price_history(InstanceTypes=["m5.large"], AvailabilityZone="us-west-2-lax-1a")
    assert [row["SpotPrice"] for row in only["SpotPriceHistory"]] == ["9.990000"]
    elsewhere = aws.client(region="us-east-1").describe_availability_zones()["AvailabilityZones"]
    assert {row["ZoneType"] for row in elsewhere} == {"availability-zone"}


@pytest.mark.parametrize(
    "settings",
    [
        {"incomplete_typs": {}},
        {"incomplete_types": {"m5.large": "VCpuInfo"}},
        {"unscored_types": "m5.large"},
        {"local_zones": {"us-west-2a": 1}},
        {"local_zones": {"us-west-2-lax-1a": "dear"}},
    ],
)
def test_invalid_settings_are_refused_and_change_nothing(aws: StandIn, settings: dict[str, Any]) -> None:
    before = aws.control.set_catalog()
    with pytest.raises(ValueError, match=r"\w"):
        aws.control.set_catalog(**settings)
    assert aws.control.set_catalog() == before
