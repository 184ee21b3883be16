"""Each pair has the price of its cheapest zone at the end of each day on which that moved."""

from pathlib import Path
from typing import Any

from data_files.market import spot_prices
from report.gather.pairs import PairNumbers
from report.gather.prices import CheapestPrices, ZonePrices
from tests.report.gather.day_file import read_rows


def change(day: int, hour: int, zone: str, usd: float, instance: str = "m5.large") -> tuple[Any, ...]:
    return f"2026-03-0{day}T{hour:02d}:00:00+09:00", "us-east-1", zone, instance, usd


def test_the_cheapest_zone_counts_though_it_did_not_change_that_day(tmp_path: Path) -> None:
    pairs, history = PairNumbers(), CheapestPrices()
    days = {
        1: [change(1, 9, "use1-az1", 0.5), change(1, 8, "use1-az1", 0.9), change(1, 8, "use1-az2", 0.7)],
        2: [change(2, 9, "use1-az2", 0.6), change(2, 9, "use1-az1", 0.2, "c5.large")],
        3: [change(3, 9, "use1-az1", 0.8)],
    }
    for day in (3, 2, 1):
        history.add(day, ZonePrices.of(read_rows(tmp_path, spot_prices.FILES, days[day]), pairs))
    listed = history.listed()
    assert pairs.names() == [("m5.large", "us-east-1"), ("c5.large", "us-east-1")]
    assert listed == {"times": [1, 1, 2, 1, 3, 1], "pair": [0, 1, 0], "usd": [50_000, 20_000, 60_000]}
