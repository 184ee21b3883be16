"""A program run by the wrong Python, or by its path from anywhere, works or says in one line which Python to use."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clone import clone_into
from tests.program import ROOT

ANY_COMMAND = (
    "collect_sps_and_if",
    "collect_spot_price",
    "collect_launch_time",
    "advise",
    "check_setup",
    "report",
    "instance_arch_and_ami_id.get_ami_id",
    "instance_arch_and_ami_id.get_family_arch",
    "collect_sps_and_if.score_by_spotlake_data",
)
BY_PATH = (
    "collect_sps_and_if",
    "collect_sps_and_if/daily_score.py",
    "collect_spot_price",
    "collect_launch_time",
    "collect_launch_time/dataset",
    "advise",
    "status",
    "check_setup",
    "report",
    "instance_arch_and_ami_id/get_ami_id.py",
)

# -S: without the packages that are installed for it, as the system's Python is without those of .venv.
WITHOUT_PACKAGES = (sys._base_executable, "-S")  # type: ignore[attr-defined]


def _run(*command: str, folder: Path, home: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "SPOT_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clone_into(tmp_path_factory.mktemp("clone"))


@pytest.mark.parametrize("module", ANY_COMMAND)
def test_a_forgotten_venv_is_one_line_that_names_its_python(module: str, clone: Path, tmp_path: Path) -> None:
    ended = _run(*WITHOUT_PACKAGES, "-m", module, folder=clone, home=tmp_path)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
    assert f"run it with {clone}/.venv/bin/python" in ended.stderr


def test_without_a_venv_it_is_one_line_that_says_how_to_make_it(clone: Path, tmp_path: Path) -> None:
    (clone / ".venv").rename(clone / ".away")
    try:
        ended = _run(*WITHOUT_PACKAGES, "-m", "collect_sps_and_if", folder=clone, home=tmp_path)
    finally:
        (clone / ".away").rename(clone / ".venv")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
    assert f"run script/install in {clone}" in ended.stderr


def test_an_older_python_is_one_line(tmp_path: Path) -> None:
    older = "import sys, runpy; sys.version_info = (3, 9, 16); runpy.run_module('collect_sps_and_if', None, '__main__')"
    ended = _run(sys.executable, "-c", older, folder=ROOT, home=tmp_path)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
    assert "is older than Python 3.11" in ended.stderr


@pytest.mark.parametrize("path", BY_PATH)
def test_a_program_started_by_its_path_works_in_any_folder(path: str, tmp_path: Path) -> None:
    ended = _run(sys.executable, str(ROOT / path), "--help", folder=tmp_path, home=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    ended = _run(sys.executable, str(ROOT / path), "--no-such-option", folder=tmp_path, home=tmp_path)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
