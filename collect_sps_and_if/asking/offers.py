"""Asks EC2 which instance types each Region offers."""

import logging
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from common.aws import aws_error, aws_refusal
from common.aws.aws_client import aws_client
from common.aws.regions import regions_to_ask
from common.clock import steady_seconds
from common.errors import Refusal
from common.side_by_side import in_time, side_by_side

log = logging.getLogger(__name__)

Offers = Mapping[str, tuple[str, ...]]
"""The Regions, sorted, that offer each instance type."""


class NoOffers(Exception):
    """No Region said what it offers: there is nothing to plan with."""


@dataclass
class OfferedTypes:
    """Asks, when called, which of the wanted Regions offer the types whose whole name matches, or that are watched."""

    endpoint_region: str
    wanted: Sequence[str]
    pattern: re.Pattern[str]
    seconds: float  # within which all of it is asked
    watched: Sequence[str] = ()
    complaints: list[str] = field(default_factory=list)
    """What was left out, a line a cause; none before it is called."""
    _every_type: Offers | None = None
    _failure: NoOffers | Refusal | None = None

    def __call__(self) -> Offers:
        """Give the types that match or are watched.

        Raises NoOffers if no Region answers; Refusal if AWS does not accept the credentials or denies the call, or no
        type matches.
        """
        every = self.every_type()
        offers = {
            instance: where
            for instance, where in every.items()
            if self.pattern.fullmatch(instance) or instance in self.watched
        }
        if not offers:
            raise Refusal(f"no Region offers an instance type that matches INSTANCE_PATTERN {self.pattern.pattern!r}")
        if unknown := [instance for instance in self.watched if instance not in offers]:
            self.complaints.append(f"WATCH_TYPES names types that no Region in use offers: {', '.join(unknown)}")
        return offers

    def every_type(self) -> Offers:
        """Give all types. AWS is asked the first time, all Regions side by side; one that does not answer is left out.

        Raises as a call does, each time.
        """
        if self._failure:
            raise self._failure
        if self._every_type is None:
            try:
                self._every_type = self._ask()
            except (NoOffers, Refusal) as failure:
                self._failure = failure
                raise
        return self._every_type

    def _ask(self) -> Offers:
        over = steady_seconds() + self.seconds
        regions = self._enabled()
        offers: dict[str, list[str]] = {}
        for region, types in sorted(self._answers(regions, over - steady_seconds())):
            for instance in types:
                offers.setdefault(instance, []).append(region)
        return {instance: tuple(where) for instance, where in offers.items()}

    def _enabled(self) -> Sequence[str]:
        try:
            regions = in_time(
                self.seconds / 2, lambda: regions_to_ask(aws_client("ec2", self.endpoint_region), self.wanted)
            )
        except Refusal:
            raise
        except Exception as error:
            raise _reason(error, "ec2:DescribeRegions") from error
        if self.wanted and regions.not_enabled:
            self.complaints.append(
                f"REGIONS names some that AWS does not know or this account has not enabled, and they are left out:"
                f" {', '.join(regions.not_enabled)}"
            )
        return regions.enabled

    def _answers(self, regions: Sequence[str], seconds: float) -> list[tuple[str, set[str]]]:
        outcomes = list(side_by_side(_types_of, regions, concurrency=16, seconds=seconds))
        failed = {outcome.question: outcome.error for outcome in outcomes if outcome.error}
        if failed and len(failed) == len(outcomes):
            raise _reason_of_all(failed.values())
        self.complaints += [
            f"left out of the day's plan, for AWS does not say what is offered there: {', '.join(sorted(names))}"
            f" ({aws_error.describe(error)}); REGIONS in spot.toml may leave them out"
            for error, names in aws_error.by_cause(failed)
        ]
        return [(outcome.question, outcome.answer) for outcome in outcomes if outcome.answer is not None]


def _types_of(region: str) -> set[str]:
    pages = aws_client("ec2", region).get_paginator("describe_instance_type_offerings").paginate(LocationType="region")
    offers = [offer for page in pages for offer in page.get("InstanceTypeOfferings", [])]
    # One without a name, as it is seen for a while, costs itself only.
    return {str(offer["InstanceType"]) for offer in offers if offer.get("InstanceType")}


def _reason_of_all(errors: Collection[Exception]) -> Exception:
    """Give why no Region at all answers: a refusal only if none of them would ever allow it."""
    reasons = [_reason(error, "ec2:DescribeInstanceTypeOfferings") for error in errors]
    return next((reason for reason in reasons if not isinstance(reason, Refusal)), reasons[0])


def _reason(error: Exception, action: str) -> Exception:
    refusal = aws_refusal.refusal(error, action)
    if refusal:
        return refusal
    log.error("AWS's answer to %s", action, exc_info=error)
    return NoOffers(f"AWS does not say what is offered: {aws_error.describe(error)}")
