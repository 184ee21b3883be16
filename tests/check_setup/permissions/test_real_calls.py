"""Every call that the programs really send, in runs from start to end, is allowed by the printed policy, and needed."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from check_setup.permissions.actions import ACTIONS
from check_setup.permissions.policy import policy
from collect_launch_time.choosing.permissions import CANCEL, TERMINATE
from collect_launch_time.ec2.installation import INSTALLATION_TAG
from tests.check_setup.permissions.iam_evaluation import Asked, Policy, allows, asked_by_call
from tests.program import Ended, Fork
from tests.stand_in import StandIn
from tests.whole_runs.probe_stage import PAIRS, Stage, be_quick

pytestmark = pytest.mark.whole_run

REGIONS = ("us-east-1", "eu-west-1")
MADE_UP = re.compile(r"/(i|sir)-0+$")
# Needed by what no call names: the tags that come with a spot request, the role for an account's very first one.
IMPLIED = {"ec2:CreateTags", "iam:CreateServiceLinkedRole"}


@dataclass(frozen=True)
class Sent:
    """A call as boto3 was asked to make it."""

    service: str
    operation: str
    region: str
    parameters: Mapping[str, Any]

    @property
    def is_dry_run(self) -> bool:
        return bool(self.parameters.get("DryRun"))

    def asked(self, about: Mapping[str, Mapping[str, str]]) -> list[Asked]:
        """Give what IAM is asked for it; GetCallerIdentity needs no permission."""
        if self.service == "sts":
            return []
        return list(asked_by_call(self.service, self.operation, self.region, self.parameters, about))


class Ours(dict[str, dict[str, str]]):
    """Takes every id for one of ours, but those made up."""

    def get(self, name: str, default: Any = None) -> Any:
        is_made_up = MADE_UP.search(f"/{name}")
        return default if is_made_up else {f"aws:ResourceTag/{INSTALLATION_TAG}": "0", "ec2:InstanceMarketType": "spot"}


def guarding(file: Path, granted: Policy) -> Callable[[], None]:
    """Let every client that a fork makes write down what it is asked for, and deny what the policy does not allow."""

    def arm() -> None:
        import botocore.handlers

        def guard(params: Mapping[str, Any], model: Any, context: Mapping[str, Any], **_: Any) -> None:
            call = Sent(model.service_model.service_name, model.name, context["client_region"], params)
            with file.open("a") as opened:
                opened.write(json.dumps(list(vars(call).values()), default=str) + "\n")
            if not all(allows(granted, one) for one in call.asked(Ours())):
                error = {"Code": "UnauthorizedOperation", "Message": "no identity-based policy allows it"}
                raise ClientError({"Error": error}, model.name)

        botocore.handlers.BUILTIN_HANDLERS.append(("before-parameter-build", guard))

    return arm


@pytest.fixture
def stage(aws: StandIn, tmp_path: Path) -> Stage:
    stage = Stage(aws, tmp_path)
    stage.prepare(pairs=PAIRS[1:])  # one pair in each Region
    return stage


def run_all(stage: Stage, granted: Policy) -> list[Sent]:
    """Run every program that talks to AWS under a policy, and give what they sent."""
    file = stage.home / "sent"
    environment = stage.environment | {"SPOT_SAMPLE_COUNT": "3", "SPOT_SPS_AND_IF_TOP_K": "1"}
    guard = guarding(file, granted)

    def quickly() -> None:
        guard()
        be_quick()

    for module, *arguments in (
        ("instance_arch_and_ami_id.get_family_arch",),
        ("instance_arch_and_ami_id.get_ami_id",),
        ("collect_sps_and_if",),
        ("collect_launch_time", "--dry-run"),
        ("collect_launch_time",),
        ("collect_launch_time", "--clean-up"),
        ("check_setup",),
    ):
        ended: Ended = Fork(module, *arguments, environment=environment, before=quickly).end()
        # The machine may lack a crontab or the like: check_setup says so by 1.
        assert ended.code == 0 or (module == "check_setup" and ended.code == 1), ended
    return [Sent(*json.loads(line)) for line in file.read_text().splitlines()]


def known_ids(stage: Stage) -> dict[str, dict[str, str]]:
    """Give what AWS knows of each spot request and instance, as condition keys."""
    truth = stage.aws.control.truth()
    requests = {
        one["request_id"]: {f"aws:ResourceTag/{key}": value for key, value in one["tags"].items()}
        for one in truth["spot_requests"]
    }
    return requests | {one["instance_id"]: {"ec2:InstanceMarketType": "spot"} for one in truth["instances"]}


def test_all_programs_do_their_work_under_the_policy_and_need_all_of_it(stage: Stage) -> None:
    granted = json.loads(policy(REGIONS, "us-east-1"))
    sent = run_all(stage, granted)
    about = known_ids(stage)
    asked = [(call, one) for call in sent for one in call.asked(about)]
    not_allowed = [one for _, one in asked if not allows(granted, one)]
    assert [one for one in not_allowed if not MADE_UP.search(one.resource)] == []
    assert {one.action for one in not_allowed} == {CANCEL, TERMINATE}
    really_done = {one.action for call, one in asked if not call.is_dry_run}
    assert really_done | IMPLIED == {action.name for action in ACTIONS}
    assert not stage.left_over()
