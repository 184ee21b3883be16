"""get_ami() answers at once from the shipped tables, and says what mends a gap."""

from datetime import date

import pytest

import configs
from data_files.instance_tables import CANNOT_RUN_AL2023
from instance_arch_and_ami_id import FAMILY_ARCH, IMAGE_ID
from instance_arch_and_ami_id.shipped_tables import FAMILY_ARCH_DATE, IMAGE_ID_DATE


def test_the_architecture_decides_which_of_a_regions_amis_it_is() -> None:
    assert configs.get_ami("us-east-1", "m5.large") == IMAGE_ID["us-east-1"]["x86_64"]
    assert configs.get_ami("us-east-1", "m7g.large") == IMAGE_ID["us-east-1"]["arm64"]
    assert configs.get_ami("eu-west-1", "hpc8a.96xlarge") == IMAGE_ID["eu-west-1"]["x86_64"]


def test_a_bare_metal_type_and_a_family_with_a_dash_have_one_too() -> None:
    assert configs.get_ami("us-east-1", "m5.metal") == IMAGE_ID["us-east-1"]["x86_64"]
    assert configs.get_ami("us-east-1", "u-6tb1.112xlarge") == IMAGE_ID["us-east-1"]["x86_64"]


@pytest.mark.parametrize("instance", ["x99.large", "mac1.metal", "m5large", ""])
def test_an_unknown_family_is_named_with_the_command_that_brings_it(instance: str) -> None:
    with pytest.raises(configs.UnknownAmi) as told:
        configs.get_ami("us-east-1", instance)
    assert repr(instance.partition(".")[0]) in str(told.value)
    assert "get_family_arch.py --write" in str(told.value)


def test_an_unknown_region_is_named_with_the_command_that_brings_it() -> None:
    with pytest.raises(configs.UnknownAmi) as told:
        configs.get_ami("xx-nowhere-1", "m5.large")
    assert "'xx-nowhere-1'" in str(told.value)
    assert "get_ami_id.py --write" in str(told.value)


def test_the_shipped_tables_have_the_shapes_of_the_contract() -> None:
    assert set(FAMILY_ARCH.values()) == {"x86_64", "arm64"}
    assert all(set(images) <= {"x86_64", "arm64"} for images in IMAGE_ID.values())
    assert all(ami.startswith("ami-") for images in IMAGE_ID.values() for ami in images.values())
    assert date.fromisoformat(FAMILY_ARCH_DATE)
    assert date.fromisoformat(IMAGE_ID_DATE)


def test_the_shipped_tables_cover_every_family_and_every_region_that_can_launch_anything() -> None:
    from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES

    offering = {region for region, offers in INSTANCE_TYPE_OFFERINGS["region"].items() if offers}
    assert {region for region in offering if not region.startswith(("cn-", "us-gov-"))} <= set(IMAGE_ID)
    families = {name.partition(".")[0] for name in INSTANCE_TYPES}
    usable = {family for family in families if not family.startswith("mac")} - set(CANNOT_RUN_AL2023)
    assert usable <= set(FAMILY_ARCH)
    assert not set(CANNOT_RUN_AL2023) & set(FAMILY_ARCH)
