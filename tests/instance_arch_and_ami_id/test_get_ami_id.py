"""What a Region has, and what it lacks, is told apart."""

from instance_arch_and_ami_id.get_ami_id import region_images


def test_a_region_that_has_only_one_architecture_keeps_it_and_is_named() -> None:
    found = region_images(
        {"us-east-1": {"arm64": "ami-1", "x86_64": "ami-2"}, "zz-new-1": {"arm64": None, "x86_64": "ami-3"}}
    )
    assert found.rows == {"us-east-1": {"arm64": "ami-1", "x86_64": "ami-2"}, "zz-new-1": {"x86_64": "ami-3"}}
    assert found.left_out == {"zz-new-1": "has no Amazon Linux 2023 AMI for arm64"}


def test_a_region_without_any_is_left_out_and_named() -> None:
    found = region_images({"zz-new-1": {"arm64": None, "x86_64": None}})
    assert found.rows == {}
    assert found.left_out == {"zz-new-1": "has no Amazon Linux 2023 AMI for arm64 and x86_64"}
