"""Orders are parsed, and refused with AWS's errors."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.ec2.exceptions import EC2ClientError

from local_aws.market.geography import Geography
from local_aws.spot.launch_order import LaunchOrder, on_demand_order, spot_order
from tests.local_aws.simulated_region import NOON

X86, ARM = "ami-0000000000000x86", "ami-0000000000000a64"


class Resources:
    """us-east-1, with two AMIs and a subnet."""

    geography = Geography.load()
    region = "us-east-1"

    def image_architecture(self, image_id: str) -> str | None:
        return {X86: "x86_64", ARM: "arm64"}.get(image_id)

    def subnet_zone(self, subnet_id: str) -> str | None:
        return {"subnet-1": "use1-az1"}.get(subnet_id)

    def group_name(self, group_id: str) -> str | None:
        return {"sg-1": "probes"}.get(group_id)


def parsed(specification: dict[str, Any] | None = None, **parameters: Any) -> LaunchOrder:
    whole = {"ImageId": X86, "InstanceType": "m5.large"} | (specification or {})
    return spot_order({"LaunchSpecification": whole} | parameters, Resources(), NOON)


def tagged(kind: str) -> dict[str, Any]:
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": [{"Key": "probe", "Value": "1"}]}]}


def test_an_order_is_valid_for_seven_days_unless_it_has_valid_until() -> None:
    assert parsed().valid_until == NOON + timedelta(days=7)
    until = (NOON + timedelta(minutes=10)).replace(tzinfo=None)  # as moto parses it
    assert parsed(ValidUntil=until).valid_until == NOON + timedelta(minutes=10)


def test_the_tags_of_spot_requests_are_kept() -> None:
    assert parsed(**tagged("spot-instances-request")).tags == {"probe": "1"}


def test_user_data_is_decoded() -> None:
    assert parsed({"UserData": base64.b64encode(b"#!/bin/sh\n").decode()}).user_data == "#!/bin/sh\n"


def test_zones_can_be_all_or_one_by_its_name_or_by_a_subnet() -> None:
    assert len(parsed().zone_ids) > 2
    [named] = parsed({"Placement": {"AvailabilityZone": "us-east-1a"}}).zone_ids
    assert Geography.load().zone[named].name == "us-east-1a"
    assert parsed({"SubnetId": "subnet-1"}).zone_ids == ("use1-az1",)


def test_an_ami_of_the_wrong_architecture_is_not_refused_at_once() -> None:
    assert parsed().ami_fits
    assert not parsed({"ImageId": ARM}).ami_fits
    assert parsed({"ImageId": ARM, "InstanceType": "m6g.large"}).ami_fits


@pytest.mark.parametrize(
    ("specification", "parameters", "code"),
    [
        ({"ImageId": "ami-0123456789abcdef0"}, {}, "InvalidAMIID.NotFound"),
        ({"ImageId": "x"}, {}, "InvalidAMIID.Malformed"),
        ({"ImageId": None}, {}, "MissingParameter"),
        ({"InstanceType": "m5.gigantic"}, {}, "InvalidParameterValue"),
        ({"InstanceType": "x8aedz.large"}, {}, "Unsupported"),
        ({"InstanceType": "mac2.metal"}, {}, "Unsupported"),
        ({"UserData": "#!/bin/sh\necho not base64\n"}, {}, "InvalidUserData.Malformed"),
        ({"UserData": base64.b64encode(b"x" * 16385).decode()}, {}, "InvalidParameterValue"),
        ({"Placement": {"AvailabilityZone": "eu-west-1a"}}, {}, "InvalidParameterValue"),
        ({"SubnetId": "subnet-2"}, {}, "InvalidSubnetID.NotFound"),
        ({"SecurityGroupIds": ["sg-1", "sg-2"]}, {}, "InvalidGroup.NotFound"),
        ({"SubnetId": "subnet-1", "NetworkInterfaces": [{"DeviceIndex": 0}]}, {}, "InvalidParameterCombination"),
        ({"SecurityGroupIds": ["sg-1"], "NetworkInterfaces": [{"DeviceIndex": 0}]}, {}, "InvalidParameterCombination"),
        ({}, {"InstanceCount": 0}, "InvalidParameterValue"),
        ({}, {"InstanceCount": 1001}, "InvalidParameterValue"),
        ({}, {"Type": "sometimes"}, "InvalidParameterValue"),
        ({}, {"SpotPrice": "cheap"}, "InvalidParameterValue"),
        ({}, {"SpotPrice": "-1"}, "InvalidParameterValue"),
        ({}, {"ValidUntil": NOON}, "InvalidParameterValue"),
        ({}, {"InstanceInterruptionBehavior": "stop"}, "InvalidParameterCombination"),
        ({}, tagged("instance"), "InvalidParameterValue"),
        ({}, tagged("volume"), "InvalidParameterValue"),
    ],
)
def test_invalid_parameters_are_refused(specification: dict[str, Any], parameters: dict[str, Any], code: str) -> None:
    with pytest.raises(EC2ClientError) as refused:
        parsed(specification, **parameters)
    assert refused.value.code == code


def test_on_demand_instances_are_tagged_and_refused_at_once_with_an_ami_of_the_wrong_architecture() -> None:
    parameters = {"ImageId": X86, "InstanceType": "m5.large", "MaxCount": 2}
    assert on_demand_order(parameters | tagged("instance"), Resources(), NOON).tags == {"probe": "1"}
    with pytest.raises(EC2ClientError):
        on_demand_order(parameters | {"ImageId": ARM}, Resources(), NOON)


@given(st.dictionaries(st.sampled_from(["InstanceCount", "SpotPrice", "ClientToken", "DryRun"]), st.just("1")))
def test_the_fingerprint_is_of_all_parameters_but_token_and_dry_run(parameters: dict[str, Any]) -> None:
    same = {name: value for name, value in parameters.items() if name not in ("ClientToken", "DryRun")}
    assert parsed(**parameters).fingerprint == parsed(**same).fingerprint
    assert parsed(**parameters, LaunchGroup="x").fingerprint != parsed(**same).fingerprint
