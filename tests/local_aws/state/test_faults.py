"""Fault rules: which calls they apply to, how often, and which are refused."""

import pytest

from local_aws.state.call import Call
from local_aws.state.faults import Faults
from local_aws.state.selection import ADVISOR


def _kinds(faults: Faults, action: str = "DescribeRegions", region: str = "us-east-1") -> list[str]:
    return [fault.kind for fault in faults.draw(Call("ec2", action, region, "", {}))]


def test_a_rule_applies_to_its_action_and_region_only() -> None:
    faults = Faults(1)
    faults.replace([{"kind": "throttle", "action": "RunInstances", "region": "us-west-2"}])
    assert _kinds(faults, "RunInstances", "us-west-2") == ["throttle"]
    assert _kinds(faults, "RunInstances", "us-east-1") == []
    assert _kinds(faults, "DescribeRegions", "us-west-2") == []


def test_a_rule_for_every_action_does_not_apply_to_the_advisor() -> None:
    faults = Faults(1)
    faults.replace([{"kind": "reset"}])
    assert _kinds(faults) == ["reset"]
    assert _kinds(faults, ADVISOR, "") == []


def test_a_rule_with_a_limit_applies_that_often_and_no_more() -> None:
    faults = Faults(1)
    faults.replace([{"kind": "reset", "limit": 2}])
    assert [_kinds(faults) for _ in range(4)] == [["reset"], ["reset"], [], []]
    assert faults.as_json()[0]["applied"] == 2


def test_probabilities_are_kept_and_reproducible_by_seed() -> None:
    def applied(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.replace([{"kind": "throttle", "probability": 0.3}])
        return [bool(_kinds(faults)) for _ in range(2000)]

    assert applied(1) == applied(1)
    assert applied(1) != applied(2)
    assert 0.27 < sum(applied(1)) / 2000 < 0.33


def test_latency_comes_first_and_only_one_other_fault_with_it() -> None:
    faults = Faults(1)
    faults.replace([{"kind": "throttle"}, {"kind": "reset"}, {"kind": "latency", "seconds": 1}])
    assert _kinds(faults) == ["latency", "throttle"]


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "explosion"},
        {"kind": "huge"},
        {"kind": "throttle", "probability": 1.5},
        {"kind": "latency", "seconds": -1},
        {"kind": "throttle", "colour": "red"},
        {"kind": "throttle", "code": "Blocked"},
        {"kind": "throttle", "ids": "i-1"},
        {"kind": "error"},
        {"kind": "error", "code": "NobodyKnows"},
    ],
)
def test_an_invalid_rule_is_refused_and_the_old_ones_stay(rule: dict[str, object]) -> None:
    faults = Faults(1)
    faults.replace([{"kind": "reset"}])
    with pytest.raises((ValueError, TypeError)):
        faults.replace([rule])
    assert _kinds(faults) == ["reset"]
