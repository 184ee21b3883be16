"""Whether the IAM identity has each permission the programs need: asked by DryRun, in every Region that is used."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

import configs
from check_setup.account import Account, client
from check_setup.finding import Finding, fine, to_do, unknown
from check_setup.permissions import actions
from check_setup.permissions.actions import ACTIONS, Action, Where
from check_setup.permissions.dry_spot_request import Untried, dry_spot_request
from collect_launch_time.choosing.permissions import ask_by_dry_run, is_denied_for_made_up_ids_only
from collect_launch_time.ec2.network import networks_in
from common.aws import aws_error, error_kind
from common.aws.amazon_linux import ARCHITECTURES, newest_ami
from common.side_by_side import Outcome, side_by_side
from common.terminal import progress

_CONCURRENCY = 16
_SECONDS = 120

_FORBIDDEN, _DENIED, _UNCLEAR, _FOR_MADE_UP_IDS, _UNTRIED = "forbidden", "denied", "unclear", "made-up ids", "untried"

_Try = tuple[Action, str]


def check_permissions(account: Account) -> Iterator[Finding]:
    """Try each action where it is needed; one line an action."""
    tries = [(action, region) for action in ACTIONS for region in _regions(action, account)]
    outcomes = side_by_side(_try, tries, concurrency=_CONCURRENCY, seconds=_SECONDS)
    by_action: dict[str, list[Outcome[_Try, None]]] = defaultdict(list)
    for outcome in progress(outcomes, len(tries), "permissions"):
        by_action[outcome.question[0].name].append(outcome)
    for action in ACTIONS:
        if found := by_action.get(action.name):
            yield _finding(action, found)


def _regions(action: Action, account: Account) -> Sequence[str]:
    if not action.is_tried:
        return ()
    return account.regions.enabled if action.where is Where.EVERYWHERE else (configs.SPS_REGION,)


def _try(question: _Try) -> None:
    """Try an action in a Region; raises AWS's answer unless it is as good as a yes."""
    action, region = question
    asked = client(action.name.partition(":")[0], region)
    try:
        match action.name:
            case actions.REQUEST:
                networks = networks_in(region, configs.LAUNCH_SUBNETS, configs.LAUNCH_SECURITY_GROUPS)
                dry_spot_request(asked, configs.HOME, region, networks)
            case actions.AMIS:
                newest_ami(asked, ARCHITECTURES[0])
            case actions.SCORES:  # a Region of the same partition: no endpoint knows another's
                ask_by_dry_run(asked, action.name, {**action.arguments, "RegionNames": [region]})
            case _:
                ask_by_dry_run(asked, action.name, action.arguments)
    except ClientError as error:
        # Whatever else AWS has against ids that nobody has, it did not find the permission missing.
        if not (_is_yes(error) or error_kind.is_unknown_id(error) or error_kind.is_no_such_ami(error)):
            raise


def _is_yes(error: ClientError) -> bool:
    return aws_error.code(error) == "DryRunOperation"


def _finding(action: Action, outcomes: Sequence[Outcome[_Try, None]]) -> Finding:
    """Say the worst that was found, and where."""
    by_kind: dict[str, list[Outcome[_Try, None]]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.error:
            by_kind[_kind(action, outcome.error)].append(outcome)
    if found := by_kind[_FORBIDDEN]:
        text = "by a policy that says Deny (an organisation's?): have it changed, or leave that out of REGIONS"
        return to_do(action.name, f"forbidden {_where(found, outcomes)} {text}")
    if found := by_kind[_DENIED]:
        text = f"grant it to {action.needed_by} (--iam-policy prints the policy)"
        return to_do(action.name, f"denied {_where(found, outcomes)}: {text}")
    if found := by_kind[_UNCLEAR]:
        return to_do(action.name, f"unclear {_where(found, outcomes)}: {_described(found[0].error)}{action.hint}")
    if found := by_kind[_FOR_MADE_UP_IDS]:
        text = "for a made-up id, as a policy with conditions does; see that yours grants it as --iam-policy prints it"
        return unknown(action.name, f"cannot be tried without an instance: denied {_where(found, outcomes)} {text}")
    if found := by_kind[_UNTRIED]:
        return unknown(action.name, f"not tried {_where(found, outcomes)}: {found[0].error}")
    return fine(action.name, f"allowed {_where(outcomes, outcomes)}")


def _kind(action: Action, error: Exception) -> str:
    if isinstance(error, Untried):
        return _UNTRIED
    if is_denied_for_made_up_ids_only(action.name, error):
        return _FOR_MADE_UP_IDS
    if error_kind.is_denied_by_a_deny_statement(error):
        return _FORBIDDEN
    return _DENIED if error_kind.is_denied(error) else _UNCLEAR


def _where(some: Sequence[Outcome[_Try, Any]], all_of_them: Sequence[Outcome[_Try, Any]]) -> str:
    regions = sorted(outcome.question[1] for outcome in some)
    if len(regions) == len(all_of_them) > 1:
        return f"in all {len(regions)} Regions"
    return f"in {', '.join(regions)}"


def _described(error: Exception | None) -> str:
    return aws_error.describe(error) if error else "no answer"
