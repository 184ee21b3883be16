"""One Region's answer to DescribeSpotPriceHistory: all its pages, as points of time and price."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import botocore.exceptions

from common.aws import aws_error
from common.aws.aws_client import aws_client
from common.aws.aws_time import AwsTime
from common.aws.spot_price import is_linux, is_zone_of, usd_per_hour
from data_files.market.spot_prices import PriceChange

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client

log = logging.getLogger(__name__)

_ATTEMPTS = 8


@dataclass
class PriceHistory:
    """What a Region told: prices oldest first, until when they are complete, and the types it does not take."""

    points: list[PriceChange] = field(default_factory=list)
    until: datetime | None = None  # by AWS's clock; None if it does not tell the time
    refused_types: dict[str, Exception] = field(default_factory=dict)


class RegionHistory:
    """The price history of one Region. Its methods raise AWS_FAILURES."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._time = AwsTime()
        self._zone_ids: Mapping[str, str] | None = None
        self._client: EC2Client = aws_client("ec2", region, attempts=_ATTEMPTS)
        self._client.meta.events.register("after-call.ec2", self._note_time)

    def ask(self, types: Sequence[str], since: datetime | None) -> PriceHistory:
        """Give the prices of some types since a moment (None: as far back as AWS tells), all pages.

        AWS adds the price that was in force at that moment, with the time of its change. The answer is complete up to
        the moment of its first page: what changes while further pages are read is on none of them.
        """
        try:
            return self._ask(types, since)
        except botocore.exceptions.ClientError as error:
            # One type that AWS does not take fails the whole call.
            if not aws_error.code(error).startswith("InvalidParameter"):
                raise
            if len(types) == 1:
                return PriceHistory(refused_types={types[0]: error})
        half = len(types) // 2
        first, second = self.ask(types[:half], since), self.ask(types[half:], since)
        known = [answer.until for answer in (first, second) if answer.until]
        points = sorted([*first.points, *second.points], key=lambda point: point.time)
        return PriceHistory(points, min(known, default=None), first.refused_types | second.refused_types)

    def _ask(self, types: Sequence[str], since: datetime | None) -> PriceHistory:
        # InstanceTypes is a list of all the types there were when the model was made: newer ones are asked for too.
        wanted: dict[str, Any] = {"InstanceTypes": list(types), "ProductDescriptions": ["Linux/UNIX"]}
        if since:
            wanted["StartTime"] = since
        answer = PriceHistory()
        newest_first: dict[PriceChange, None] = {}  # an entry at a page's border may be on both pages
        senseless = 0
        for page in self._client.get_paginator("describe_spot_price_history").paginate(**wanted):
            answer.until = answer.until or (self._time.now() if self._time.is_known else None)
            for raw in page.get("SpotPriceHistory", []):
                if not is_linux(raw) or not is_zone_of(self.region, raw):
                    continue
                point = self._point(raw)
                if point is None:
                    senseless += 1
                else:
                    newest_first.setdefault(point)
        if senseless:
            log.warning("%s: %d prices without a zone, a type, a time or an amount", self.region, senseless)
        # Of two at the same time the later one in AWS's order is the older.
        oldest_first = list(newest_first)[::-1]
        answer.points = sorted(oldest_first, key=lambda point: point.time)
        return answer

    def _point(self, raw: Mapping[str, Any]) -> PriceChange | None:
        moment, usd = raw.get("Timestamp"), usd_per_hour(raw.get("SpotPrice"))
        zone_id = str(raw.get("AvailabilityZoneId") or self._zone_id(str(raw.get("AvailabilityZone") or "")))
        instance = str(raw.get("InstanceType") or "")
        if not isinstance(moment, datetime) or usd is None or not zone_id or not instance:
            return None
        return PriceChange(moment.astimezone(), self.region, zone_id, instance, usd)

    def _zone_id(self, name: str) -> str:
        # Asked for only where the prices name no ids, as older endpoints do: it takes a permission of its own.
        if self._zone_ids is None:
            zones = self._client.describe_availability_zones().get("AvailabilityZones", [])
            self._zone_ids = {str(zone.get("ZoneName")): str(zone.get("ZoneId") or "") for zone in zones}
        return self._zone_ids.get(name, "")

    def _note_time(self, http_response: Any, **_: Any) -> None:
        self._time.note(http_response.headers)


def in_groups(since: Mapping[str, datetime | None]) -> Iterator[tuple[list[str], datetime | None]]:
    """Give the types that have been fetched up to the same moment together: mostly all of a Region."""
    groups: dict[datetime | None, list[str]] = {}
    for instance, moment in sorted(since.items()):
        groups.setdefault(moment, []).append(instance)
    for moment, types in groups.items():
        yield types, moment
