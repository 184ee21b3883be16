"""Which targets are probed: in their order, as far as price and budget let them."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collect_launch_time.choosing.selection import Selection, select
from collect_launch_time.choosing.targets import Pair, Target
from collect_launch_time.money.budget import Budget, maximum_cost_usd
from collect_launch_time.run_context import ProbeSettings, RunContext
from collect_launch_time.stop import Stop
from common.clock import Clock

USD = {"cheap.large": 0.1, "fair.large": 1.0, "dear.large": 50.0}
ONE = maximum_cost_usd(10, 1.0, 600)  # what a probe of fair.large may cost


class Region:
    """A Region with these prices."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def spot_prices(self, types: Iterable[str]) -> list[dict[str, Any]]:
        wanted = list(types)
        self.asked.append(wanted)
        return [
            {"InstanceType": kind, "AvailabilityZone": "a", "SpotPrice": str(USD[kind]), "Timestamp": datetime.now(UTC)}
            for kind in wanted
            if kind in USD
        ]

    def zone_ids(self) -> dict[str, str]:
        return {"a": "use1-az1"}


def selected(home: Path, kinds: list[str], top_k: int, limit: float) -> tuple[Selection, Region]:
    region = Region()
    clock = Clock(datetime.now(UTC), time.monotonic())
    run = RunContext(ProbeSettings(10, 600, 3), clock, home, "", Stop(), _regions={"us-east-1": region})  # type: ignore[dict-item]
    targets = [Target(Pair(kind, "us-east-1"), "ami-1") for kind in kinds]
    return select(run, targets, top_k, Budget(limit)), region


def names(targets: Iterable[Any]) -> list[str]:
    return [getattr(one, "target", one).pair.instance for one in targets]


def test_the_best_are_taken_in_their_order(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, ["fair.large", "cheap.large", "fair.large"], 2, 1000)
    assert names(found.chosen) == ["fair.large", "cheap.large"]
    assert found.chosen[0].maximum_usd == pytest.approx(ONE)
    assert found.chosen[0].zone_ids == {"a": "use1-az1"}


def test_one_that_is_dearer_than_a_whole_day_makes_place_for_the_next(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, ["dear.large", "fair.large"], 1, 2 * ONE)
    assert (names(found.chosen), names(found.over_daily_budget)) == (["fair.large"], ["dear.large"])


def test_one_that_comes_too_late_in_the_day_is_not_replaced(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, ["fair.large", "fair.large", "cheap.large", "cheap.large"], 3, 1.5 * ONE)
    assert names(found.chosen) == ["fair.large", "cheap.large"]
    assert names(found.over_remaining_budget) == ["fair.large"]


def test_one_without_a_price_is_named_and_the_next_is_taken(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, ["strange.large", "fair.large"], 1, 1000)
    assert (names(found.chosen), names(found.without_price)) == (["fair.large"], ["strange.large"])


def test_a_small_budget_does_not_price_the_whole_world(tmp_path: Path) -> None:
    found, region = selected(tmp_path, ["dear.large"] * 10_000, 3, 0.01)
    assert found.chosen == []
    assert sum(map(len, region.asked)) < 50


def test_a_region_is_asked_once_for_all_its_types(tmp_path: Path) -> None:
    _, region = selected(tmp_path, ["fair.large", "cheap.large"], 2, 1000)
    assert region.asked == [["fair.large", "cheap.large"]]
