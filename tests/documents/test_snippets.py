"""What the documents show to be saved or to be run as a whole: settings, queries, and programs that read the files."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from data_files.market.standing_queries import PLACE, read_standing_queries
from tests.analysis.health.collected_home import NOW, write_healthy
from tests.documents.collected_day import write_collected_day
from tests.documents.examples import all_examples, examples
from tests.program import ROOT

# Every block of code has a test: by its language, those in these here, or in tests/advise/test_main.py.
BY_LANGUAGE = {"sh", "toml", "csv"}
IN_THESE = {
    ("README.md", ""),
    ("docs/advise.md", "bash"),
    ("docs/advise.md", "python"),
    ("docs/analysis.md", "python"),
    ("docs/operations.md", "bash"),
    ("docs/operations.md", "crontab"),
}


def test_every_block_of_code_has_a_test() -> None:
    assert {(one.document, one.language) for one in all_examples() if one.language not in BY_LANGUAGE} == IN_THESE


# What cannot be right, and what is no setting, ends a program that imports them.
READ_SETTINGS = """
import importlib, os, sys
import configs
for home in sys.argv[1:]:
    os.environ["SPOT_HOME"] = home
    importlib.reload(configs)
    print(*configs.REGIONS)
"""


def test_every_example_of_settings_is_taken(tmp_path: Path) -> None:
    shown = examples("toml")
    homes = [tmp_path / str(number) for number in range(len(shown))]
    for home, example in zip(homes, shown, strict=True):
        home.mkdir()
        (home / "spot.toml").write_text(example.text, encoding="utf-8")
    command = [sys.executable, "-c", READ_SETTINGS, *map(str, homes)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    read = [line.split() for line in ended.stdout.splitlines()]
    assert read == [tomllib.loads(example.text).get("REGIONS", []) for example in shown]


def test_every_example_of_standing_queries_is_taken(tmp_path: Path) -> None:
    (shown,) = examples("csv")
    (tmp_path / PLACE).write_text(shown.text, encoding="utf-8")
    read = read_standing_queries(tmp_path)
    assert (len(read.queries), read.complaints) == (len(shown.text.splitlines()) - 1, [])


def test_the_files_are_read_as_shown_on_a_day_on_which_clocks_change(tmp_path: Path) -> None:
    write_collected_day(tmp_path)
    program = "\n".join(example.text for example in examples("python", "docs/analysis.md"))
    ended = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    for printed in ("m5.large        2.0", "2026-10-25    17.0", "124.0", "127.25", "NULL"):
        assert printed in ended.stdout
    assert len((tmp_path / "m5.large.csv").read_text().splitlines()) == 7


@pytest.mark.whole_run
def test_status_in_a_prompt_in_cron_and_in_a_check_tells_healthy_from_not(tmp_path: Path) -> None:
    (tmp_path / "spot").symlink_to(ROOT)
    prompt, check = (example.text.rstrip() for example in examples("bash", "docs/operations.md"))
    (crontab,) = examples("crontab")
    line = crontab.text.split(maxsplit=5)[5]
    healthy, none = write_healthy(tmp_path / "healthy"), tmp_path / "none"
    environment = {**os.environ, "HOME": str(tmp_path), "SPOT": str(ROOT), "TZ": "UTC", "SPOT_NOW": NOW.isoformat()}

    def said(script: str, home: Path) -> tuple[int, str]:
        ended = subprocess.run(
            ["bash", "-c", script], env={**environment, "SPOT_HOME": str(home)}, capture_output=True, text=True
        )
        return ended.returncode, ended.stdout

    shown = f'PS1="$ "; {prompt}; echo "${{PS1@P}}"'
    assert [said(shown, home)[1] for home in (healthy, none)] == ["$ \n", "spot! $ \n"]
    assert [bool(said(line, home)[1]) for home in (healthy, none)] == [False, True]
    if shutil.which("jq"):
        assert [said(check, home)[0] for home in (healthy, none)] == [0, 1]
