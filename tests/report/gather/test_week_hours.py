"""Hours of the week: sampled pairs stand for those that were not, and what is of unknown probability is left out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data_files.columnar import from_rows
from data_files.launches import probes
from data_files.market import plans, polled
from data_files.market.plans import Query
from report.gather.endings import ENDED_ALL_READY, ENDED_NOT_FULFILLED, ENDED_TIMEOUT
from report.gather.launches import Launch
from report.gather.looks import ProbeCurve
from report.gather.pairs import PairNumbers
from report.gather.placement_scores import HOUR, gather_cells
from report.gather.polled import PolledArrays
from report.gather.week_hours import PLAN_COLUMNS, WeekHours, probabilities_of, probabilities_of_probes
from tests.report.gather.day_file import read_rows

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
    arrays = PolledArrays.of(read_rows(tmp_path, polled.FILES, rows), pairs)
    queries = [
        Query("m5.large", ("us-east-1", "eu-west-1"), "top", 1.0),
        Query("c5.large", ("us-east-1",), "sample", 0.05),
        Query("r5.large", ("us-east-1",), "sample", None),
    ]
    told = probabilities_of(from_rows(plans.FILES, queries, PLAN_COLUMNS), pairs)
    for _ in range(2):
        hours.add_scores(gather_cells(arrays, HOUR), told, pairs)
    return hours.listed()


def test_each_hour_of_a_pair_counts_once_with_one_over_its_probability(sums: dict[str, list[float]]) -> None:
    assert (sums["region"], sums["hour"]) == ([-1, 0], [SUNDAY_9] * 2)
    assert sums["total"] == [2 * (2 + 20 * 3)] * 2
    assert (sums["weight"], sums["square"]) == ([2 * 21.0] * 2, [2 * 401.0] * 2)


def test_pairs_of_unknown_probability_are_left_out(sums: dict[str, list[float]]) -> None:
    assert (sums["count"], sums["days"]) == ([4, 4], [2, 2])


def launched(pair: int, ready: int, hour: int, ending: str = ENDED_TIMEOUT) -> Launch:
    """Give a probe of ten instances on the Sunday."""
    wall = (int(datetime(2026, 3, 1, tzinfo=UTC).timestamp())) + 3600 * hour
    return Launch(ProbeCurve(pair, wall, wall, 10, 600, ((), (), ()), (10, 10, ready)), ending, None, None)


def test_each_instance_requested_counts_with_one_over_the_probability_of_its_probe() -> None:
    pairs, hours = PairNumbers(), WeekHours()
    for region in ("us-east-1", "eu-west-1"):
        pairs.number(region, "m5.large")

    def add(probability: dict[int, float], launches: Sequence[Launch]) -> None:
        of = {(one.probe.pair, one.probe.utc): probability[one.probe.pair] for one in launches if one.probe.pair < 2}
        hours.add_launches(launches, of, pairs)

    add(
        {0: 1.0, 1: 0.05},
        [launched(0, 10, 9, ENDED_ALL_READY), launched(1, 4, 9), launched(0, 0, 9, ENDED_NOT_FULFILLED)],
    )
    add({0: 1.0, 1: 0.05}, [launched(0, 10, 9, ENDED_ALL_READY)])
    listed = hours.listed()
    assert listed["region"] == [-1, 0, 1]
    assert listed["total"] == [10 + 10 + 20 * 4, 20, 20 * 4]
    assert listed["weight"] == [10 + 10 + 20 * 10, 20, 200]
    assert (listed["count"], listed["days"]) == ([3, 2, 1], [2, 2, 1]), "days of all Regions together count once"


def test_the_probability_of_a_probe_is_that_of_its_row_where_that_has_one(tmp_path: Path) -> None:
    time = "2026-03-01T09:00:00+09:00"
    rows = [
        (time, "us-east-1", name, 10, "sample", chance) for name, chance in (("m5.large", 0.05), ("c5.large", None))
    ]
    pairs = PairNumbers()
    found = probabilities_of_probes(read_rows(tmp_path, probes.FILES, rows), pairs)
    assert found == {(pairs.number("us-east-1", "m5.large"), datetime.fromisoformat(time).timestamp()): 0.05}
