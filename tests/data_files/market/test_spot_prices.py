"""What is stored of spot prices is read back, and a row that lacks what it needs makes no sense."""

from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data_files.market import spot_prices, standing_scores
from data_files.market.spot_prices import PriceChange
from data_files.market.standing_scores import StandingRow

DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_price_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    row = PriceChange(NOON, "us-east-1", "use1-az1", "m5.large", 0.0385)
    spot_prices.FILES.append(spot_prices.FILES.path(tmp_path, DAY), [row])
    assert list(spot_prices.FILES.rows(tmp_path, DAY)) == [row]


def test_a_change_without_a_zone_or_a_price_makes_no_sense(tmp_path: Path) -> None:
    path = spot_prices.FILES.path(tmp_path, DAY)
    path.parent.mkdir(parents=True)
    path.write_text(
        "time,region,az,instance,usd\n"
        "2026-03-01T12:00:00+00:00,us-east-1,,m5.large,0.1\n"
        "2026-03-01T12:00:00+00:00,us-east-1,use1-az1,m5.large,\n"
        "2026-03-01T12:00:00+00:00,us-east-1,use1-az1,m5.large,-1\n"
    )
    senseless: list[int] = []
    assert list(spot_prices.FILES.rows(tmp_path, DAY, senseless.append)) == []
    assert senseless == [3]


@pytest.mark.parametrize("types", [["m5.large"], [f"m{number}.large" for number in range(20)]])
def test_changes_are_found_by_their_zone_and_no_other_row_is_read(tmp_path: Path, types: list[str]) -> None:
    zones = [("us-east-1", "use1-az1"), ("us-east-1", "use1-az2"), ("eu-west-1", "euw1-az1")]
    rows = [PriceChange(NOON, *zone, name, 0.04) for zone in zones for name in ("m5.large", "m5.xlarge", "c5.large")]
    path = spot_prices.FILES.path(tmp_path, DAY)
    spot_prices.FILES.append(path, rows)
    with path.open("a") as file:
        file.write("2026-03-01T12:00:00+00:00,us-east-1,use1-az1,m5.large,cheap\nnonsense of m5.xlarge\n2026-03-01T1")
    wanted = defaultdict(bool, {b"us-east-1,use1-az1,m5.large": True, b"eu-west-1,euw1-az1,m5.large": True})
    senseless: list[int] = []
    found = list(spot_prices.changes_of(path, types, wanted, senseless.append))
    assert found == [rows[0], rows[6]]
    assert senseless == [1]


def test_standing_scores_of_a_region_and_of_a_zone_are_read_back(tmp_path: Path) -> None:
    rows = [
        StandingRow(NOON, "general purpose", "us-east-1", None, 7, "ok"),
        StandingRow(NOON, "by zone", "us-east-1", "use1-az1", None, "failed"),
    ]
    standing_scores.FILES.append(standing_scores.FILES.path(tmp_path, DAY), rows)
    assert list(standing_scores.FILES.rows(tmp_path, DAY)) == rows
