"""python -m advise, as people and scripts run it, on files of a collection."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks import collected_year
from data_files.launches import probes
from data_files.market import polled, polls
from tests.analysis.advice.small_home import NOW, OTHER, PAIR, SmallHome, before
from tests.program import ROOT, Ended, run

pytestmark = pytest.mark.whole_run

COLLECTED_NOW = "2026-03-01T23:56:00+09:00"


def advise(home: Path, *arguments: str, now: str = NOW.isoformat()) -> Ended:
    ended = run("advise", *arguments, environment={"SPOT_HOME": str(home), "SPOT_NOW": now, "TZ": "UTC"})
    assert "Traceback" not in ended.stderr
    return ended


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("collected")
    collected_year.write(home, 3, probes=48)
    return home


@pytest.fixture
def small(tmp_path: Path) -> SmallHome:
    return SmallHome(tmp_path)


def documented(ended: Ended) -> list[dict[str, Any]]:
    pairs = json.loads(ended.stdout)["pairs"]
    assert isinstance(pairs, list)
    return pairs


def test_the_best_pairs_of_a_collection_are_printed(collected: Path) -> None:
    ended = advise(collected, "--count", "5", now=COLLECTED_NOW)
    assert (ended.code, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert lines[0].startswith("Where to launch now, best first: 5 of ")
    assert max(map(len, lines)) <= 80
    assert sum("6 min ago" in line for line in lines) == 5


def test_the_json_is_the_table_of_the_same_pairs_in_the_order_of_the_rule(collected: Path) -> None:
    ended = advise(collected, "--json", "--count", "400", now=COLLECTED_NOW)
    pairs = documented(ended)
    assert (ended.code, ended.stderr) == (0, "")
    assert 200 < len(pairs) <= 400
    assert len({(pair["region"], pair["instance"]) for pair in pairs}) == len(pairs)
    measured = [pair["ready_share_low"] for pair in pairs if pair["probes"] >= 3]
    others = [pair for pair in pairs if pair["probes"] < 3]
    assert measured
    assert measured == sorted(measured, reverse=True)
    assert pairs[len(measured) :] == others
    assert [pair["sps"] for pair in others] == sorted((pair["sps"] for pair in others), reverse=True)
    table = advise(collected, "--count", "400", now=COLLECTED_NOW).stdout
    shown = [tuple(line.split()[:2]) for line in table.splitlines()[3:] if "min ago" in line and line[0] != " "]
    assert shown == [(pair["instance"], pair["region"]) for pair in pairs]


def test_a_run_writes_nothing(collected: Path) -> None:
    before_it = sorted(collected.rglob("*"))
    advise(collected, now=COLLECTED_NOW)
    assert sorted(collected.rglob("*")) == before_it


def test_types_and_regions_may_be_separated_by_commas(small: SmallHome) -> None:
    small.poll(before(hours=1), 3)
    small.poll(before(days=9), 2, OTHER)
    small.poll(before(hours=1), 3, ("us-west-2", "m5.large"))
    ended = advise(small.home, "M5.large,c5.large", "--json", "--regions", "us-east-1, eu-west-1")
    assert [(pair["region"], pair["instance"], pair["sps"]) for pair in documented(ended)] == [(*PAIR, 3), (*OTHER, 2)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("m5.lrage",), "advise: 'm5.lrage' is no instance type that is known here: did you mean m5.large?"),
        (("--regions", "eu-wset-1"), "advise: 'eu-wset-1' is no Region that is known here: did you mean eu-west-1?"),
        (("--regions", "eu-west-1", "m5.large"), "advise: 'm5.large' is no Region that is known here: a TYPE stands"),
        (("--count", "0"), "advise: argument --count: '0' is no whole number from 1 to 100,000"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_nearest_name(
    small: SmallHome, arguments: tuple[str, ...], told: str
) -> None:
    small.poll(before(hours=1), 3)
    ended = advise(small.home, *arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert ended.stderr.startswith(told)
    assert ended.stderr.count("\n") == 1


def test_a_type_that_only_the_collection_knows_exists(small: SmallHome) -> None:
    small.poll(before(days=3), 3, ("eu-west-1", "x99.large"))
    assert documented(advise(small.home, "x99.large", "--json"))[0]["sps"] == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "no poll has left anything under {home} yet: python -m collect_sps_and_if makes one"),
        (("m5.large",), "nothing was measured yet of m5.large: WATCH_TYPES has types polled every day"),
    ],
)
def test_with_nothing_collected_one_line_says_what_is_missing(
    small: SmallHome, arguments: tuple[str, ...], told: str
) -> None:
    ended = advise(small.home, *arguments)
    assert (ended.code, ended.stdout, ended.stderr) == (2, "", f"advise: {told.format(home=small.home)}\n")
    as_json = advise(small.home, *arguments, "--json")
    assert (as_json.code, documented(as_json)) == (2, [])


def test_where_the_polls_ended_some_days_ago_that_is_told(small: SmallHome) -> None:
    small.poll(before(days=4), 3)
    ended = advise(small.home)
    assert ended.code == 2
    assert "nothing was polled in the last 24 hours, and the last poll was 4 days ago" in ended.stderr


def test_a_type_of_several_without_any_data_is_named(small: SmallHome) -> None:
    small.poll(before(hours=1), 3)
    ended = advise(small.home, "m5.large", "m6i.large")
    assert (ended.code, ended.stderr) == (1, "advise: nothing was measured yet of m6i.large\n")
    assert "m5.large" in ended.stdout


def test_one_poll_is_enough(small: SmallHome) -> None:
    small.poll(before(minutes=3), 2)
    ended = advise(small.home)
    assert (ended.code, ended.stderr) == (0, "")
    assert "m5.large       eu-west-1  2, 3 min ago  unknown  unknown  never measured" in ended.stdout


def test_on_a_day_all_refused_the_pairs_are_told_without_a_score(small: SmallHome) -> None:
    small.poll(before(hours=1), None, outcome=polled.REFUSED, band=1)
    small.poll(before(minutes=3), None, outcome=polled.REFUSED, band=1)
    ended = advise(small.home)
    assert ended.code == 0
    assert "m5.large       eu-west-1  never measured  5–10 %   unknown  never measured" in ended.stdout


def test_broken_rows_and_files_are_passed_over_and_named(small: SmallHome) -> None:
    small.poll(before(hours=1), 3)
    with polled.FILES.path(small.home, NOW.date()).open("a") as file:
        file.write("2026-03-03T12:00:00+00:00,eu-west-1,m5.large,99,1,ok,10\ntorn")
    probes.FILES.path(small.home, date(2026, 3, 3)).mkdir(parents=True)
    ended = advise(small.home, "--json")
    assert ended.code == 1
    assert documented(ended)[0]["sps"] == 3
    assert ended.stderr.count("\n") == 1
    assert "sps_and_if/2026-03-03.csv: rows that make no sense were passed over: 1" in ended.stderr
    assert "probes/2026-03-03.csv was passed over: Is a directory" in ended.stderr


def test_files_of_the_first_version_are_read(small: SmallHome) -> None:
    for place, text in {
        polled.FILES.path(small.home, NOW.date()): "time,region,instance,sps,if,outcome\n"
        "2026-03-03T12:00:00+00:00,eu-west-1,m5.large,3,1,ok\n",
        polls.FILE.path(small.home): "time,queries,failed,rows,seconds\n2026-03-03T12:00:00+00:00,1,0,1,2.0\n",
        small.home / "collect_launch_time/data/instances/2026-03-03.csv": "request_id,instance_id,region,az,instance,"
        "request_time,fulfilled_time,running_time,not_ready_time,ready_time,outcome\n"
        "sir-1,i-1,eu-west-1,euw1-az1,m5.large,2026-03-03T11:00:00+00:00,,,,2026-03-03T11:02:00+00:00,ready\n",
    }.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    (found,) = documented(advise(small.home, "--json"))
    assert (found["sps"], found["if"], found["target_capacity"], found["probes"]) == (3, 1, None, 0)


def test_the_schedulers_snippet_picks_pairs_that_are_quick_and_calm(collected: Path) -> None:
    page = (ROOT / "docs" / "advise.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    environment = {**os.environ, "SPOT_HOME": str(collected), "SPOT_NOW": COLLECTED_NOW}
    command = [sys.executable, "-c", snippet.replace("<= 300", "<= 3000")]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    pairs = {
        (pair["region"], pair["instance"]): pair
        for pair in documented(advise(collected, "--json", "--count", "100", now=COLLECTED_NOW))
    }
    picked = [tuple(line.split()[:2]) for line in ended.stdout.splitlines()]
    assert picked == [key for key, pair in pairs.items() if pair["seconds_to_90"] and pair["if"] <= 1]


def test_the_shell_script_names_the_best_pair(collected: Path) -> None:
    if not shutil.which("jq"):
        pytest.skip("no jq on this machine")
    page = (ROOT / "docs" / "advise.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^```bash\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (best,) = documented(advise(collected, "--json", "--count", "1", now=COLLECTED_NOW))
    environment = {**os.environ, "SPOT_HOME": str(collected), "SPOT_NOW": COLLECTED_NOW}
    command = ["bash", "-c", script.replace("c7g.2xlarge m7g.2xlarge", best["instance"])]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"{best['region']} {best['instance']} {best['usd']}\n"


def test_the_readme_shows_what_is_printed_of_such_a_collection(collected: Path) -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    ((arguments, shown),) = re.findall(r"^```\n\$ \S+ -m advise ([^\n]+)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert advise(collected, *arguments.split(), now=COLLECTED_NOW).stdout.startswith(f"{shown}\n")
