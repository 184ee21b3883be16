"""configurations/DATE.csv: every use of a placement-score configuration; from these the quota is reckoned.

AWS lets an account use about 50 distinct configurations in any 24 hours, and publishes neither number nor use. One
occupies its place until 24 hours after its last use; until then it may be repeated, unchanged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from data_files.cells import COUNT, NAME, TEXT, TIME, WORDS, one_of
from data_files.csv_table import Column, DatedFiles
from data_files.timed_rows import timed_rows

# A use is written down before it is asked; with its retries the last attempt may come a poll's deadline later.
LATEST_ATTEMPT = timedelta(minutes=9)
OCCUPIED = timedelta(hours=24) + LATEST_ATTEMPT
# The ledger shows a backward jump of the clock only as the gap between two rows; how much time passed between the two
# is not seen.
_UNSEEN_JUMP = timedelta(minutes=30)

# What is scored: Regions as wholes, or each of their Availability Zones.
REGION_SCOPE, ZONE_SCOPE = SCOPES = ("region", "zone")


class ConfigurationUse(NamedTuple):
    """A use of a configuration at an endpoint Region; scope is None in a file of an earlier version: of Regions."""

    time: datetime
    endpoint_region: str
    instance: str
    regions: tuple[str, ...]
    target_capacity: int
    scope: str | None = None


_ENDPOINT_REGION = Column("endpoint_region", NAME, "the Region whose endpoint was asked", is_needed=True)
TARGET_CAPACITY = Column("target_capacity", COUNT, "instances asked for", is_needed=True)

FILES = DatedFiles(
    (
        Column("time", TIME, "when the poll that asked started", is_needed=True),
        _ENDPOINT_REGION,
        Column("instance", TEXT, "the instance type, or several separated by spaces", is_needed=True),
        Column("regions", WORDS, "the Regions asked about", is_needed=True),
        TARGET_CAPACITY,
        Column("scope", one_of(*SCOPES), "whether Regions were scored or their zones", is_later=True),
    ),
    ConfigurationUse,
    folder="collect_sps_and_if/data/configurations",
)


@dataclass(frozen=True, order=True)
class Configuration:
    """What AWS counts: instance types, Regions (sorted), target capacity in instances, whether zones are scored.

    instance is one type, or several that are sorted and separated by spaces.
    """

    instance: str
    regions: tuple[str, ...]
    target_capacity: int
    scope: str = REGION_SCOPE

    def __str__(self) -> str:
        """Name it for the log."""
        return f"{self.instance} in {' '.join(self.regions)}{' by zone' if self.scope == ZONE_SCOPE else ''}"

    @property
    def instances(self) -> tuple[str, ...]:
        """Give its instance types."""
        return tuple(self.instance.split())


def configuration(
    instances: Iterable[str], regions: Iterable[str], target_capacity: int, scope: str = REGION_SCOPE
) -> Configuration:
    """Give the one configuration of these types and Regions, whatever their order: to AWS it is the same."""
    return Configuration(" ".join(sorted(set(instances))), tuple(sorted(set(regions))), target_capacity, scope)


@dataclass(frozen=True)
class Ledger:
    """The configurations used at one endpoint Region; AWS seems to count for each on its own."""

    home: Path
    endpoint_region: str

    def record(self, used: Iterable[Configuration], at: datetime) -> None:
        """Write down uses before they are asked: AWS counts them even if we die. Raises Unwritable.

        A day's file of an earlier version gets its new column at once: without it, two configurations would be one.
        """
        FILES.append(
            FILES.path(self.home, at.date()),
            (
                ConfigurationUse(
                    at, self.endpoint_region, each.instance, each.regions, each.target_capacity, each.scope
                )
                for each in used
            ),
            widens=True,
        )

    def last_uses(self, at: datetime) -> dict[Configuration, datetime]:
        """Give each configuration whose use may still count at a moment, with its last use.

        Uses after that moment count as well: the clock may have been set back since. Those written while it was behind
        are later than they say, and hold their places for longer.
        """
        last: dict[Configuration, datetime] = {}
        behind = timedelta()
        for day in days_counted(at):
            latest: datetime | None = None
            for time, use in timed_rows(FILES, FILES.path(self.home, day)):
                if use.endpoint_region != self.endpoint_region:
                    continue
                used = configuration(use.instance.split(), use.regions, use.target_capacity, use.scope or REGION_SCOPE)
                last[used] = max(time, last.get(used, time))
                latest = max(time, latest or time)
                behind = max(behind, latest - time)
        occupied = OCCUPIED + (behind + _UNSEEN_JUMP if behind else behind)
        return {used: moment for used, moment in last.items() if at - moment < occupied}

    def queries_of(self, day: date) -> set[tuple[str, tuple[str, ...]]]:
        """Give the instance type and the Regions of every query a day used, whatever its endpoint and capacity."""
        uses = FILES.rows(self.home, day)
        return {(use.instance, tuple(sorted(use.regions))) for use in uses if use.scope != ZONE_SCOPE}


def days_counted(at: datetime) -> list[date]:
    """List the days whose uses may still count at a moment, oldest first."""
    first = (at - OCCUPIED - timedelta(hours=2)).date()  # a day may be 25 hours long
    return [first + timedelta(days=day) for day in range((at.date() - first).days + 2)]


def places_left(limit: int, occupied: Iterable[Configuration]) -> int:
    """Count the configurations that may be used besides those that still occupy a place."""
    return max(0, limit - len(set(occupied)))


def within_limit(wanted: Iterable[Configuration], occupied: Iterable[Configuration], limit: int) -> set[Configuration]:
    """Give those that may be used: every one that occupies a place already, then others in order while places last."""
    held = set(occupied)
    others = [each for each in dict.fromkeys(wanted) if each not in held]
    return held | set(others[: places_left(limit, held)])
