"""What the permission checks say of a policy that grants all, that binds to what is ours, or that lacks something."""

import json
from collections.abc import Mapping, Sequence

import pytest

from check_setup.account import Account
from check_setup.finding import Finding, State
from check_setup.permissions import checking, policy
from common.aws.regions import Regions
from tests.check_setup.permissions.guarded_client import DENY_STATEMENT, NOT_ALLOWED, GuardedClient

HERE = ("eu-west-1", "us-east-1")

Denied = Mapping[str, Mapping[str, str]]
"""What is closed beside the policy: Region -> operation -> AWS's reason."""


class Identity:
    """An IAM identity with a policy; None grants everything."""

    def __init__(self, granted: str | None, denied: Denied | None = None) -> None:
        self._policy = json.loads(granted) if granted else None
        self._denied = denied or {}
        self.clients: dict[tuple[str, str], GuardedClient] = {}

    def client(self, service: str, region: str) -> GuardedClient:
        made = GuardedClient(service, region, self._policy, self._denied.get(region))
        return self.clients.setdefault((service, region), made)

    def check(self, patch: pytest.MonkeyPatch, regions: Sequence[str] = HERE) -> dict[str, Finding]:
        """Give what the checks find, by action; the last Region is the one asked for placement scores."""
        patch.setattr(checking, "client", self.client)
        patch.setattr("configs.SPS_REGION", regions[-1])
        return {found.what: found for found in checking.check_permissions(Account(Regions(tuple(regions), ())))}


def test_under_the_printed_policy_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Identity(policy.policy(HERE, "us-east-1")).check(monkeypatch)
    not_fine = {what: finding for what, finding in found.items() if finding.state is not State.FINE}
    assert not_fine.keys() == {"ec2:CancelSpotInstanceRequests", "ec2:TerminateInstances"}
    for finding in not_fine.values():
        assert finding.state is State.UNKNOWN
        assert "cannot be tried without an instance: denied in all 2 Regions for a made-up id" in finding.text
        assert "as a policy with conditions does" in finding.text


def test_where_all_is_allowed_all_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {finding.state for finding in Identity(None).check(monkeypatch).values()} == {State.FINE}


def test_spot_requests_are_tried_in_the_networks_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("configs.LAUNCH_SUBNETS", {"us-east-1": ("subnet-0000000a", "subnet-0000000b")})
    networks = {"subnet": {"us-east-1": ("subnet-0000000a",)}}
    found = Identity(policy.policy(HERE, "us-east-1", networks)).check(monkeypatch)["ec2:RequestSpotInstances"]
    assert found.state is State.TO_DO
    assert "denied in us-east-1" in found.text


def test_a_deny_statement_is_to_do_for_made_up_ids_too_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    identity = Identity(None, {"eu-west-1": {"TerminateInstances": DENY_STATEMENT}})
    found = identity.check(monkeypatch)["ec2:TerminateInstances"]
    assert found.state is State.TO_DO
    assert "forbidden in eu-west-1" in found.text
    assert "REGIONS" in found.text
    assert len(found.text) < 200


@pytest.mark.parametrize("operation", ["DescribeInstances", "DescribeInstanceStatus", "RequestSpotInstances"])
def test_what_a_made_up_id_is_no_excuse_for_is_to_do(monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    identity = Identity(None, {"eu-west-1": {operation: NOT_ALLOWED.format(action=operation)}})
    found = identity.check(monkeypatch)[f"ec2:{operation}"]
    assert found.state is State.TO_DO
    assert "denied in eu-west-1: grant it to collect_launch_time" in found.text


def test_an_endpoint_of_another_partition_is_asked_about_its_own_region(monkeypatch: pytest.MonkeyPatch) -> None:
    identity = Identity(None)
    found = identity.check(monkeypatch, ["us-gov-east-1", "us-gov-west-1"])
    assert State.TO_DO not in {finding.state for finding in found.values()}
    sent = [sent for client in identity.clients.values() for operation, sent in client.calls if "Scores" in operation]
    assert [one["RegionNames"] for one in sent] == [["us-gov-west-1"]]
