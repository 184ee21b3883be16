"""What a probe needs that moto has already: the AMIs of Amazon Linux 2023, by SSM parameter and by id."""

import pytest
from botocore.exceptions import ClientError

from tests.stand_in import StandIn

NAME = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
def test_every_enabled_region_has_an_ami_of_its_own(aws: StandIn, architecture: str) -> None:
    regions = [region["RegionName"] for region in aws.client().describe_regions()["Regions"]]
    images = {
        region: aws.client("ssm", region=region).get_parameter(Name=NAME + architecture)["Parameter"]["Value"]
        for region in regions
    }
    assert len(set(images.values())) == len(regions) == 20


def test_an_ami_has_its_architecture_and_exists_in_no_other_region(aws: StandIn) -> None:
    answer = aws.client("ssm", region="eu-west-1").get_parameters(Names=[NAME + "x86_64", NAME + "arm64", NAME + "vax"])
    assert answer["InvalidParameters"] == [NAME + "vax"]
    images = {parameter["Name"].removeprefix(NAME): parameter["Value"] for parameter in answer["Parameters"]}
    described = aws.client(region="eu-west-1").describe_images(ImageIds=list(images.values()))["Images"]
    assert {image["Architecture"]: image["ImageId"] for image in described} == images
    with pytest.raises(ClientError, match=r"InvalidAMIID\.NotFound"):
        aws.client(region="eu-west-3").describe_images(ImageIds=[images["arm64"]])


def test_the_caller_identity_has_the_account_number(aws: StandIn) -> None:
    assert aws.client("sts").get_caller_identity()["Account"] == "123456789012"
