"""A probe asks first whether it may end what it begins; what a made-up id is denied does not keep it from its work."""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from check_setup.permissions.policy import policy
from collect_launch_time.choosing.permissions import DRY_RUNS, refused_regions
from collect_launch_time.run_context import ProbeSettings, RunContext
from collect_launch_time.stop import Stop
from common.clock import Clock
from tests.check_setup.permissions.guarded_client import DENY_STATEMENT, NOT_ALLOWED, GuardedClient

REGIONS = ("eu-west-1", "us-east-1")
LEAST = json.loads(policy(REGIONS, "us-east-1"))


@dataclasses.dataclass
class Ec2:
    """A Region's EC2, as far as permissions are asked for."""

    client: Any


def context(home: Path, granted: Any, denied: Mapping[str, Mapping[str, str]] | None = None) -> RunContext:
    def connect(region: str) -> Any:
        return Ec2(GuardedClient("ec2", region, granted, (denied or {}).get(region)))

    return RunContext(ProbeSettings(1, 15, 1), Clock.start(), home, "", Stop(), connect=connect)


def test_the_printed_policy_lets_a_probe_begin_though_it_denies_made_up_ids(tmp_path: Path) -> None:
    assert refused_regions(context(tmp_path, LEAST), REGIONS) == {}


def test_where_everything_is_allowed_a_probe_begins(tmp_path: Path) -> None:
    assert refused_regions(context(tmp_path, None), REGIONS) == {}


@pytest.mark.parametrize("operation", ["DescribeInstances", "DescribeInstanceStatus"])
def test_a_region_in_which_nobody_may_look_is_refused_and_no_other(tmp_path: Path, operation: str) -> None:
    denied = {"eu-west-1": {operation: NOT_ALLOWED.format(action=operation)}}
    refused = refused_regions(context(tmp_path, LEAST, denied), REGIONS)
    assert refused.keys() == {"eu-west-1"}
    assert f"ec2:{operation} in eu-west-1" in str(refused["eu-west-1"])


@pytest.mark.parametrize("operation", ["CancelSpotInstanceRequests", "TerminateInstances"])
def test_a_region_where_a_policy_says_deny_is_refused_for_what_runs_there_could_not_be_ended(
    tmp_path: Path, operation: str
) -> None:
    refused = refused_regions(context(tmp_path, LEAST, {"us-east-1": {operation: DENY_STATEMENT}}), REGIONS)
    assert refused.keys() == {"us-east-1"}
    assert operation in str(refused["us-east-1"])


def test_nothing_is_asked_for_that_could_launch_or_end_what_is_real(tmp_path: Path) -> None:
    run = context(tmp_path, None)
    refused_regions(run, REGIONS)
    client: Any = run.ec2("eu-west-1").client
    assert {f"ec2:{operation}" for operation, _ in client.calls} == set(DRY_RUNS)
    for _, sent in client.calls:
        assert sent["DryRun"] is True
        assert set("".join(sent.get("InstanceIds", sent.get("SpotInstanceRequestIds", ["?"])))) <= set("si-r0")
