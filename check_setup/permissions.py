"""Whether the IAM identity has each permission the programs need: asked by DryRun, in every Region that is used."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import botocore
from botocore.exceptions import ClientError

import configs
from check_setup.account import Account, client
from check_setup.dry_spot_request import Untried, dry_spot_request
from check_setup.finding import Finding, fine, to_do, unknown
from check_setup.iam import ACTIONS, Action
from common.aws import aws_error
from common.aws.amazon_linux import ARCHITECTURES, newest_ami
from common.side_by_side import Outcome, side_by_side
from common.terminal import progress

_AT_ONCE = 16
_SECONDS = 120

Try = tuple[Action, str]


def check_permissions(account: Account) -> Iterator[Finding]:
    """Try each action where it is needed; one line an action."""
    tries = [(action, region) for action in ACTIONS for region in _regions(action, account)]
    outcomes = side_by_side(_try, tries, at_once=_AT_ONCE, seconds=_SECONDS)
    by_action: dict[str, list[Outcome[Try, None]]] = defaultdict(list)
    for outcome in progress(outcomes, len(tries), "permissions"):
        by_action[outcome.question[0].name].append(outcome)
    for action in ACTIONS:
        if found := by_action.get(action.name):
            yield _finding(action, found)


def _regions(action: Action, account: Account) -> Sequence[str]:
    match action.tried:
        case "endpoint":
            return (configs.SPS_REGION,)
        case "everywhere":
            return account.regions.enabled
        case _:
            return ()


def _try(question: Try) -> None:
    """Try an action in a Region; raises AWS's answer unless it is as good as a yes."""
    action, region = question
    service, _, operation = action.name.partition(":")
    try:
        if action.name == "ec2:RequestSpotInstances":
            dry_spot_request(client(service, region), region)
        elif action.name == "ssm:GetParameter":
            newest_ami(client(service, region), ARCHITECTURES[0])
        else:
            getattr(client(service, region), botocore.xform_name(operation))(DryRun=True, **action.arguments)
    except ClientError as error:
        # Whatever else AWS has against ids that nobody has, it did not find the permission missing.
        if not (_is_yes(error) or aws_error.is_unknown_id(error) or aws_error.is_no_such_ami(error)):
            raise


def _is_yes(error: ClientError) -> bool:
    return aws_error.code(error) == "DryRunOperation"


def _finding(action: Action, outcomes: Sequence[Outcome[Try, None]]) -> Finding:
    denied = [outcome for outcome in outcomes if outcome.error and aws_error.is_denied(outcome.error)]
    failed = [outcome for outcome in outcomes if outcome.error and outcome not in denied]
    if denied:
        where = _where(denied, outcomes)
        return to_do(action.name, f"denied {where}: grant it to {action.needed_by} (--iam-policy prints the policy)")
    if failed and all(isinstance(outcome.error, Untried) for outcome in failed):
        return unknown(action.name, f"not tried {_where(failed, outcomes)}: {failed[0].error}")
    if failed:
        return to_do(action.name, f"unclear {_where(failed, outcomes)}: {_described(failed[0].error)}{action.hint}")
    return fine(action.name, f"allowed {_where(outcomes, outcomes)}")


def _where(some: Sequence[Outcome[Try, Any]], all_of_them: Sequence[Outcome[Try, Any]]) -> str:
    regions = sorted(outcome.question[1] for outcome in some)
    if len(regions) == len(all_of_them) > 1:
        return f"in all {len(regions)} Regions"
    return f"in {', '.join(regions)}"


def _described(error: Exception | None) -> str:
    return aws_error.describe(error) if error else "no answer"
