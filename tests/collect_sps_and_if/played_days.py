"""Days of polls and nights in this process, against AWS's own reckoning of the configuration limit."""

import csv
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from botocore.exceptions import ClientError

import configs
from collect_sps_and_if import daily_score, poll
from collect_sps_and_if.asking import placement_scores
from collect_sps_and_if.asking.interruption_frequency import CurrentListing
from collect_sps_and_if.asking.offers import OfferedTypes, Offers
from collect_sps_and_if.nightly.day_moves import moves_of, score_day
from common.clock import Clock
from data_files.market import polled
from data_files.market.standing_queries import HEADER, PLACE
from local_aws.state.configuration_limit import Configuration, ConfigurationLimit

ZONE = ZoneInfo("Europe/Vienna")
REGIONS = tuple(
    f"{place}-{number}" for place in ("us-east", "eu-west", "ap-south", "ap-north") for number in range(1, 5)
)
_SIZES = ("nano", "micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge")
TYPES = tuple(f"{family}.{size}" for family in ("m5", "c5", "r5", "t3", "m6i", "c6g", "r6g") for size in _SIZES)
OFFERS: Offers = {name: tuple(sorted(REGIONS[: 4 + number % 13])) for number, name in enumerate(TYPES)}


def true_score(types: Sequence[str], place: str, capacity: int, at: datetime) -> int:
    """Give the score of types in a Region or zone: it changes every few hours."""
    period = int(at.timestamp()) // (3600 * (2 + sum(map(ord, place + min(types))) % 9))
    return random.Random(f"{sorted(types)}/{place}/{capacity}/{period}").randint(1, 9)


@dataclass
class Aws:
    """The one call that polls make, answered at a time that is set, within the limit of configurations."""

    now: datetime
    limit: ConfigurationLimit = field(default_factory=ConfigurationLimit)
    refused: list[str] = field(default_factory=list)

    def get_spot_placement_scores(self, **asked: Any) -> dict[str, Any]:
        """Answer as EC2 does."""
        types, capacity, regions = asked["InstanceTypes"], asked["TargetCapacity"], asked["RegionNames"]
        by_zone = asked["SingleAvailabilityZone"]
        configuration = Configuration(frozenset(types), capacity, "units", frozenset(regions), by_zone)
        if not self.limit.use("1", "us-east-1", configuration, self.now):
            self.refused.append(f"{self.now.astimezone(ZONE)}: {types} in {regions}")
            raise ClientError({"Error": {"Code": "MaxConfigLimitExceeded", "Message": ""}}, "GetSpotPlacementScores")
        offering = [region for region in regions if any(region in OFFERS[name] for name in types)]
        places: list[tuple[str, str]] = (
            [(region, f"{region}-az{zone}") for region in offering for zone in ("1", "2")]
            if by_zone
            else [(region, "") for region in offering]
        )
        scores: list[dict[str, Any]] = [
            {
                "Region": region,
                "Score": true_score(types, zone or region, capacity, self.now),
                **({"AvailabilityZoneId": zone} if zone else {}),
            }
            for region, zone in places
        ]
        best = sorted(scores, key=lambda one: -one["Score"])[:10]
        return {"SpotPlacementScores": best, "ResponseMetadata": {"RequestId": "1"}}


@dataclass
class Days:
    """A HOME, the AWS that it asks, and the polls and nights that were played."""

    home: Path
    aws: Aws
    patch: pytest.MonkeyPatch

    def install(self, **settings: Any) -> None:
        """Let the programs know these settings, this AWS and what it offers."""
        for name, value in settings.items():
            self.patch.setattr(configs, name, value)
        self.patch.setattr(placement_scores, "aws_client", lambda *_, **__: self.aws)
        self.patch.setattr(placement_scores, "CONCURRENCY", 2)  # to start a thread takes longer than the answer
        self.patch.setattr(OfferedTypes, "_ask", lambda _: OFFERS)
        self.patch.setattr(poll, "ask_advisor", lambda *_: CurrentListing({}, None))

    def stand(self, *lines: str) -> None:
        """Write the file of standing queries."""
        (self.home / PLACE).write_text("\n".join([HEADER, *lines, ""]))

    def play(self, first: date, days: int, before_poll: Callable[[datetime], None] = lambda _: None) -> set[int]:
        """Poll at the moments that tell, plan each night; give the exit codes of the polls."""
        codes = set()
        for at in moments(first, days):
            self.aws.now = at
            if at.minute == 55:
                self._night(at)
            else:
                before_poll(at)
                codes.add(poll.poll(_clock(at), self.home))
        return codes

    def _night(self, at: datetime) -> None:
        day = polled.read_day(self.home, at.date())
        daily_score.write_scores(self.home, at.date(), score_day(day, moves_of(day)))
        assert daily_score.plan_next_day(at.date(), _clock(at), self.home) == []


def _clock(at: datetime) -> Clock:
    return Clock(at, Clock.start().started_monotonic)


def moments(first: date, days: int) -> Iterator[datetime]:
    """Every ten minutes after midnight, seldom else, and five before midnight; local, with their offset."""
    at = datetime.combine(first, time(), ZONE).astimezone(UTC)
    end = datetime.combine(first + timedelta(days=days), time(), ZONE).astimezone(UTC)
    while at < end:
        clock = at.astimezone(ZONE).strftime("%H:%M")
        if (clock < "01:30" and clock[-1] == "0") or clock in ("12:00", "12:10", "23:50", "23:55"):
            yield at.astimezone()
        at += timedelta(minutes=5)


def rows_of(home: Path, folder: str, day: date) -> Mapping[datetime, list[dict[str, str]]]:
    """Give a day's rows by their poll's time."""
    found: dict[datetime, list[dict[str, str]]] = {}
    path = home / "collect_sps_and_if" / "data" / folder / f"{day}.csv"
    if path.exists():
        with path.open() as file:
            for row in csv.DictReader(file):
                found.setdefault(datetime.fromisoformat(row["time"]), []).append(row)
    return found
