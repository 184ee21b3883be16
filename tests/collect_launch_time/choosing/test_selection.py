"""Which targets are probed: the top in its order, a fair draw from the sample, as far as prices and budget allow."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from collect_launch_time.choosing.selection import Offered, Selection, select
from collect_launch_time.choosing.targets import ProbePair, Target
from collect_launch_time.ec2.region_ec2 import RegionEc2
from collect_launch_time.money.budget import PacedBudget, maximum_cost_usd
from collect_launch_time.run_context import ProbeSettings, RunContext
from collect_launch_time.stop import Stop
from common.aws import aws_error
from common.errors import Refusal
from tests.collect_launch_time.fakes import START, FakeClock, refused

USD = {"cheap.large": 0.1, "fair.large": 1.0, "expensive.large": 50.0, **{f"p{n}.large": n / 10 for n in range(1, 9)}}
SAMPLE = [f"p{n}.large" for n in range(1, 9)]
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


def settings() -> ProbeSettings:
    return ProbeSettings(count=10, timeout_seconds=600, interval_seconds=3)


def target(instance_type: str, region: str = "us-east-1") -> Target:
    return Target(ProbePair(instance_type, region), "ami-1")


def budget_of(limit: float, spent: float = 0.0, hour: float = 12) -> PacedBudget:
    noon = START.astimezone().replace(hour=12)
    return PacedBudget(limit, spent, noon + timedelta(hours=hour - 12))


def selected(
    home: Path,
    top: Sequence[str],
    top_k: int,
    limit: float,
    *,
    sample: Sequence[str] = (),
    sample_count: int = 1,
    spent: float = 0.0,
    random: Random | None = None,
) -> tuple[Selection, Region]:
    region = Region()
    run = RunContext(settings(), FakeClock(), home, "", Stop(), connect=lambda _: cast(RegionEc2, region))
    offered = Offered([target(name) for name in top], [target(name) for name in sample], top_k, sample_count)
    return select(run, offered, budget_of(limit, spent), random or Random(3)), region


def names(targets: Iterable[Any]) -> list[str]:
    return [getattr(target, "target", target).pair.instance for target in targets]


def test_the_best_are_taken_in_their_order(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, ["fair.large", "cheap.large", "fair.large"], 2, 1000)
    assert names(found.chosen) == ["fair.large", "cheap.large"]
    assert found.chosen[0].maximum_usd == pytest.approx(FAIR_PROBE_USD)
    assert found.chosen[0].zone_ids == {"us-east-1a": "use1-az1"}
    assert [(one.origin, one.probability) for one in found.chosen] == [("top", 1.0)] * 2


def test_what_would_make_a_run_dearer_than_a_whole_day_is_replaced_by_the_next(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, ["expensive.large", "fair.large"], 1, 2 * FAIR_PROBE_USD)
    assert (names(found.chosen), names(found.over_daily_budget)) == (["fair.large"], ["expensive.large"])
    found, _ = selected(tmp_path, ["fair.large", "fair.large", "cheap.large"], 2, 1.5 * FAIR_PROBE_USD)
    assert (names(found.chosen), names(found.over_daily_budget)) == (["fair.large", "cheap.large"], ["fair.large"])


def test_a_target_without_a_price_is_named_and_replaced_by_the_next(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, ["strange.large", "fair.large"], 1, 1000)
    assert (names(found.chosen), names(found.without_price)) == (["fair.large"], ["strange.large"])


def test_a_small_budget_does_not_ask_for_every_price(tmp_path: Path) -> None:
    found, region = selected(tmp_path, ["expensive.large", "fair.large"] * 5_000, 3, 0.01)
    assert found.chosen == []
    assert sum(map(len, region.asked)) < 50


def test_a_region_is_asked_once_for_all_its_types(tmp_path: Path) -> None:
    _, region = selected(tmp_path, ["fair.large", "cheap.large"], 2, 1000)
    assert region.asked == [["fair.large", "cheap.large"]]


def drawn(home: Path, draws: int, **about: Any) -> list[Selection]:
    random = Random(5)
    return [selected(home, about.get("top", ()), 1, random=random, **about["how"])[0] for _ in range(draws)]


def sampled(selection: Selection) -> list[tuple[str, float]]:
    """The pairs drawn, with their probabilities."""
    return [(one.target.pair.instance, one.probability or 0.0) for one in selection.chosen if one.origin == "sample"]


def chi_square(counts: Sequence[int]) -> float:
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 / expected for count in counts)


@pytest.mark.parametrize("count", [1, 3])
def test_each_pair_of_the_sample_is_drawn_as_often_as_its_probability_says(tmp_path: Path, count: int) -> None:
    draws = 1200
    counts: Counter[str] = Counter()
    for selection in drawn(tmp_path, draws, how={"limit": 1000, "sample": SAMPLE, "sample_count": count}):
        found = sampled(selection)
        assert len({name for name, _ in found}) == count
        assert [probability for _, probability in found] == [count / 8] * count
        counts.update(name for name, _ in found)
    # Seven degrees of freedom: chance passes 24.3 once in a thousand times, or less where several are drawn together.
    assert chi_square([counts[name] for name in SAMPLE]) < 24.3


@pytest.mark.parametrize(
    ("top", "how"),
    [
        ((), {"limit": 1000.0}),
        (("p3.large",), {"limit": 1000.0}),  # on top, and in the sample too
        ((), {"limit": 1000.0, "sample": [*SAMPLE, "strange.large", "strange2.large"]}),  # some have no price
        ((), {"limit": maximum_cost_usd(10, 0.65, 600)}),  # two cost more than a whole day's budget
        (("p1.large",), {"limit": maximum_cost_usd(10, 1.0, 600), "spent": maximum_cost_usd(10, 0.3, 600)}),
    ],
    ids=["all", "one on top", "two without a price", "two past a day", "some without room now"],
)
def test_sums_weighted_by_one_over_the_probability_match_those_that_could_be_drawn(
    tmp_path: Path, top: tuple[str, ...], how: dict[str, Any]
) -> None:
    draws, sums, drawable = 1500, defaultdict[str, float](float), 0
    for selection in drawn(tmp_path, draws, top=top, how={"sample": SAMPLE} | how):
        [(name, probability)] = sampled(selection)
        sums[name] += 1 / probability / draws
        drawable = selection.population
        assert name not in top
    assert len(sums) == drawable
    assert sum(sums.values()) == pytest.approx(drawable)
    assert all(share == pytest.approx(1, abs=0.25) for share in sums.values())
    price = sum(USD[name] * share for name, share in sums.items())
    assert price == pytest.approx(sum(USD[name] for name in sums), rel=0.06)


def test_whether_a_run_has_room_does_not_depend_on_the_pair_that_is_drawn(tmp_path: Path) -> None:
    how = {"limit": 10 * FAIR_PROBE_USD, "sample": SAMPLE, "spent": 4 * FAIR_PROBE_USD}
    found = drawn(tmp_path, 40, top=("cheap.large",), how=how)
    assert len({sampled(selection)[0][0] for selection in found}) == 8
    assert len({selection.run_usd for selection in found}) == 1
    assert all(selection.has_room for selection in found)


def test_a_dear_pair_is_drawn_only_where_the_day_has_room_for_it(tmp_path: Path) -> None:
    limit = maximum_cost_usd(10, 0.8, 600)
    found = drawn(tmp_path, 60, how={"limit": limit, "sample": SAMPLE, "spent": 0.5 * limit})
    assert {name for selection in found for name, _ in sampled(selection)} == set(SAMPLE[:3])
    assert all(limit / 2 + selection.chosen[0].maximum_usd <= limit for selection in found)


def test_without_a_top_the_sample_is_probed_and_without_a_sample_the_top(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, [], 0, 1000, sample=SAMPLE)
    assert [one.origin for one in found.chosen] == ["sample"]
    found, region = selected(tmp_path, ["fair.large"], 1, 1000, sample=SAMPLE, sample_count=0)
    assert [one.origin for one in found.chosen] == ["top"]
    assert region.asked == [["fair.large"]]


def test_a_sample_smaller_than_what_is_to_be_drawn_is_drawn_whole(tmp_path: Path) -> None:
    found, _ = selected(tmp_path, [], 0, 1000, sample=SAMPLE[:2], sample_count=5)
    assert sorted(sampled(found)) == [("p1.large", 1.0), ("p2.large", 1.0)]


NOES = [refused("UnauthorizedOperation", status=403), refused("OptInRequired"), refused("PendingVerification")]
REGIONS = ("us-east-1", "eu-west-1", "us-west-2")


def selected_from(home: Path, failures: dict[str, Exception]) -> tuple[Selection, RunContext]:
    regions = {region: Region(region, failures.get(region)) for region in REGIONS}
    connect = cast(Callable[[str], RegionEc2], regions.__getitem__)
    run = RunContext(settings(), FakeClock(), home, "", Stop(), connect=connect)
    targets = [target(kind, region) for region in REGIONS for kind in ["fair.large"] * 40]
    return select(run, Offered(targets, [], 2, 0), budget_of(1000), Random(3)), run


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


def test_a_region_that_does_not_tell_its_prices_is_left_out_of_what_is_drawn_from(tmp_path: Path) -> None:
    regions = {region: Region(region, NOES[0] if region == "us-east-1" else None) for region in REGIONS}
    connect = cast(Callable[[str], RegionEc2], regions.__getitem__)
    run = RunContext(settings(), FakeClock(), tmp_path, "", Stop(), connect=connect)
    sample = [target(kind, region) for region in REGIONS for kind in ("cheap.large", "fair.large")]
    found = select(run, Offered([], sample, 0, 1), budget_of(1000), Random(3))
    assert (found.population, found.chosen[0].probability) == (4, 0.25)
    assert found.chosen[0].target.pair.region != "us-east-1"
