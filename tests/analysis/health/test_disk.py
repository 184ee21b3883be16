"""What is collected is told whole after a month and well enough after years; what a day takes is measured in full."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from analysis.health.disk import disk

TODAY = date(2026, 3, 2)
PLAIN_BYTES, PACKED_BYTES = 60_000, 4_000
KEPT_PLAIN = 30


def collect(home: Path, days: int) -> int:
    """Write that many past days, the older ones compressed and none as large as another; give the bytes of all."""
    folder = home / "collect_sps_and_if" / "data"
    (folder / "sps_and_if").mkdir(parents=True)
    (folder / "polls.csv").write_bytes(bytes(total := 100 * days))
    for back in range(1, days + 1):
        name, size = f"{TODAY - timedelta(days=back)}.csv", PLAIN_BYTES
        if back > KEPT_PLAIN:
            name, size = f"{name}.gz", PACKED_BYTES
        size += back * 37 % 100
        (folder / "sps_and_if" / name).write_bytes(bytes(size))
        total += size
    return total


def test_after_a_month_every_file_counts(tmp_path: Path) -> None:
    total = collect(tmp_path, 60)
    assert disk(tmp_path, TODAY, KEPT_PLAIN).data_bytes == total


def test_after_years_what_is_collected_is_right_within_a_hundredth(tmp_path: Path) -> None:
    total = collect(tmp_path, 1095)
    assert disk(tmp_path, TODAY, KEPT_PLAIN).data_bytes == pytest.approx(total, rel=0.01)


@pytest.mark.parametrize("days", [60, 1095])
def test_what_a_day_takes_is_that_of_the_newest_days_plain_and_compressed(days: int, tmp_path: Path) -> None:
    collect(tmp_path, days)
    found = disk(tmp_path, TODAY, KEPT_PLAIN)
    assert found.bytes_a_day == PLAIN_BYTES + sum(back * 37 % 100 for back in range(1, 8)) / 7
    assert found.packed_bytes_a_day == PACKED_BYTES + sum(back * 37 % 100 for back in range(31, 38)) / 7
