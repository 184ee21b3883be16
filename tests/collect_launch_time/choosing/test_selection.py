"""Which targets are probed: in their order, as far as prices and budget allow."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from collect_launch_time.choosing.selection import Selection, select
from collect_launch_time.choosing.targets import Pair, Target
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.money.budget import Budget, maximum_cost_usd
from collect_launch_time.run_context import ProbeSettings, RunContext
from collect_launch_time.stop import Stop
from tests.collect_launch_time.fakes import START, FakeClock

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
USD = {"cheap.large": 0.1, "fair.large": 1.0, "expensive.large": 50.0}
FAIR_PROBE_USD = maximum_cost_usd(10, 1.0, 600)  # what a probe of fair.large may cost


class Region:
    """A Region's EC2, with these prices."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def spot_prices(self, types: Iterable[str]) -> list[dict[str, Any]]:
        asked = list(types)
        self.asked.append(asked)
        return [
            {
                "InstanceType": instance_type,
                "AvailabilityZone": "a",
                "SpotPrice": str(USD[instance_type]),
                "Timestamp": START,
            }
            for instance_type in asked
            if instance_type in USD
        ]

    def zone_ids(self) -> dict[str, str]:
        return {"a": "use1-az1"}


def selected(home: Path, instance_types: list[str], top_k: int, limit: float) -> tuple[Selection, Region]:
    region = Region()
    settings = ProbeSettings(count=10, timeout_seconds=600, interval_seconds=3)
    run = RunContext(settings, FakeClock(), home, "", Stop(), connect=lambda _: cast(RegionEc2, region))
    targets = [Target(Pair(instance_type, "us-east-1"), "ami-1") for instance_type in instance_types]
    return select(run, targets, top_k, Budget(limit)), region


def names(targets: Iterable[Any]) -> list[str]:
    return [getattr(target, "target", target).pair.instance for target in targets]


def test_the_best_are_taken_in_their_order(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, ["fair.large", "cheap.large", "fair.large"], 2, 1000)
    assert names(found.chosen) == ["fair.large", "cheap.large"]
    assert found.chosen[0].maximum_usd == pytest.approx(FAIR_PROBE_USD)
    assert found.chosen[0].zone_ids == {"a": "use1-az1"}


def test_a_target_dearer_than_a_whole_days_budget_is_replaced_by_the_next(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, ["expensive.large", "fair.large"], 1, 2 * FAIR_PROBE_USD)
    assert (names(found.chosen), names(found.over_daily_budget)) == (["fair.large"], ["expensive.large"])


def test_a_target_that_merely_does_not_fit_today_is_not_replaced(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, ["fair.large", "fair.large", "cheap.large", "cheap.large"], 3, 1.5 * FAIR_PROBE_USD)
    assert names(found.chosen) == ["fair.large", "cheap.large"]
    assert names(found.over_remaining_budget) == ["fair.large"]


def test_a_target_without_a_price_is_named_and_replaced_by_the_next(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, ["strange.large", "fair.large"], 1, 1000)
    assert (names(found.chosen), names(found.without_price)) == (["fair.large"], ["strange.large"])


def test_a_small_budget_does_not_ask_for_every_price(tmp_path: Path) -> None:
    found, region = selected(tmp_path, ["expensive.large"] * 10_000, 3, 0.01)
    assert found.chosen == []
    assert sum(map(len, region.asked)) < 50


def test_a_region_is_asked_once_for_all_its_types(tmp_path: Path) -> None:
    _, region = selected(tmp_path, ["fair.large", "cheap.large"], 2, 1000)
    assert region.asked == [["fair.large", "cheap.large"]]
