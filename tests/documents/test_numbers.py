"""Numbers that the documents tell are those that the programs, or what they write, have."""

import re
from pathlib import Path

import pytest

import configs
from benchmarks import collected_year
from collect_launch_time.money.volumes_and_addresses import ADDRESS_USD_PER_HOUR, VOLUME_USD_PER_HOUR
from tests.documents.examples import text_of

COSTS = text_of("docs/costs.md")
PAIRS = configs.LAUNCH_TOP_K + configs.LAUNCH_SAMPLE_COUNT


def test_a_days_cost_is_reckoned_right() -> None:
    found = re.search(
        r"(\d+) pairs × (\d+) instances × (\d+) minutes × \(([\d.]+) \+ ([\d.]+)\) USD/h +"
        r"= +([\d.]+) USD a run; +(\d+) runs += +([\d.]+) USD",
        COSTS,
    )
    assert found
    pairs, instances, minutes, price, besides, run, runs, day = map(float, found.groups())
    assert (pairs, instances, runs) == (PAIRS, configs.INSTANCE_COUNT, 24 * 60 / 10)
    assert besides == pytest.approx(VOLUME_USD_PER_HOUR + ADDRESS_USD_PER_HOUR, abs=0.0005)
    assert run == pytest.approx(pairs * instances * minutes / 60 * (price + besides), abs=0.0005)
    assert day == pytest.approx(run * runs, abs=0.005)
    (every,) = re.findall(r"about\s+every (\d+) minutes", COSTS)
    assert float(every) == pytest.approx(24 * 60 / (configs.LAUNCH_DAILY_BUDGET_USD / run), abs=0.5)


def test_the_defaults_use_the_quota_as_it_says() -> None:
    fixed = configs.SPS_AND_IF_TOP_K + configs.SAMPLE_COUNT
    assert f"{configs.SPS_AND_IF_TOP_K} types carried over and {configs.SAMPLE_COUNT} sampled anew, make" in COSTS
    assert f"{fixed} + {configs.SAMPLE_COUNT} = {configs.SPS_CONFIGURATION_LIMIT}" in COSTS
    assert fixed + configs.SAMPLE_COUNT == configs.SPS_CONFIGURATION_LIMIT
    assert f"{PAIRS} × {configs.INSTANCE_COUNT} instances of 4 vCPUs" in COSTS
    assert f"need {PAIRS * configs.INSTANCE_COUNT * 4} vCPUs" in COSTS
    readme = text_of("README.md")
    assert f"at most {configs.LAUNCH_DAILY_BUDGET_USD:.2f} USD a day" in readme
    assert (
        f"use all {configs.SPS_CONFIGURATION_LIMIT}; spot vCPUs for {PAIRS} × {configs.INSTANCE_COUNT} instances"
        in readme
    )


def test_a_day_takes_as_much_disk_as_it_says(tmp_path: Path) -> None:
    """Of a day of made-up files, whose rows have the length of real ones."""
    probes, queries = 12, 30
    collected_year.write(tmp_path, 1, probes=probes)
    sizes = {path: path.stat().st_size for path in tmp_path.rglob("*.csv")}
    of_probes = sum(size for path, size in sizes.items() if "collect_launch_time" in path.parts)
    polled = sum(size for path, size in sizes.items() if path.parent.name in ("sps_and_if", "configurations"))
    megabytes = polled / queries * (configs.SPS_AND_IF_TOP_K + configs.SAMPLE_COUNT) / 1e6
    for document in ("README.md", "docs/costs.md"):
        ((told_megabytes, told_kilobytes),) = re.findall(r"some (\d+) MB .*?(\d+) kB", text_of(document))
        assert megabytes == pytest.approx(float(told_megabytes), rel=0.2)
        assert of_probes / probes / 1e3 == pytest.approx(float(told_kilobytes), rel=0.2)


def test_what_a_plan_trades_is_told_as_it_was_measured() -> None:
    """Every figure of the page's table is one of its row in benchmarks/README.md, which says how it is made anew."""
    _, _, section = text_of("docs/what-the-data-can-say.md").partition("\n## What a plan trades\n")
    _, _, measured = text_of("benchmarks/README.md").partition("\n## Which pairs to poll\n")
    rows = re.findall(
        r"^\| \*{0,2}(\d\d / \d+(?: with a bootstrap)?)\*{0,2} \|(.*)$", section.partition("\n## ")[0], re.M
    )
    assert len(rows) == 4
    for name, told in rows:
        (row,) = re.findall(rf"^\| \*{{0,2}}{name}\*{{0,2}} \|(.*)$", measured, re.M)
        in_percent = [str(round(float(share) * 100)) for share in re.findall(r"0\.\d\d", row.rpartition("±")[2])]
        figures = {*re.findall(r"[\d.]+", row), *in_percent}
        assert set(re.findall(r"[\d.]+", told)) <= figures, name
