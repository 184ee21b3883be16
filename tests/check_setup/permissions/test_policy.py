"""The policy grants what the programs call and no more: not to end what is others', nor to begin anything else."""

import json
import re

import botocore.session
import pytest

from check_setup.permissions.actions import ACTIONS, Action
from check_setup.permissions.policy import Networks, policy
from collect_launch_time.ec2.installation import tags
from common.errors import Refusal
from tests.check_setup.permissions.iam_evaluation import ACCOUNT, SERVICES, Asked, allows, model, operations
from tests.program import ROOT

# What no call names: tags come with the spot request, the role with the account's first one.
IMPLIED = {"ec2:CreateTags", "iam:CreateServiceLinkedRole"}
NOT_OURS = ("local_aws", "tests", "benchmarks", "examples", "script")
MOST_CHARACTERS = 6144  # of a managed policy, blanks not counted

EVERYWHERE = json.loads(policy([], "us-east-1"))
IN_EUROPE = json.loads(policy(["eu-west-1", "eu-north-1"], "us-east-1"))


def called() -> set[str]:
    """Every AWS action that a program of ours calls, found in the sources: as a method, or as a paginator's name."""
    packages = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name not in NOT_OURS]
    sources = "\n".join(path.read_text() for package in packages for path in package.rglob("*.py"))
    words = {word for found in re.findall(r"\.(\w+)\(|\"(\w+)\"", sources) for word in found}
    known = {name: operations(botocores) for name, botocores in SERVICES.items()}
    return {f"{service}:{known[service][word]}" for service in SERVICES for word in words & known[service].keys()}


def arn(kind: str, name: str, region: str = "eu-west-1") -> str:
    return f"arn:aws:ec2:{region}:{ACCOUNT}:{kind}/{name}"


def instance(region: str = "eu-west-1", **keys: str) -> Asked:
    context = {"aws:RequestedRegion": region} | {f"ec2:{name}": value for name, value in keys.items()}
    return Asked("ec2:TerminateInstances", arn("instance", "i-0123456789abcdef0", region), context)


def spot_request(action: str = "CancelSpotInstanceRequests", region: str = "eu-west-1", **keys: str) -> Asked:
    context = {"aws:RequestedRegion": region} | keys
    return Asked(f"ec2:{action}", arn("spot-instances-request", "sir-abcd1234", region), context)


OUR_TAGS = {f"aws:ResourceTag/{tag['Key']}": tag["Value"] for tag in tags("0" * 32, "token")}
PROFILE = f"arn:aws:iam::{ACCOUNT}:instance-profile/web"


def test_the_policy_grants_every_call_that_the_sources_make_and_no_other() -> None:
    granted = {name for statement in EVERYWHERE["Statement"] for name in statement["Action"]}
    assert granted - IMPLIED == called()
    assert granted == {action.name for action in ACTIONS}


@pytest.mark.parametrize("document", [EVERYWHERE, IN_EUROPE])
def test_an_instance_of_ours_may_be_terminated_and_a_request_with_our_tag_cancelled(document: object) -> None:
    assert isinstance(document, dict)
    assert allows(document, instance(InstanceMarketType="spot"))
    assert allows(document, spot_request(**OUR_TAGS))


@pytest.mark.parametrize(
    "asked",
    [
        instance(InstanceMarketType="on-demand"),
        instance(InstanceMarketType="on-demand", InstanceProfile=PROFILE),
        instance(InstanceMarketType="spot", InstanceProfile=PROFILE),
        instance(InstanceMarketType="capacity-block"),
        instance(),
        spot_request(),
        spot_request(**{"aws:ResourceTag/team": "search"}),
    ],
    ids=str,
)
def test_somebody_elses_instances_and_requests_may_not_be_ended(asked: Asked) -> None:
    assert not allows(EVERYWHERE, asked)
    assert not allows(IN_EUROPE, asked)


@pytest.mark.parametrize(
    "asked",
    [
        Asked("ec2:RunInstances"),
        Asked("ec2:RequestSpotInstances", arn("key-pair", "mine")),
        Asked("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin"),
        spot_request("CreateTags"),
        spot_request("CreateTags", **{"ec2:CreateAction": "RunInstances"}),
        Asked("ec2:CreateTags", arn("instance", "i-1"), {"ec2:CreateAction": "RequestSpotInstances"}),
        Asked("ssm:GetParameter", f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/db/password"),
        Asked(
            "iam:CreateServiceLinkedRole",
            f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/es.amazonaws.com/AWSServiceRoleForAmazonElasticsearchService",
            {"iam:AWSServiceName": "es.amazonaws.com"},
        ),
    ],
    ids=str,
)
def test_nothing_is_granted_that_the_programs_do_not_need(asked: Asked) -> None:
    assert not allows(EVERYWHERE, asked)


@pytest.mark.parametrize("action", [one for one in ACTIONS if one.name not in IMPLIED], ids=lambda one: one.name)
def test_where_regions_are_named_nothing_is_granted_in_others(action: Action) -> None:
    context = {**OUR_TAGS, "ec2:InstanceMarketType": "spot"}
    resource = action.resources[0].format(partition="aws")

    def is_granted_in(region: str) -> bool:
        return allows(IN_EUROPE, Asked(action.name, resource, context | {"aws:RequestedRegion": region}))

    where = {region for region in ("eu-west-1", "eu-north-1", "us-east-1", "ap-south-1") if is_granted_in(region)}
    is_asked_at_the_endpoint = action.name in ("ec2:DescribeRegions", "ec2:GetSpotPlacementScores")
    assert where == ({"us-east-1"} if is_asked_at_the_endpoint else {"eu-west-1", "eu-north-1"})


def test_a_wildcard_stands_where_aws_knows_no_resource_only() -> None:
    on_anything = {name for s in EVERYWHERE["Statement"] if s["Resource"] == "*" for name in s["Action"]}
    assert {re.sub(r":(Describe|Get|List)\w+", "", name) for name in on_anything} == {"ec2", "servicequotas"}
    assert not any("*" in name for statement in EVERYWHERE["Statement"] for name in statement["Action"])


NETWORKS: Networks = {
    "subnet": {"eu-west-1": ("subnet-0000000a", "subnet-0000000b"), "ap-south-1": ("subnet-0000000c",)},
    "security-group": {"eu-north-1": ("sg-0000000a",)},
}


def test_spot_requests_are_bound_to_the_subnets_and_groups_that_are_named() -> None:
    bound = json.loads(policy(["eu-west-1", "eu-north-1"], "us-east-1", NETWORKS))

    def is_allowed(kind: str, name: str, region: str = "eu-west-1") -> bool:
        context = {"aws:RequestedRegion": region}
        return allows(bound, Asked("ec2:RequestSpotInstances", arn(kind, name, region), context))

    assert is_allowed("subnet", "subnet-0000000a")
    assert is_allowed("subnet", "subnet-0000000b")
    assert not is_allowed("subnet", "subnet-0000000c")
    assert is_allowed("subnet", "subnet-of-the-default-vpc", "eu-north-1")
    assert is_allowed("security-group", "sg-of-the-default-vpc")
    assert is_allowed("security-group", "sg-0000000a", "eu-north-1")
    assert not is_allowed("security-group", "sg-0000000b", "eu-north-1")
    assert is_allowed("network-interface", "*")


def test_where_no_region_is_named_or_none_of_them_has_a_network_the_policy_is_as_without() -> None:
    assert json.loads(policy([], "us-east-1", NETWORKS)) == EVERYWHERE
    assert policy(["us-east-1"], "us-east-1", NETWORKS) == policy(["us-east-1"], "us-east-1")


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("us-gov-west-1", "aws-us-gov"),
        ("cn-north-1", "aws-cn"),
        ("eusc-de-east-1", "aws-eusc"),
        ("us-iso-east-1", "aws-iso"),
    ],
)
def test_each_partition_is_spelt_as_iam_wants_it(region: str, partition: str) -> None:
    written = policy([region], region)
    assert set(re.findall(r'"arn:([^:]+):', written)) == {partition}


@pytest.mark.parametrize(
    ("regions", "endpoint"), [(["cn-north-1"], "us-east-1"), ([], "xx-none-1"), (["xx-1-1"], "us-east-1")]
)
def test_regions_that_are_of_no_one_partition_are_refused(regions: list[str], endpoint: str) -> None:
    with pytest.raises(Refusal, match="REGIONS"):
        policy(regions, endpoint)


def test_a_policy_that_names_every_region_is_not_longer_than_iam_takes() -> None:
    session = botocore.session.get_session()
    found = (session.get_available_regions("ec2", partition) for partition in session.get_available_partitions())
    for regions in filter(None, found):  # of a partition to come botocore may not know any yet
        assert len(re.sub(r"\s", "", policy(regions, regions[0]))) < MOST_CHARACTERS


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.is_tried], ids=lambda action: action.name)
def test_each_try_fits_aws_own_model_and_ec2_ones_have_a_dry_run(action: Action) -> None:
    service, _, operation = action.name.partition(":")
    shape = model(SERVICES[service]).operation_model(operation).input_shape
    assert set(action.arguments) <= set(shape.members)
    assert service != "ec2" or "DryRun" in shape.members
