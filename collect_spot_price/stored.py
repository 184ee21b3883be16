"""What the files have already of the price changes, read day by day as it is asked for."""

from datetime import date, datetime, timedelta
from pathlib import Path

from data_files.market import spot_prices
from data_files.market.spot_prices import FetchedUntil, PriceChange

_KEPT = timedelta(days=91)  # AWS tells 90 days; what is older can be no change of what it tells

_Series = tuple[str, str, str]  # Region, zone id, instance type


class StoredPrices:
    """The stored changes under a HOME, and up to when each pair is complete. Its methods raise OSError."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._days: dict[date, dict[_Series, list[PriceChange]]] = {}
        self._all_days = spot_prices.FILES.days(home)
        self._until = {(row.region, row.instance): row.until for row in spot_prices.FETCHED.rows(home)}

    def until(self, region: str, instance: str) -> datetime | None:
        """Give up to when every change of a pair is stored; None if it was never fetched."""
        return self._until.get((region, instance))

    def has(self, change: PriceChange) -> bool:
        """Tell whether a change is stored."""
        return change in self._of(change.time.date(), change[1:4])

    def price_before(self, change: PriceChange) -> float | None:
        """Give the stored price of a change's zone and type just before it."""
        latest = change.time.date()
        for day in reversed(self._all_days):
            if latest - _KEPT <= day <= latest:
                earlier = [row for row in self._of(day, change[1:4]) if row.time < change.time]
                if earlier:
                    return max(earlier, key=lambda row: row.time).usd
        return None

    def add(self, region: str, until: datetime, types: list[str], new: list[PriceChange]) -> None:
        """Store new changes, then that these types of a Region are complete up to a moment. Raises Unwritable."""
        spot_prices.append_changes(self._home, new)
        self._until |= {(region, instance): until for instance in types}
        rows = [FetchedUntil(*pair, moment) for pair, moment in sorted(self._until.items())]
        spot_prices.FETCHED.replace(spot_prices.FETCHED.path(self._home), rows)

    def _of(self, day: date, series: _Series) -> list[PriceChange]:
        if day not in self._days:
            by_series = self._days[day] = {}
            for row in spot_prices.FILES.rows(self._home, day):
                by_series.setdefault(row[1:4], []).append(row)
        return self._days[day].get(series, [])
