"""The policy grants what the programs call, and no more; the checks ask in ways that change nothing."""

import json
import re

import botocore
import botocore.session
import pytest

from check_setup.permissions.actions import ACTIONS, Action, policy
from tests.program import ROOT

SERVICES = {"ec2": "ec2", "ssm": "ssm", "servicequotas": "service-quotas"}
# What no call names: tags come with the spot request, the role with the account's first one.
IMPLIED = {"ec2:CreateTags", "iam:CreateServiceLinkedRole"}


def operations(service: str) -> dict[str, str]:
    model = botocore.session.get_session().get_service_model(SERVICES[service])
    return {botocore.xform_name(name): f"{service}:{name}" for name in model.operation_names}


def called() -> set[str]:
    """Every AWS action that a program of ours calls, found in the sources."""
    folders = ("collect_sps_and_if", "collect_launch_time", "common", "instance_arch_and_ami_id", "check_setup")
    sources = "\n".join(path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py"))
    known = {method: action for service in SERVICES for method, action in operations(service).items()}
    return {action for method, action in known.items() if re.search(rf"\.{method}\(|\"{method}\"", sources)}


def test_the_policy_grants_every_call_that_the_programs_make_and_no_other() -> None:
    granted = {name for statement in json.loads(policy())["Statement"] for name in statement["Action"]}
    assert granted - IMPLIED == called()
    assert granted == {action.name for action in ACTIONS}


def test_the_policy_is_as_iam_wants_it_and_names_no_wildcard_action() -> None:
    document = json.loads(policy())
    assert document["Version"] == "2012-10-17"
    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow"
        assert statement["Resource"]
        assert not any("*" in name for name in statement["Action"])
    conditions = {name: s.get("Condition") for s in document["Statement"] for name in s["Action"]}
    assert conditions["ec2:CreateTags"] == {"StringEquals": {"ec2:CreateAction": "RequestSpotInstances"}}


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.tried], ids=lambda action: action.name)
def test_each_try_fits_aws_own_model_and_ec2_ones_have_a_dry_run(action: Action) -> None:
    service, _, operation = action.name.partition(":")
    shape = botocore.session.get_session().get_service_model(SERVICES[service]).operation_model(operation).input_shape
    assert set(action.arguments) <= set(shape.members)
    assert service != "ec2" or "DryRun" in shape.members
