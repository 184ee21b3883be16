"""Which placement-score configurations the last 24 hours used, by our own ledger, and which may still be asked.

AWS lets an account use about 50 distinct configurations in any 24 hours, and publishes neither number nor use. One
occupies its place until 24 hours after its last use; until then it may be repeated, unchanged.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from collect_sps_and_if.tables import CONFIGURATIONS, Tables
from common import csv_file
from common.clock import iso, parse_iso

# A use is written down before it is asked; with its retries the last attempt may come a poll's deadline later.
LATEST_ATTEMPT = timedelta(minutes=9)
OCCUPIED = timedelta(hours=24) + LATEST_ATTEMPT
# What a clock that was set back does not show of it: the time that passed between the two uses that tell.
UNSEEN = timedelta(minutes=30)


@dataclass(frozen=True, order=True)
class Configuration:
    """What AWS counts: an instance type, its Regions (sorted), the target capacity in instances."""

    instance: str
    regions: tuple[str, ...]
    target_capacity: int


@dataclass(frozen=True)
class Ledger:
    """The configurations used at one endpoint Region; AWS seems to count for each on its own."""

    tables: Tables
    endpoint_region: str

    def record(self, used: Iterable[Configuration], at: datetime) -> None:
        """Write down uses before they are asked: AWS counts them even if we die. Raises Unwritable."""
        rows = [
            (iso(at), self.endpoint_region, one.instance, " ".join(one.regions), one.target_capacity) for one in used
        ]
        csv_file.append(self.tables.configurations(at.date()), CONFIGURATIONS, rows)

    def last_uses(self, at: datetime) -> dict[Configuration, datetime]:
        """Give each configuration whose use may still count at a moment, with its last use.

        Uses after that moment count as well: the clock may have been set back since. Those written while it was behind
        are later than they say, and hold their places for longer.
        """
        last: dict[Configuration, datetime] = {}
        behind = timedelta()
        day = (at - OCCUPIED - timedelta(hours=2)).date()  # a day may be 25 hours long
        while day <= at.date() + timedelta(days=1):
            latest: datetime | None = None
            for used, moment in self._uses(day):
                last[used] = max(moment, last.get(used, moment))
                latest = max(moment, latest or moment)
                behind = max(behind, latest - moment)
            day += timedelta(days=1)
        occupied = OCCUPIED + (behind + UNSEEN if behind else behind)
        return {used: moment for used, moment in last.items() if moment > at - occupied}

    def queries_of(self, day: date) -> set[tuple[str, tuple[str, ...]]]:
        """Give the instance type and the Regions of every query a day used, whatever its endpoint and capacity."""
        rows = csv_file.read(self.tables.configurations(day))
        return {(row.get("instance", ""), _regions(row)) for row in rows}

    def _uses(self, day: date) -> Iterator[tuple[Configuration, datetime]]:
        """Give a day's uses with their times, in the order in which they were written."""
        rows = csv_file.read(self.tables.configurations(day))
        return (use for use in map(self._use, rows) if use)

    def _use(self, row: Mapping[str, str]) -> tuple[Configuration, datetime] | None:
        moment = parse_iso(row.get("time", ""))
        capacity = row.get("target_capacity", "")
        if moment is None or not capacity.isdecimal() or row.get("endpoint_region") != self.endpoint_region:
            return None
        return Configuration(row.get("instance", ""), _regions(row), int(capacity)), moment


def _regions(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(row.get("regions", "").split()))


def places_left(limit: int, occupied: Iterable[Configuration]) -> int:
    """Count the configurations that may be used besides those that still occupy a place."""
    return max(0, limit - len(set(occupied)))


def within_limit(wanted: Iterable[Configuration], occupied: Iterable[Configuration], limit: int) -> set[Configuration]:
    """Give those that may be used: every one that occupies a place already, then others in order while places last."""
    held = set(occupied)
    others = [one for one in dict.fromkeys(wanted) if one not in held]
    return held | set(others[: places_left(limit, held)])
