"""Gather the spot price of each pair in its cheapest zone: at the end of each day on which any of its zones changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from data_files.columnar import ColumnarRows
from data_files.market.spot_prices import INSTANCE, PRICE_TIME, REGION, USD, ZONE
from report.gather.pairs import PairNumbers

PRICE_COLUMNS = (PRICE_TIME, REGION, ZONE, INSTANCE, USD)
"""Of the files of price changes."""

UNITS_A_DOLLAR = 100_000
"""Prices are whole numbers of these: a hundredth of a thousandth of a dollar an hour."""


@dataclass(frozen=True)
class ZonePrices:
    """The last price of each pair's zones on a day."""

    pair: NDArray[np.int64]
    zone: NDArray[np.int64]
    """Its place among the names."""
    usd: NDArray[np.float64]
    zones: Sequence[str]

    @classmethod
    def none(cls) -> ZonePrices:
        """Give no prices."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), ())

    @classmethod
    def of(cls, rows: ColumnarRows, pairs: PairNumbers) -> ZonePrices:
        """Take the changes of a day."""
        zone = rows.coded(ZONE)
        pair = pairs.numbers_of(rows.coded(REGION), rows.coded(INSTANCE))
        order = np.argsort(rows.times(PRICE_TIME).utc, kind="stable")[::-1]
        keys = (pair * len(zone.values) + zone.codes)[order]
        last = order[np.unique(keys, return_index=True)[1]]
        seen, zones = np.unique(zone.codes[last], return_inverse=True)
        return cls(pair[last], zones, rows.numbers(USD)[last], [zone.values[place] for place in seen.tolist()])

    def renumbered(self, own: NDArray[np.int64]) -> ZonePrices:
        """Give them with other numbers for the pairs: for each its new one."""
        return replace(self, pair=own[self.pair])


@dataclass
class CheapestPrices:
    """The prices of all days; fed newest day first."""

    days: list[tuple[int, ZonePrices]] = field(default_factory=list)

    def add(self, day: int, prices: ZonePrices) -> None:
        """Add the prices of a day."""
        self.days.append((day, prices))

    def listed(self) -> dict[str, list[int]]:
        """Give the cheapest zone's price by day and pair, oldest first, of the pairs of which it moved.

        `times` names each day and its number of prices; a pair is told as the step from the one before.
        """
        days = self.days[::-1]
        names = {name: None for _, prices in days for name in prices.zones}
        places = {name: place for place, name in enumerate(names)}
        keys = [
            prices.pair * len(places) + np.array([places[name] for name in prices.zones], np.int64)[prices.zone]
            for _, prices in days
        ]
        zones, rows = np.unique(np.concatenate([np.empty(0, np.int64), *keys]), return_inverse=True)
        pairs, starts = np.unique(zones // max(1, len(places)), return_index=True)
        newest = np.full(len(zones), np.inf)
        told = np.full(len(pairs), -1, np.int64)
        times: list[int] = []
        pair: list[int] = []
        usd: list[int] = []
        for (day, prices), own in zip(days, np.split(rows, np.cumsum([len(key) for key in keys])), strict=False):
            if not len(own):
                continue
            newest[own] = prices.usd
            touched = np.unique(np.searchsorted(pairs, prices.pair))
            units = np.rint(UNITS_A_DOLLAR * np.minimum.reduceat(newest, starts)[touched]).astype(np.int64)
            is_moved = units != told[touched]
            told[touched] = units
            if is_moved.any():
                moved = pairs[touched[is_moved]]
                times += [day, len(moved)]
                pair += np.diff(moved, prepend=0).tolist()
                usd += units[is_moved].tolist()
        return {"times": times, "pair": pair, "usd": usd}
