"""DescribeRegions and DescribeAvailabilityZones through boto3."""

import pytest
from botocore.exceptions import ClientError

from tests.stand_in import StandIn


def test_only_enabled_regions_are_listed_unless_all_are_asked_for(aws: StandIn) -> None:
    client = aws.client()
    enabled = {region["RegionName"]: region["OptInStatus"] for region in client.describe_regions()["Regions"]}
    everything = {
        region["RegionName"]: region["OptInStatus"] for region in client.describe_regions(AllRegions=True)["Regions"]
    }
    assert set(enabled.values()) == {"opt-in-not-required", "opted-in"}
    assert set(everything.values()) == {"opt-in-not-required", "opted-in", "not-opted-in"}
    assert enabled == {region: status for region, status in everything.items() if status != "not-opted-in"}
    assert not any(region.startswith(("cn-", "us-gov-")) for region in everything)


def test_regions_can_be_named_and_filtered(aws: StandIn) -> None:
    client = aws.client()
    assert [one["RegionName"] for one in client.describe_regions(RegionNames=["eu-west-1"])["Regions"]] == ["eu-west-1"]
    opted_in = client.describe_regions(Filters=[{"Name": "opt-in-status", "Values": ["opted-in"]}])["Regions"]
    assert {one["RegionName"] for one in opted_in} == {"af-south-1", "ap-southeast-3", "eu-south-1"}
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        client.describe_regions(RegionNames=["eu-west-9"])
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        client.describe_regions(Filters=[{"Name": "colour", "Values": ["red"]}])


def test_zones_have_names_of_this_account_and_ids_of_every_account(aws: StandIn) -> None:
    client = aws.client(region="eu-west-2")
    zones = client.describe_availability_zones()["AvailabilityZones"]
    assert {zone["ZoneId"] for zone in zones} == {"euw2-az1", "euw2-az2", "euw2-az3", "euw2-az4"}
    assert all(zone["ZoneName"].startswith("eu-west-2") and zone["RegionName"] == "eu-west-2" for zone in zones)
    by_id = client.describe_availability_zones(ZoneIds=["euw2-az2"])["AvailabilityZones"]
    by_filter = client.describe_availability_zones(Filters=[{"Name": "zone-id", "Values": ["euw2-az2"]}])
    assert by_id == by_filter["AvailabilityZones"]
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        client.describe_availability_zones(ZoneNames=["us-east-1a"])
