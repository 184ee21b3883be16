"""How old the AMIs in IMAGE_ID really are, and whether AWS still has them: the table's own date does not tell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import configs
from check_setup.account import Account, client
from check_setup.finding import Finding, fine, to_do, unknown
from check_setup.stored_tables import COMMANDS
from common.aws import aws_error, error_kind
from common.clock import Clock
from common.side_by_side import Outcome, side_by_side
from data_files import instance_tables
from data_files.instance_tables import DAYS_GOOD, TABLES, table_in_force

_WHAT = "AMIs"
_ACTION = "ec2:DescribeImages"

_CONCURRENCY = 16
_SECONDS = 120
_DAYS_BEFORE = 14  # until the oldest is deprecated: time enough to collect new ones


@dataclass(frozen=True)
class Ami:
    """When an AMI was made, and from when on AWS hides it from lists."""

    created: datetime
    deprecated: datetime


def check_images(account: Account) -> Iterator[Finding]:
    """Ask each Region about the AMIs that it would be asked to launch."""
    table = instance_tables.image_id(configs.HOME)
    stored = {region: sorted(table[region].values()) for region in account.regions.enabled if table.get(region)}
    outcomes = list(
        side_by_side(
            lambda region: _amis(region, stored[region]), list(stored), concurrency=_CONCURRENCY, seconds=_SECONDS
        )
    )
    yield from findings(outcomes, Clock.start().started)


def findings(outcomes: Sequence[Outcome[str, list[Ami]]], now: datetime) -> Iterator[Finding]:
    """Say what the Regions' answers come to."""
    renew = f"run {COMMANDS[TABLES, 'IMAGE_ID']}"
    errors = {one.question: one.error for one in outcomes if one.error}
    if gone := sorted(region for region, error in errors.items() if error_kind.is_no_such_ami(error)):
        yield to_do(_WHAT, f"AWS does not know those of {', '.join(gone)} (any more): {renew}")
    if denied := sorted(region for region, error in errors.items() if error_kind.is_denied(error)):
        yield _not_allowed(denied, renew)
    for region, error in errors.items():
        if region not in (*gone, *denied):
            yield unknown(_WHAT, f"not looked at in {region}: {aws_error.describe(error)}")
    amis = [ami for outcome in outcomes for ami in outcome.answer or []]
    if not amis:
        return
    age = (now - min(ami.created for ami in amis)).days
    left = (min(ami.deprecated for ami in amis) - now).days
    if left >= _DAYS_BEFORE:
        yield fine(_WHAT, f"the oldest was made {age} days ago, and is deprecated in {left} days")
    else:
        when = f"is deprecated in {left} days" if left >= 0 else f"was deprecated {-left} days ago"
        yield to_do(_WHAT, f"the oldest was made {age} days ago, and {when}: {renew}")


def _not_allowed(regions: Sequence[str], renew: str) -> Finding:
    text = f"their age cannot be told, for {_ACTION} is denied in {', '.join(regions)} (--iam-policy has it)"
    if table_in_force(configs.HOME, TABLES, "IMAGE_ID").is_of_local_aws:
        return to_do(_WHAT, f"{text}, and the table is of the local AWS: {renew}")
    return unknown(_WHAT, text)


def _amis(region: str, ids: Sequence[str]) -> list[Ami]:
    answer = client("ec2", region).describe_images(ImageIds=list(ids), IncludeDeprecated=True)
    return [_ami(image) for image in answer["Images"]]


def _ami(image: Mapping[str, Any]) -> Ami:
    created = _moment(image["CreationDate"])
    deprecated = image.get("DeprecationTime")
    return Ami(created, _moment(deprecated) if deprecated else created + timedelta(days=DAYS_GOOD))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
