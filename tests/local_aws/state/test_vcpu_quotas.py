"""vCPU quotas: by Region and class of instance families."""

import pytest

from local_aws.market.geography import Geography
from local_aws.state.vcpu_quotas import DEFAULT_VCPUS, exceeds, quota, quota_class


@pytest.mark.parametrize(
    ("instance_type", "kind"),
    [
        ("m5.large", "standard"),
        ("t4g.nano", "standard"),
        ("im4gn.large", "standard"),
        ("i4i.large", "standard"),
        ("g6.xlarge", "g-and-vt"),
        ("gr6.4xlarge", "g-and-vt"),
        ("p5en.48xlarge", "p"),
        ("x2gd.medium", "x"),
        ("inf2.xlarge", "inf"),
        ("trn1.2xlarge", "trn"),
        ("u-6tb1.56xlarge", "high-memory"),
        ("f2.6xlarge", "f"),
        ("hpc7a.12xlarge", "hpc"),
    ],
)
def test_a_type_counts_in_the_class_of_its_family(instance_type: str, kind: str) -> None:
    assert quota_class(instance_type) == kind


def test_every_instance_type_has_a_quota() -> None:
    for instance_type in Geography.load().instance_types:
        assert quota({}, instance_type, "us-east-1") == DEFAULT_VCPUS[quota_class(instance_type)]


def test_a_region_s_own_quota_goes_before_the_general_one() -> None:
    quotas = {"standard": 8, "standard@eu-west-1": 2}
    assert quota(quotas, "m5.large", "eu-west-1") == 2
    assert quota(quotas, "m5.large", "us-east-1") == 8


def test_other_classes_do_not_use_up_a_quota() -> None:
    vcpus = {"m5.large": 2, "g5.xlarge": 4}
    assert not exceeds(1, "m5.large", ["g5.xlarge", "m5.large"], vcpus, 4)
    assert exceeds(2, "m5.large", ["g5.xlarge", "m5.large"], vcpus, 4)
