"""Which targets are probed: in their order, as far as prices and budget allow."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast

import pytest

from collect_launch_time.choosing.selection import Selection, select
from collect_launch_time.choosing.targets import Pair, Target
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.money.budget import Budget, maximum_cost_usd
from collect_launch_time.run_context import ProbeSettings, RunContext
from collect_launch_time.stop import Stop
from common.aws import aws_error
from common.errors import Refusal
from tests.collect_launch_time.fakes import START, FakeClock, refused

USD = {"cheap.large": 0.1, "fair.large": 1.0, "expensive.large": 50.0}
FAIR_PROBE_USD = maximum_cost_usd(10, 1.0, 600)  # what a probe of fair.large may cost


class Region:
    """A Region's EC2, with these prices."""

    def __init__(self, region: str = "us-east-1", failure: Exception | None = None) -> None:
        self.region, self.failure = region, failure
        self.asked: list[list[str]] = []

    def spot_prices(self, types: Iterable[str]) -> list[dict[str, Any]]:
        asked = list(types)
        self.asked.append(asked)
        if self.failure:
            raise self.failure
        return [
            {
                "InstanceType": instance_type,
                "AvailabilityZone": f"{self.region}a",
                "SpotPrice": str(USD[instance_type]),
                "Timestamp": START,
            }
            for instance_type in asked
            if instance_type in USD
        ]

    def zone_ids(self) -> dict[str, str]:
        return {"us-east-1a": "use1-az1"}


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
    assert found.chosen[0].zone_ids == {"us-east-1a": "use1-az1"}


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


NOES = [refused("UnauthorizedOperation", status=403), refused("OptInRequired"), refused("PendingVerification")]
REGIONS = ("us-east-1", "eu-west-1", "us-west-2")


def selected_from(home: Path, failures: dict[str, Exception]) -> tuple[Selection, RunContext]:
    regions = {region: Region(region, failures.get(region)) for region in REGIONS}
    settings = ProbeSettings(count=10, timeout_seconds=600, interval_seconds=3)
    connect = cast(Callable[[str], RegionEc2], regions.__getitem__)
    run = RunContext(settings, FakeClock(), home, "", Stop(), connect=connect)
    targets = [Target(Pair(kind, region), "ami-1") for region in REGIONS for kind in ["fair.large"] * 40]
    return select(run, targets, 2, Budget(1000)), run


@pytest.mark.parametrize("no", NOES, ids=aws_error.code)
def test_regions_that_deny_their_prices_are_named_in_one_line_and_the_next_take_their_place(
    tmp_path: Path, no: Exception
) -> None:
    found, run = selected_from(tmp_path, {"us-east-1": no, "eu-west-1": no})
    assert {chosen.target.pair.region for chosen in found.chosen} == {"us-west-2"}
    assert len(found.chosen) == 2
    [line] = run.problems.lines()
    assert aws_error.code(no) in line
    assert line.endswith("us-east-1, eu-west-1")


@pytest.mark.parametrize("no", NOES, ids=aws_error.code)
def test_only_where_each_region_denies_its_prices_the_run_is_refused(tmp_path: Path, no: Exception) -> None:
    with pytest.raises(Refusal, match=aws_error.code(no)):
        selected_from(tmp_path, dict.fromkeys(REGIONS, no))
