"""The network a spot request names: EC2 takes a subnet and groups, or network interfaces, never both."""

from collections import Counter
from random import Random
from typing import Any

import botocore.session

from collect_launch_time.ec2.network import ANYWHERE, Network, draw_network

SUBNETS = {"us-east-1": ("subnet-0000000a", "subnet-0000000b")}
GROUPS = {"us-east-1": ("sg-0000000a", "sg-0000000b"), "eu-west-1": ("sg-0000000c",)}


def test_each_subnet_of_a_region_has_its_share_of_the_probes_and_all_groups_apply() -> None:
    random = Random(1)
    drawn = Counter(draw_network("us-east-1", SUBNETS, GROUPS, random) for _ in range(1000))
    assert {network.subnet for network in drawn} == set(SUBNETS["us-east-1"])
    assert {network.security_groups for network in drawn} == {GROUPS["us-east-1"]}
    assert all(440 < count < 560 for count in drawn.values())


def test_a_region_that_no_setting_names_is_left_to_the_accounts_defaults() -> None:
    assert draw_network("ap-south-1", SUBNETS, GROUPS, Random(1)) == ANYWHERE
    assert ANYWHERE.specification == {}
    assert draw_network("eu-west-1", SUBNETS, GROUPS, Random(1)).specification == {"SecurityGroupIds": ["sg-0000000c"]}


def test_what_is_sent_is_in_ec2s_model_and_names_no_interface() -> None:
    ec2: Any = botocore.session.get_session().get_service_model("ec2")
    known = ec2.operation_model("RequestSpotInstances").input_shape.members["LaunchSpecification"].members
    sent = Network("subnet-0000000a", ("sg-0000000a",)).specification
    assert sent.keys() == {"SubnetId", "SecurityGroupIds"}
    assert sent.keys() <= known.keys()
