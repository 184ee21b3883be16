"""Before anything is requested: may we end what we start? Asked with DryRun, which changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

import botocore

from collect_launch_time.run_context import RunContext
from common.aws import aws_error
from common.aws.aws_error import AWS_FAILURES
from common.errors import Refusal
from common.side_by_side import side_by_side

# With ids that nobody has. Without RequestSpotInstances: an endpoint that ignores DryRun would launch instances.
_DRY_RUNS: Mapping[str, Mapping[str, Any]] = {
    "CancelSpotInstanceRequests": {"SpotInstanceRequestIds": ["sir-00000000"]},
    "TerminateInstances": {"InstanceIds": ["i-00000000000000000"]},
    "DescribeInstanceStatus": {"InstanceIds": ["i-00000000000000000"], "IncludeAllInstances": True},
    "DescribeInstances": {"InstanceIds": ["i-00000000000000000"]},
}
_CONCURRENCY = 16
_SECONDS = 60.0


def require_permissions(run: RunContext, regions: Sequence[str]) -> None:
    """Make sure that the IAM identity may look at, cancel and terminate in each Region.

    Raises Refusal naming a missing permission. Any answer but a denial counts as permitted.
    """
    questions = [(region, action) for region in regions for action in _DRY_RUNS]

    def try_action(question: tuple[str, str]) -> Refusal | None:
        region, action = question
        operation = getattr(run.ec2(region).client, botocore.xform_name(action))
        try:
            operation(DryRun=True, **_DRY_RUNS[action])
        except AWS_FAILURES as error:
            return aws_error.refusal(error, f"ec2:{action} in {region}")
        return None

    for outcome in side_by_side(try_action, questions, at_once=_CONCURRENCY, seconds=_SECONDS):
        if outcome.answer:
            raise outcome.answer
