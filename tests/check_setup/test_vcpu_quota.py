"""Which quota a type counts against, and when it is too low for a probe."""

import pytest

from check_setup.finding import State
from check_setup.vcpu_quota import _findings, quota_of

NAMES = {
    "Standard (A, C, D, H, I, M, R, T, Z)": 5.0,
    "G and VT": 0.0,
    "P4, P3 and P2": 0.0,
    "P5": 0.0,
    "X": 0.0,
    "Inf": 0.0,
    "Trn": 0.0,
    "DL": 0.0,
    "F": 0.0,
}


@pytest.mark.parametrize(
    ("instance", "name"),
    [
        ("m5.large", "Standard (A, C, D, H, I, M, R, T, Z)"),
        ("im4gn.large", "Standard (A, C, D, H, I, M, R, T, Z)"),
        ("t3.nano", "Standard (A, C, D, H, I, M, R, T, Z)"),
        ("g5.xlarge", "G and VT"),
        ("gr6.4xlarge", "G and VT"),
        ("vt1.3xlarge", "G and VT"),
        ("p3.2xlarge", "P4, P3 and P2"),
        ("p5.4xlarge", "P5"),
        ("x2gd.medium", "X"),
        ("inf1.xlarge", "Inf"),
        ("trn1.2xlarge", "Trn"),
        ("dl1.24xlarge", "DL"),
        ("f2.6xlarge", "F"),
        ("u-6tb1.metal", None),
    ],
)
def test_a_type_counts_against_its_class(instance: str, name: str | None) -> None:
    assert quota_of(instance, NAMES) == name


def test_a_standard_quota_that_is_too_low_is_to_do_other_classes_are_only_told() -> None:
    found = list(_findings({"us-east-1": NAMES}))
    states = {finding.text.split(":")[0].split(" ")[0]: finding.state for finding in found}
    assert states["Standard"] is State.TO_DO
    assert states["G"] is State.UNKNOWN
    assert "us-east-1 (5 of 160)" in found[0].text


def test_a_quota_that_holds_the_largest_probe_is_fine() -> None:
    name = "Standard (A, C, D, H, I, M, R, T, Z)"
    found = list(_findings({"us-east-1": {name: 160.0}, "eu-west-1": {name: 500.0}}))
    assert [finding.state for finding in found] == [State.FINE]
