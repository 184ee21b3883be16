"""Names and codes pass; what has the shape of an id, an address, a path or a secret does not."""

import pytest

import configs
from collect_launch_time.dataset.package.rows.publishable_text import publishable
from data_files import instance_tables

NAMES = (
    "us-east-1", "us-gov-west-1", "us-isob-east-1", "ap-southeast-5", "mx-central-1", "use1-az1", "usw2-lax1-az1",
    "u7i-12tb.224xlarge", "mac2-m2pro.metal", "us-east-1 eu-west-1", "x86_64", "2xlarge",
    "capacity-not-available", "instance-terminated-launch-group-constraint", "request-canceled-and-instance-running",
    "InsufficientInstanceCapacity", "InvalidSubnetID.NotFound", "MaxSpotInstanceCountExceeded", "bad-parameters",
)  # fmt: skip
NOT = (
    "sir-abcd1234", "i-0123456789abcdef0", "i-1", "sfr-73fbd2ce-aa30-494c-8788-1cee4EXAMPLE", "ami-0abcdef1234567890",
    "subnet-0abc1234", "eni-0123456789abcdef0", "123456789012", "role-123456789012", "arn:aws:iam::123456789012:role/x",
    "me@example.com", "/home/me/spot", "C:\\spot", "6f1d2c3b-0000-4000-8000-000000000001", "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMIK7MDENGbPxRfiCY", "https://hc-ping.com/x", "two, words",
    "us-east-1 i-0123456789abcdef0", "x" * 65, "", " ",
)  # fmt: skip


@pytest.mark.parametrize("text", NAMES)
def test_a_name_or_a_code_passes(text: str) -> None:
    assert publishable(text) == text


@pytest.mark.parametrize("text", NOT)
def test_what_may_name_an_account_or_a_person_does_not(text: str) -> None:
    assert publishable(text) is None


def test_every_known_instance_type_and_region_passes() -> None:
    known = [*instance_tables.vcpus(configs.HOME), *instance_tables.image_id(configs.HOME)]
    assert [name for name in known if publishable(name) != name] == []


def test_a_secret_in_use_does_not_pass_whatever_its_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOT_SMTP_PASSWORD", "correct-horse")
    assert publishable("correct-horse") is None
