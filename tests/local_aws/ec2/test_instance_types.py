"""DescribeInstanceTypes and DescribeInstanceTypeOfferings through boto3."""

import pytest
from botocore.exceptions import ClientError

from tests.stand_in import StandIn


def test_types_come_in_pages_of_a_hundred_and_none_is_missing(aws: StandIn) -> None:
    client = aws.client(region="eu-north-1")
    pages = list(client.get_paginator("describe_instance_types").paginate())
    names = [description["InstanceType"] for page in pages for description in page["InstanceTypes"]]
    offerings = [
        offering["InstanceType"]
        for page in client.get_paginator("describe_instance_type_offerings").paginate(PaginationConfig={"PageSize": 50})
        for offering in page["InstanceTypeOfferings"]
    ]
    assert max(len(page["InstanceTypes"]) for page in pages) == 100
    assert len(names) == len(set(names)) > 500
    assert sorted(names) == sorted(offerings)


def test_a_type_is_described_with_its_architectures(aws: StandIn) -> None:
    client = aws.client()
    described = client.describe_instance_types(InstanceTypes=["m7g.large", "m5.large"])["InstanceTypes"]
    assert {one["InstanceType"]: one["ProcessorInfo"]["SupportedArchitectures"] for one in described} == {
        "m5.large": ["x86_64"],
        "m7g.large": ["arm64"],
    }
    arm = client.describe_instance_types(
        Filters=[{"Name": "processor-info.supported-architecture", "Values": ["arm64"]}], MaxResults=100
    )["InstanceTypes"]
    assert all(one["ProcessorInfo"]["SupportedArchitectures"] == ["arm64"] for one in arm)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"InstanceTypes": ["m5.enormous"]}, "InvalidInstanceType"),
        ({"InstanceTypes": ["m5.large"], "MaxResults": 5}, "InvalidParameterCombination"),
        ({"MaxResults": 101}, "InvalidParameterValue"),
        ({"NextToken": "not a token"}, "InvalidNextToken"),
        ({"Filters": [{"Name": "colour", "Values": ["red"]}]}, "InvalidParameterValue"),
    ],
)
def test_invalid_parameters_are_refused(aws: StandIn, parameters: dict[str, object], code: str) -> None:
    with pytest.raises(ClientError) as error:
        aws.client().describe_instance_types(**parameters)
    assert error.value.response["Error"]["Code"] == code


def test_offerings_are_listed_by_region_zone_name_and_zone_id(aws: StandIn) -> None:
    client = aws.client()
    only = [{"Name": "instance-type", "Values": ["m5.large", "p5.*"]}]

    def listed(location_type: str) -> set[tuple[str, str]]:
        answer = client.describe_instance_type_offerings(LocationType=location_type, Filters=only)
        assert all(one["LocationType"] == location_type for one in answer["InstanceTypeOfferings"])
        return {(one["InstanceType"], one["Location"]) for one in answer["InstanceTypeOfferings"]}

    zones = {zone["ZoneName"]: zone["ZoneId"] for zone in client.describe_availability_zones()["AvailabilityZones"]}
    by_name = listed("availability-zone")
    assert ("m5.large", "us-east-1") in listed("region")
    assert {(name, zones[zone]) for name, zone in by_name} == listed("availability-zone-id")
    assert {name for name, _ in by_name} == {name for name, _ in listed("region")} >= {"m5.large", "p5.48xlarge"}
    here = [{"Name": "location", "Values": ["use1-az1"]}, *only]
    answer = client.describe_instance_type_offerings(LocationType="availability-zone-id", Filters=here)
    assert {one["Location"] for one in answer["InstanceTypeOfferings"]} == {"use1-az1"}
