"""Hours of the week: sampled pairs stand for those that were not, and what is of unknown probability is left out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data_files.market import polled
from data_files.market.plans import Query
from report.gather.pairs import PairNumbers
from report.gather.placement_scores import HOUR, gather_cells
from report.gather.polled import PolledArrays
from report.gather.week_hours import WeekHours, probabilities_of
from tests.report.gather.day_file import DAY, read_rows

SUNDAY_9 = 6 * 24 + 9


def row(minute: int, instance: str, score: int | None, region: str = "us-east-1") -> tuple[Any, ...]:
    time = datetime(2026, 3, 1, 9, minute, tzinfo=UTC).isoformat()
    return time, region, instance, score, 0, "ok" if score else "failed"


@pytest.fixture
def sums(tmp_path: Path) -> dict[str, list[float]]:
    pairs, hours = PairNumbers(), WeekHours()
    rows = [
        *(row(0, "m5.large", 1), row(10, "m5.large", 3), row(20, "m5.large", None)),
        *(row(0, "c5.large", 3), row(0, "r5.large", 9), row(0, "t3.large", 9, "eu-west-1")),
    ]
    arrays = PolledArrays.of(DAY, read_rows(tmp_path, polled.FILES, rows), pairs)
    queries = [
        Query("m5.large", ("us-east-1", "eu-west-1"), "top", 1.0),
        Query("c5.large", ("us-east-1",), "sample", 0.05),
        Query("r5.large", ("us-east-1",), "sample", None),
    ]
    for _ in range(2):
        hours.add(gather_cells(arrays, HOUR), probabilities_of(queries, pairs), pairs)
    return hours.listed()


def test_each_hour_of_a_pair_counts_once_with_one_over_its_probability(sums: dict[str, list[float]]) -> None:
    assert sums["hour"] == [SUNDAY_9]
    assert (sums["score"], sums["weight"], sums["square"]) == ([2 * (2 + 20 * 3)], [2 * 21.0], [2 * 401.0])


def test_pairs_of_unknown_probability_are_left_out(sums: dict[str, list[float]]) -> None:
    assert (len(sums["region"]), sums["count"], sums["days"]) == (1, [4], [2])
