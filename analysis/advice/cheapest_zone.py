"""The spot price of a pair now: in its cheapest zone, of which the newest change counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analysis.reading import NotingReader
from data_files.market import spot_prices
from data_files.market.polled import Pair
from data_files.market.spot_prices import PriceChange

_KNOWN = timedelta(days=91)
"""AWS tells 90 days of changes: a zone that has none of so long before the last fetch is taken for closed."""

_Zone = tuple[str, str, str]
"""Region, zone id, instance type."""


@dataclass(frozen=True)
class CurrentPrice:
    """US dollars per hour of one Linux instance in the cheapest zone, and since when, by AWS's clock."""

    usd: float
    time: datetime


def cheapest_prices(reader: NotingReader, now: datetime, pairs: Collection[Pair]) -> dict[Pair, CurrentPrice]:
    """Give the price of each pair in its cheapest zone at a moment; a pair without any known price is left out."""
    newest = _newest_of_zones(reader, now, pairs)
    found: dict[Pair, CurrentPrice] = {}
    for (region, _, instance), change in newest.items():
        known = found.get((region, instance))
        if known is None or (change.usd, -change.time.timestamp()) < (known.usd, -known.time.timestamp()):
            found[region, instance] = CurrentPrice(change.usd, change.time)
    return found


def _newest_of_zones(reader: NotingReader, now: datetime, pairs: Collection[Pair]) -> dict[_Zone, PriceChange]:
    sought = _SoughtZones(pairs)
    newest: dict[_Zone, PriceChange] = {}
    first = (_oldest_fetch(reader, now, sought.pairs) - _KNOWN).date()
    for day in reversed(spot_prices.FILES.days(reader.home)):
        if first <= day <= now.date() + timedelta(days=1):
            found = _changes_of(reader, day, now, sought)
            sought.leave_out(found)
            newest = {**found, **newest}
    return newest


def _changes_of(reader: NotingReader, day: date, now: datetime, sought: _SoughtZones) -> dict[_Zone, PriceChange]:
    path = spot_prices.FILES.path(reader.home, day)
    found: dict[_Zone, PriceChange] = {}
    with reader.noting_errors(path):
        for change in spot_prices.changes_of(path, sought.types, sought, reader.counting(path)):
            zone = change.region, change.az, change.instance
            is_newest = zone not in found or found[zone].time <= change.time
            if change.time <= now and is_newest and (change.region, change.instance) in sought.pairs:
                found[zone] = change
    return found


class _SoughtZones(dict[bytes, bool]):
    """Which zones to look for, by the text that lines have of them; each text is taken apart once for all files."""

    def __init__(self, pairs: Collection[Pair]) -> None:
        super().__init__()
        self.pairs = set(pairs)
        self.types = {instance for _, instance in pairs}

    def __missing__(self, text: bytes) -> bool:
        cells = text.decode(errors="replace").split(",")
        # What is no zone is let through to the reader, which knows what to do about it.
        self[text] = len(cells) != 3 or (cells[0].strip(), cells[2].strip()) in self.pairs
        return self[text]

    def leave_out(self, zones: Collection[_Zone]) -> None:
        """Look no further for these."""
        self.update({",".join(zone).encode(): False for zone in zones})


def _oldest_fetch(reader: NotingReader, now: datetime, wanted: Collection[Pair]) -> datetime:
    """Tell when the pair whose prices were fetched longest ago was; one that fetched.csv does not know: now."""
    rows = reader.rows(spot_prices.FETCHED, spot_prices.FETCHED.path(reader.home))
    return min([now, *(row.until for row in rows if (row.region, row.instance) in wanted)])
