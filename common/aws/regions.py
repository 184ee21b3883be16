"""Which Regions may be asked: those the account has enabled, of those wanted."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.aws import aws_error, aws_refusal
from common.errors import Refusal

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Regions:
    """The Regions to ask, and those left out because the account cannot use them; both sorted."""

    enabled: tuple[str, ...]
    not_enabled: tuple[str, ...]


def enabled_regions(client: EC2Client, wanted: Sequence[str]) -> Regions:
    """Ask EC2 which of the wanted Regions are enabled; wanted empty: every Region of the partition.

    A wanted Region that AWS does not list counts as not enabled. Raises Refusal if none is left,
    botocore's errors, and ValueError for an answer that lists no Region.
    """
    # Never RegionNames=wanted: one unknown name would fail the whole call. DescribeRegions has no pages.
    answer = client.describe_regions(AllRegions=True)
    listed = [region for region in answer.get("Regions", []) if region.get("RegionName")]
    if not listed:
        raise ValueError(f"DescribeRegions answered without any Region: {str(answer)[:200]}")
    open_here = {region["RegionName"] for region in listed if region.get("OptInStatus") != "not-opted-in"}
    considered = set(wanted) or {region["RegionName"] for region in listed}
    regions = Regions(tuple(sorted(considered & open_here)), tuple(sorted(considered - open_here)))
    if not regions.enabled:
        named = ", ".join(regions.not_enabled)
        raise Refusal(f"no Region is left to ask; not enabled for this account: {named}; see REGIONS in spot.toml")
    return regions


def regions_to_ask(client: EC2Client, wanted: Sequence[str]) -> Regions:
    """Give the enabled Regions of those wanted; where AWS refuses to list them, those wanted, as they were named.

    Whatever it refuses there (a permission, the keys, the account), each Region then says whether it does so too.
    Raises as enabled_regions does; such a refusal only where no Region is named.
    """
    try:
        return enabled_regions(client, wanted)
    except aws_error.AWS_FAILURES as error:
        if not (wanted and aws_refusal.refusal(error, "ec2:DescribeRegions")):
            raise
        log.warning(
            "AWS refuses ec2:DescribeRegions, so the Regions named in REGIONS are taken as they are: %s",
            aws_error.describe(error),
        )
        return Regions(tuple(sorted(wanted)), ())
