"""Gather the spot price of each pair in its cheapest zone: at the end of each day on which any of its zones changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import ColumnarRows
from data_files.market.spot_prices import INSTANCE, PRICE_TIME, REGION, USD, ZONE
from report.gather.pairs import PairNumbers

UNITS_A_DOLLAR = 100_000
"""Prices are whole numbers of these: a hundredth of a thousandth of a dollar an hour."""


@dataclass(frozen=True)
class _DaysPrices:
    """The last price of each pair's zone on a day."""

    day: int
    pair: NDArray[np.int64]
    zone: NDArray[np.int64]
    usd: NDArray[np.float64]


@dataclass
class PriceHistory:
    """The prices of all days; fed newest day first."""

    COLUMNS: ClassVar = (PRICE_TIME, REGION, ZONE, INSTANCE, USD)

    days: list[_DaysPrices] = field(default_factory=list)
    _zones: dict[str, int] = field(default_factory=dict)

    def add(self, day: int, rows: ColumnarRows, pairs: PairNumbers) -> None:
        """Add the changes of a day."""
        zone = rows.coded(ZONE)
        numbers = np.array([self._zones.setdefault(name, len(self._zones)) for name in zone.values], np.int64)
        pair = pairs.numbers_of(rows.coded(REGION), rows.coded(INSTANCE))
        order = np.argsort(rows.times(PRICE_TIME).utc, kind="stable")[::-1]
        keys = (pair * len(numbers) + zone.codes)[order]
        last = order[np.unique(keys, return_index=True)[1]]
        self.days.append(_DaysPrices(day, pair[last], numbers[zone.codes][last], rows.numbers(USD)[last]))

    def listed(self) -> dict[str, list[int]]:
        """Give the cheapest zone's price by day and pair, oldest first, of the pairs of which it moved.

        `times` names each day and its number of prices; a pair is told as the step from the one before.
        """
        cheapest = _CheapestZones()
        times: list[int] = []
        pair: list[int] = []
        usd: list[int] = []
        for prices in reversed(self.days):
            moved, units = cheapest.after(prices)
            if len(moved):
                times += [prices.day, len(moved)]
                pair += np.diff(moved, prepend=0).tolist()
                usd += units.tolist()
        return {"times": times, "pair": pair, "usd": usd}


class _CheapestZones:
    """The newest price of every pair's zones, a day after the other."""

    def __init__(self) -> None:
        self._of_zone: dict[int, dict[int, float]] = {}
        self._told: dict[int, int] = {}

    def after(self, prices: _DaysPrices) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Take in a day's prices; give the pairs whose cheapest price moved, and these prices."""
        touched: set[int] = set()
        for pair, zone, usd in zip(prices.pair.tolist(), prices.zone.tolist(), prices.usd.tolist(), strict=True):
            self._of_zone.setdefault(pair, {})[zone] = usd
            touched.add(pair)
        moved = []
        for pair in sorted(touched):
            units = round(UNITS_A_DOLLAR * min(self._of_zone[pair].values()))
            if self._told.get(pair) != units:
                self._told[pair] = units
                moved.append((pair, units))
        table = np.array(moved, np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]
