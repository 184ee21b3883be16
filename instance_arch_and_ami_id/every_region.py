"""Ask every enabled Region the same question, side by side; say which did not answer, and why."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlsplit

from common.aws import aws_error, aws_refusal
from common.aws.aws_client import aws_client
from common.aws.regions import Regions, regions_to_ask
from common.side_by_side import side_by_side
from common.terminal import progress

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client

log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")

_CONCURRENCY = 12
# A Region has about ten pages of instance types; this leaves each call its ten attempts.
_SECONDS = 300
_ATTEMPTS_AT_REGIONS = 4  # to list them: two minutes at the worst, so that the run is over in time


class NoAnswer(Exception):
    """AWS does not even list its Regions; one line says why."""


@dataclass(frozen=True)
class Answers(Generic[_Answer]):
    """What the Regions said; those not enabled were not asked."""

    by_region: dict[str, _Answer]
    failed: dict[str, Exception]
    not_enabled: tuple[str, ...]
    asked_at: str

    def failures(self) -> list[str]:
        """Say which Regions did not answer, one line a cause."""
        asked = len(self.by_region) + len(self.failed)
        return [
            f"no answer from {len(regions)} of {asked} Regions ({', '.join(regions)}): {aws_error.describe(error)}"
            for error, regions in aws_error.by_cause(dict(sorted(self.failed.items())))
        ]


def ask_every_region(
    action: str, ask: Callable[[Any], _Answer], *, wanted: Sequence[str], endpoint_region: str
) -> Answers[_Answer]:
    """Let ask() put the action (such as ec2:DescribeRegions) to each enabled Region, of those wanted; none: all.

    Raises Refusal if the account may not ask at all, and NoAnswer if AWS does not even list its Regions.
    """
    service = action.partition(":")[0]
    first = aws_client("ec2", endpoint_region, attempts=_ATTEMPTS_AT_REGIONS)
    regions = _regions(first, wanted)
    outcomes = side_by_side(
        lambda region: ask(aws_client(service, region)), regions.enabled, concurrency=_CONCURRENCY, seconds=_SECONDS
    )
    answered: dict[str, _Answer] = {}
    failed: dict[str, Exception] = {}
    for outcome in progress(outcomes, len(regions.enabled), "Regions"):
        if outcome.error is not None:
            log.error("%s in %s", action, outcome.question, exc_info=outcome.error)
            failed[outcome.question] = outcome.error
        elif outcome.answer is not None:
            answered[outcome.question] = outcome.answer
    if not answered:
        _refuse_if_all_refused(action, failed.values())
    return Answers(answered, failed, regions.not_enabled, _asked_at(first))


def _regions(ec2: EC2Client, wanted: Sequence[str]) -> Regions:
    try:
        return regions_to_ask(ec2, wanted)
    except aws_error.AWS_FAILURES as error:
        if refusal := aws_refusal.refusal(error, "ec2:DescribeRegions"):
            raise refusal from error
        raise NoAnswer(f"AWS does not list its Regions: {aws_error.describe(error)}; try again later") from error


def _refuse_if_all_refused(action: str, errors: Collection[Exception]) -> None:
    refusals = [refusal for error in errors if (refusal := aws_refusal.refusal(error, action))]
    if refusals and len(refusals) == len(errors):
        raise refusals[0]


def _asked_at(client: EC2Client) -> str:
    address: str = client.meta.endpoint_url
    host = urlsplit(address).hostname or ""
    return "AWS" if host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")) else address
