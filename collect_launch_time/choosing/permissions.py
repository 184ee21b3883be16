"""Before anything is requested: may we end what we begin? Asked by DryRun, which does nothing.

To cancel and to terminate can only be tried with ids that nobody has, and a policy with conditions (on a request's tag,
an instance's market type) denies those though it grants the real ones. So a denial there says nothing, and the run goes
on: should the real call be denied, the run names what it could not end, and the next one probes nothing in that Region.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import botocore

from collect_launch_time.run_context import RunContext
from common.aws import aws_error, aws_refusal, error_kind
from common.aws.aws_error import AWS_FAILURES
from common.errors import Refusal
from common.side_by_side import side_by_side

log = logging.getLogger(__name__)

CANCEL = "ec2:CancelSpotInstanceRequests"
TERMINATE = "ec2:TerminateInstances"

_MADE_UP_INSTANCES = {"InstanceIds": ["i-00000000000000000"]}
DRY_RUNS: Mapping[str, Mapping[str, Any]] = {
    CANCEL: {"SpotInstanceRequestIds": ["sir-00000000"]},
    TERMINATE: _MADE_UP_INSTANCES,
    "ec2:DescribeInstanceStatus": {**_MADE_UP_INSTANCES, "IncludeAllInstances": True},
    "ec2:DescribeInstances": _MADE_UP_INSTANCES,
}
"""The actions asked for before each probe, with arguments that change nothing even where DryRun is overlooked.

RequestSpotInstances is not among them: an endpoint that overlooks DryRun would launch.
"""
_CONCURRENCY = 16
_SECONDS = 60.0


def ask_by_dry_run(client: Any, action: str, arguments: Mapping[str, Any]) -> None:
    """Ask by DryRun for an action such as ec2:DescribeInstances; AWS's answer is a ClientError, also if it says yes."""
    getattr(client, botocore.xform_name(action.partition(":")[2]))(DryRun=True, **arguments)


def is_denied_for_made_up_ids_only(action: str, error: BaseException) -> bool:
    """Tell whether a DryRun was denied as an Allow with conditions denies an id that nobody has.

    A Deny statement (of an organisation, mostly) is another matter: it holds for what is ours too.
    """
    return (
        action in (CANCEL, TERMINATE)
        and error_kind.is_denied(error)
        and not error_kind.is_denied_by_a_deny_statement(error)
    )


def refused_regions(run: RunContext, regions: Sequence[str]) -> dict[str, Refusal]:
    """Give the Regions in which the IAM identity may not look at what it begins, or not end it, each with one line.

    Any other answer is as good as a yes.
    """
    questions = [(region, action) for region in regions for action in DRY_RUNS]

    def ask(question: tuple[str, str]) -> Refusal | None:
        region, action = question
        try:
            ask_by_dry_run(run.ec2(region).client, action, DRY_RUNS[action])
        except AWS_FAILURES as error:
            if is_denied_for_made_up_ids_only(action, error):
                log.info(
                    "%s cannot be tried in %s without an id of ours: %s", action, region, aws_error.describe(error)
                )
                return None
            return aws_refusal.refusal(error, f"{action} in {region}")
        return None

    refused: dict[str, Refusal] = {}
    outcomes = side_by_side(ask, questions, concurrency=_CONCURRENCY, seconds=_SECONDS)
    for outcome in sorted(outcomes, key=lambda outcome: outcome.question):
        if outcome.answer:
            refused.setdefault(outcome.question[0], outcome.answer)
    return refused
