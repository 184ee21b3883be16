"""Before anything is requested: may we end what we begin? Asked by DryRun, which does nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from collect_launch_time.run_context import RunContext
from common import aws_error
from common.aws_error import AWS_FAILURES
from common.errors import Refusal
from common.side_by_side import side_by_side

# Ids that nobody has. RequestSpotInstances is not among these: an endpoint that overlooks DryRun would launch.
_DRY_RUNS: Mapping[str, Mapping[str, Any]] = {
    "CancelSpotInstanceRequests": {"SpotInstanceRequestIds": ["sir-00000000"]},
    "TerminateInstances": {"InstanceIds": ["i-00000000000000000"]},
    "DescribeInstanceStatus": {"InstanceIds": ["i-00000000000000000"], "IncludeAllInstances": True},
    "DescribeInstances": {"InstanceIds": ["i-00000000000000000"]},
}
_AT_ONCE = 16
_SECONDS = 60.0


def require_permissions(run: RunContext, regions: Sequence[str]) -> None:
    """Make sure that the IAM identity may look at, cancel and terminate in each Region.

    Raises Refusal naming the permission that is missing. Any other answer is as good as a yes.
    """
    questions = [(region, action) for region in regions for action in _DRY_RUNS]

    def ask(question: tuple[str, str]) -> Refusal | None:
        region, action = question
        client = run.ec2(region).client
        operation = getattr(client, _method(action))
        try:
            operation(DryRun=True, **_DRY_RUNS[action])
        except AWS_FAILURES as error:
            return aws_error.refusal(error, f"ec2:{action} in {region}")
        return None

    for outcome in side_by_side(ask, questions, at_once=_AT_ONCE, seconds=_SECONDS):
        if outcome.answer:
            raise outcome.answer


def _method(action: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in action).lstrip("_")
