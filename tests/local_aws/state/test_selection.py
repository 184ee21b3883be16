"""Which calls a rule is for."""

from typing import Any

import pytest

from local_aws.state.call import Call
from local_aws.state.selection import ADVISOR, METADATA, Selection


def call(action: str = "TerminateInstances", region: str = "us-east-1", **parameters: str) -> Call:
    return Call("ec2", action, region, "", {name.replace("_", "."): value for name, value in parameters.items()})


def terminate(*ids: str, **parameters: str) -> Call:
    return call(**{f"InstanceId_{number}": one for number, one in enumerate(ids, 1)}, **parameters)


@pytest.mark.parametrize(
    ("traits", "asked", "is_covered"),
    [
        ({}, call(), True),
        ({"action": "Describe*"}, call("DescribeRegions"), True),
        ({"action": "Describe*"}, call(), False),
        ({"region": "eu-*"}, call(region="eu-south-1"), True),
        ({"region": "eu-*"}, call(), False),
        ({}, call(ADVISOR), False),
        ({}, call(METADATA), False),
        ({"action": METADATA}, call(METADATA), True),
        ({"instance_type": "m5.*"}, call("RequestSpotInstances", LaunchSpecification_InstanceType="m5.large"), True),
        ({"instance_type": "m5.*"}, call("RequestSpotInstances", LaunchSpecification_InstanceType="c5.large"), False),
        ({"instance_type": "m5.*"}, call("RunInstances", InstanceType="m5.large"), True),
        ({"instance_type": "m5.*"}, call("GetSpotPlacementScores", InstanceType_2="m5.large"), True),
        ({"instance_type": "m5.*"}, call(), False),
        ({"ids": ["i-1"]}, terminate("i-0", "i-1"), True),
        ({"ids": ["i-1"]}, terminate("i-0", "i-2"), False),
        ({"ids": ["i-*[0-7]"]}, terminate("i-8", "i-3"), True),
        ({"ids": ["i-*[0-7]"]}, terminate("i-8", "i-9"), False),
        ({"ids": ["sir-1"]}, call("CancelSpotInstanceRequests", SpotInstanceRequestId_1="sir-1"), True),
        ({"ids": 1}, terminate("i-8"), True),
        ({"ids": 1}, terminate("i-8", DryRun="true"), False),
        ({"ids": 1}, call(), False),
    ],
)
def test_a_call_must_have_all_traits(traits: dict[str, Any], asked: Call, is_covered: bool) -> None:
    assert Selection(**traits).covers(asked) is is_covered


def test_a_number_becomes_the_first_ids_of_a_call() -> None:
    bound = Selection(ids=2).bound_to(terminate("i-1", "i-2", "i-3"))
    assert [bound.covers(terminate(one)) for one in ("i-1", "i-2", "i-3")] == [True, True, False]
    assert bound.bound_to(terminate("i-9")) == bound
    assert bound.first_id(terminate("i-3", "i-2")) == "i-2"


@pytest.mark.parametrize("ids", ["i-1", 0, -1, True, [1]])
def test_ids_are_a_list_of_texts_or_how_many(ids: Any) -> None:
    with pytest.raises(ValueError, match="how many"):
        Selection(ids=ids)
