"""DescribeSpotPriceHistory through boto3."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from tests.stand_in import StandIn


def test_the_current_price_is_listed_for_every_zone_that_offers_the_type(aws: StandIn) -> None:
    aws.control.set_clock(speed=0)
    client = aws.client()
    now = aws.control.now()
    prices = client.describe_spot_price_history(
        InstanceTypes=["m5.large"], ProductDescriptions=["Linux/UNIX"], StartTime=now, EndTime=now
    )["SpotPriceHistory"]
    zones = {zone["ZoneName"]: zone["ZoneId"] for zone in client.describe_availability_zones()["AvailabilityZones"]}
    offered = client.describe_instance_type_offerings(
        LocationType="availability-zone", Filters=[{"Name": "instance-type", "Values": ["m5.large"]}]
    )["InstanceTypeOfferings"]
    assert sorted(price["AvailabilityZone"] for price in prices) == sorted(one["Location"] for one in offered)
    assert all(zones[price["AvailabilityZone"]] == price["AvailabilityZoneId"] for price in prices)
    assert all(0.0096 <= float(price["SpotPrice"]) <= 0.0576 for price in prices)
    assert all(price["Timestamp"] <= now for price in prices)


def test_a_history_begins_with_the_price_at_its_start_and_comes_in_pages(aws: StandIn) -> None:
    aws.control.set_clock(speed=0)
    client = aws.client()
    now = aws.control.now()
    parameters = {
        "InstanceTypes": ["m5.large"],
        "AvailabilityZone": "us-east-1a",
        "StartTime": now - timedelta(days=3),
        "EndTime": now - timedelta(days=1),
    }
    whole = client.describe_spot_price_history(**parameters)["SpotPriceHistory"]
    times = [price["Timestamp"] for price in whole]
    assert 4 <= len(times) <= 14
    assert times == sorted(times, reverse=True)
    assert times[-1] <= parameters["StartTime"] < times[-2]
    assert times[0] <= parameters["EndTime"]
    pages = list(client.get_paginator("describe_spot_price_history").paginate(**parameters, MaxResults=3))
    assert [price for page in pages for price in page["SpotPriceHistory"]] == whole
    assert len(pages) == -(-len(whole) // 3)
    assert client.describe_spot_price_history(**parameters, MaxResults=len(whole))["NextToken"] == ""


def test_prices_can_be_filtered_and_an_unknown_zone_is_refused(aws: StandIn) -> None:
    client = aws.client()
    assert len(client.describe_spot_price_history()["SpotPriceHistory"]) == 1000
    only = [{"Name": "instance-type", "Values": ["m5.large"]}, {"Name": "availability-zone", "Values": ["us-east-1b"]}]
    prices = client.describe_spot_price_history(Filters=only)["SpotPriceHistory"]
    assert {(price["InstanceType"], price["AvailabilityZone"]) for price in prices} == {("m5.large", "us-east-1b")}
    assert client.describe_spot_price_history(ProductDescriptions=["Windows"])["SpotPriceHistory"] == []
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        client.describe_spot_price_history(AvailabilityZone="us-west-2a")
