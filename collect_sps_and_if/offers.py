"""Asks EC2 which instance types each Region offers."""

import logging
import re
from collections.abc import Sequence
from typing import Any

from collect_sps_and_if.planning import Offers
from common import aws_error
from common.aws_client import aws_client
from common.exit_code import Refusal
from common.regions import enabled_regions
from common.run_log import tell
from common.side_by_side import Outcome, side_by_side

log = logging.getLogger(__name__)


class NoOffers(Exception):
    """No Region said what it offers: there is nothing to plan with."""


def offered_types(endpoint_region: str, wanted: Sequence[str], pattern: re.Pattern[str], seconds: float) -> Offers:
    """Give the Regions that offer each instance type whose whole name matches; Regions are asked side by side.

    A Region that does not answer is left out, and told. Raises NoOffers if none answers; Refusal if AWS does not
    accept the credentials or denies the call, or no type matches.
    """
    try:
        regions = enabled_regions(aws_client("ec2", endpoint_region), wanted)
    except Refusal:
        raise
    except Exception as error:
        raise _reason(error, "ec2:DescribeRegions") from error
    if wanted and regions.not_enabled:
        tell(f"not enabled for this account, left out: {', '.join(regions.not_enabled)}")
    offers: dict[str, list[str]] = {}
    for region, types in sorted(_answers(regions.enabled, seconds)):
        for instance in types:
            if pattern.fullmatch(instance):
                offers.setdefault(instance, []).append(region)
    if not offers:
        raise Refusal(f"no Region offers an instance type that matches INSTANCE_PATTERN {pattern.pattern!r}")
    return {instance: tuple(where) for instance, where in offers.items()}


def _answers(regions: Sequence[str], seconds: float) -> list[tuple[str, set[str]]]:
    outcomes = list(side_by_side(_types_of, regions, at_once=16, seconds=seconds))
    failed = [outcome for outcome in outcomes if outcome.error]
    if failed and len(failed) == len(outcomes):
        raise _reason(failed[0].error, "ec2:DescribeInstanceTypeOfferings") from failed[0].error
    if failed:
        _tell_of(failed)
    return [(outcome.question, outcome.answer) for outcome in outcomes if outcome.answer is not None]


def _types_of(region: str) -> set[str]:
    pages = aws_client("ec2", region).get_paginator("describe_instance_type_offerings").paginate(LocationType="region")
    return {str(offer["InstanceType"]) for page in pages for offer in page.get("InstanceTypeOfferings", [])}


def _tell_of(failed: Sequence[Outcome[str, Any]]) -> None:
    names = ", ".join(sorted(outcome.question for outcome in failed))
    reason = aws_error.describe(failed[0].error) if failed[0].error else ""
    tell(f"{len(failed)} Regions did not say what they offer and are left out of the plan: {names} ({reason})")


def _reason(error: Exception | None, action: str) -> Exception:
    if error is None:
        return NoOffers("AWS did not answer")
    refusal = aws_error.refusal(error, action)
    if refusal:
        return refusal
    log.error("AWS's answer to %s", action, exc_info=error)
    return NoOffers(f"AWS does not say what is offered: {aws_error.describe(error)}")
