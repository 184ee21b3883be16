"""The page's JavaScript, where node is: its unit tests, its types, and whether it reads what Python writes."""

import csv
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.health.figures import HealthSettings
from analysis.statistics.kaplan_meier import Wait, seconds_to_share, share_come
from benchmarks import collected_year
from report.gather.everything import gather_collected
from report.module_joiner import join_modules
from report.page import embedded_data
from tests.program import ROOT

pytestmark = pytest.mark.javascript

PAGE = ROOT / "report" / "page"
TESTS = ROOT / "tests" / "report" / "page"
TYPESCRIPT = TESTS / "node_modules" / "typescript" / "bin" / "tsc"
NIGHT = datetime.fromisoformat("2026-03-01T23:56:00+09:00")

# Which folders the modules of a folder may import from.
ALLOWED_IMPORTS = {"logic": {"logic"}, "": {"", "logic"}, "sections": {"sections", "", "logic"}}


@pytest.fixture(scope="module")
def node() -> str:
    """Give the path of node; without one on this machine the tests that need it are skipped."""
    path = shutil.which("node")
    if not path:
        pytest.skip("no node on this machine: the page's JavaScript is not tested")
    return path


@pytest.fixture(scope="module")
def typescript(node: str) -> list[str]:
    """Give the command of TypeScript's checker, which script/test installs."""
    if not TYPESCRIPT.exists():
        pytest.skip("TypeScript is not installed: script/test does that, where npm and its registry are within reach")
    return [node, str(TYPESCRIPT)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a HOME with what two days of collecting leave."""
    folder = tmp_path_factory.mktemp("two-days")
    collected_year.write(folder, days=2, probes=6)
    return folder


@pytest.fixture(scope="module")
def data(home: Path) -> str:
    """Give the JSON that the page of those two days holds."""
    settings = HealthSettings(50, "us-east-1", 5.0, 600)
    return json.dumps(embedded_data(gather_collected(home, NIGHT, settings)))


def run(command: Sequence[str], *, stdin: str = "", time_zone: str = "UTC") -> str:
    """Run a command and give what it prints; on failure show all of it."""
    done = subprocess.run(
        command, input=stdin, capture_output=True, text=True, timeout=60, env={"PATH": "", "TZ": time_zone}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# A time zone far from the collector's and from UTC, so that a date taken in the reader's own would be another.
@pytest.mark.parametrize("time_zone", ["Pacific/Honolulu", "Pacific/Auckland"])
def test_the_unit_tests_pass_whatever_the_time_zone(node: str, time_zone: str) -> None:
    files = sorted(str(path) for folder in ("logic", "sections") for path in (TESTS / folder).glob("*.test.js"))
    printed = run([node, "--test", *files], time_zone=time_zone)
    assert re.search(r"\bpass [1-9]", printed)


def test_every_module_with_logic_has_unit_tests() -> None:
    modules = {path.relative_to(PAGE) for folder in ("logic", "sections") for path in (PAGE / folder).glob("*.js")}
    assert [str(path) for path in sorted(modules) if not (TESTS / path).with_suffix(".test.js").exists()] == []


def test_the_types_are_right(typescript: list[str]) -> None:
    assert run([*typescript, "--project", str(PAGE)]) == ""


def test_the_data_is_of_the_type_that_its_description_says(typescript: list[str], data: str, tmp_path: Path) -> None:
    description = PAGE / "logic" / "embedded_data"
    file = tmp_path / "data.ts"
    file.write_text(
        f'import type {{EmbeddedData}} from "{description}";\nexport const data: EmbeddedData = {data};\n',
        encoding="utf-8",
    )
    options = [
        "--noEmit",
        "--strict",
        "--lib",
        "es2022",
        "--skipDefaultLibCheck",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
    ]
    assert run([*typescript, *options, str(file)]) == ""


def test_the_data_arrives_as_it_was_collected(node: str, data: str, home: Path, tmp_path: Path) -> None:
    script = tmp_path / "decode.mjs"
    script.write_text(
        f"""
        import {{readFileSync}} from "node:fs";
        import {{decode}} from "{(PAGE / "logic" / "decode.js").as_uri()}";
        const collected = decode(JSON.parse(readFileSync(0, "utf8")));
        collected.bandHistories = [...collected.bandHistories];
        process.stdout.write(JSON.stringify(collected));
        """,
        encoding="utf-8",
    )
    decoded = json.loads(run([node, str(script)], stdin=data))
    assert dict(decoded_scores(decoded)) == collected_scores(home)
    assert sorted(decoded_probes(decoded)) == sorted(collected_probes(home))


def test_readiness_is_estimated_as_advise_estimates_it(node: str, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    waits = [
        [Wait(float(random.integers(1, 60)), bool(random.random() < 0.6)) for _ in range(size)] for size in range(1, 30)
    ]
    script = tmp_path / "estimate.mjs"
    script.write_text(
        f"""
        import {{readFileSync}} from "node:fs";
        import {{secondReached, shareArrived}} from "{(PAGE / "logic" / "statistics.js").as_uri()}";
        const found = JSON.parse(readFileSync(0, "utf8")).map(waits => {{
          const arrived = new Float64Array(61), left = new Float64Array(61);
          for (const [second, hasCome] of waits) (hasCome ? arrived : left)[second]++;
          return [0.5, 0.9].map(share => secondReached(shareArrived(arrived, left), share));
        }});
        process.stdout.write(JSON.stringify(found));
        """,
        encoding="utf-8",
    )
    expected = [[seconds_to_share(share_come(some), share) for share in (0.5, 0.9)] for some in waits]
    assert json.loads(run([node, str(script)], stdin=json.dumps(waits))) == expected


def day_of(time: int) -> str:
    """Give the date of a time as the page's script has it: in milliseconds, as if the collector ran on UTC."""
    return datetime.fromtimestamp(time / 1000, UTC).strftime("%Y-%m-%d")


def decoded_scores(decoded: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], tuple[int, ...]]]:
    """Give day, instance type and Region with the number of scores, the lowest and the highest."""
    columns = [decoded["days"][name] for name in ("time", "pair", "known", "low", "high")]
    for time, number, known, low, high in zip(*columns, strict=True):
        pair = decoded["pairs"][number]
        yield (day_of(time), pair["type"], pair["region"]), (known, low, high)


def collected_scores(home: Path) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Give the same from the polls' files."""
    scores: dict[tuple[str, ...], list[int]] = {}
    for row in rows_of(home / "collect_sps_and_if" / "data" / "sps_and_if"):
        known = scores.setdefault((row["time"][:10], row["instance"], row["region"]), [])
        known += [int(row["sps"])] if row["sps"] else []
    return {key: (len(found), min(found, default=0), max(found, default=0)) for key, found in scores.items()}


def decoded_probes(decoded: dict[str, Any]) -> Iterator[tuple[str, str, int, int]]:
    """Give instance type, Region, instances asked for and instances that became ready of each probe."""
    for probe in decoded["probes"]:
        pair = decoded["pairs"][probe["pair"]]
        yield pair["type"], pair["region"], probe["asked"], len(probe["ready"])


def collected_probes(home: Path) -> list[tuple[str, str, int, int]]:
    """Give the same from the probes' files."""
    probes: dict[tuple[str, str, str], tuple[int, int]] = {}
    for row in rows_of(home / "collect_launch_time" / "data"):
        key = row["instance"], row["region"], row["request_time"]
        probes[key] = int(row["instance_count"]), int(row["ready_instances"])
    return [(instance, region, *counts) for (instance, region, _), counts in probes.items()]


def rows_of(folder: Path) -> Iterator[dict[str, str]]:
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def test_the_joined_script_is_javascript(node: str, tmp_path: Path) -> None:
    script = tmp_path / "joined.js"
    script.write_text(join_modules(PAGE / "main.js"), encoding="utf-8")
    run([node, "--check", str(script)])


def test_modules_import_only_what_lies_below_them() -> None:
    wrong = []
    for path in sorted(PAGE.rglob("*.js")):
        folder = path.parent.relative_to(PAGE)
        imported = re.findall(r'^import .* from "([^"]+)";$', path.read_text(encoding="utf-8"), re.MULTILINE)
        folders = {str((path.parent / address).resolve().parent.relative_to(PAGE)).strip(".") for address in imported}
        if path.name != "main.js" and not folders <= ALLOWED_IMPORTS[str(folder).strip(".")]:
            wrong.append(f"{path.relative_to(PAGE)} imports from {sorted(folders)}")
    assert wrong == []
