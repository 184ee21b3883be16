"""Clones and data in unusual places: of another user, read-only, reached by a symlink, without locks."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clone import clone_into
from tests.stand_in import StandIn

pytestmark = pytest.mark.whole_run

SETTINGS = {
    "SPOT_REGIONS": "us-east-1",
    "SPOT_SPS_AND_IF_TOP_K": "1",
    "SPOT_SAMPLE_COUNT": "1",
    "SPOT_INSTANCE_COUNT": "1",
    "SPOT_TIMEOUT": "5",
}
NOBODY = 65534
FREEDOMS = "-dac_override,-dac_read_search"
PROGRAMS = ("collect_sps_and_if", "collect_spot_price", "collect_sps_and_if.daily_score")
NO_LOCKS = """
import errno, fcntl, os, runpy, sys
def flock(*_):
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
fcntl.flock = flock
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return clone_into(tmp_path)


def run(
    module: str, *, clone: Path, aws: StandIn, code: str | None = None, **settings: str
) -> "subprocess.CompletedProcess[str]":
    """Run a program in a clone as cron would, by a user whom a file's mode binds."""
    started = ["-c", code, module] if code else ["-m", module]
    return subprocess.run(
        [*_bound_by_modes(), sys.executable, *started],
        cwd=clone,
        env={**os.environ, **aws.environment, **SETTINGS, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _bound_by_modes() -> list[str]:
    """Give the command that takes from root what lets it write everywhere; another user needs none."""
    if os.getuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may write everywhere, and there is no setpriv to change that")
    return ["setpriv", f"--bounding-set={FREEDOMS}", f"--inh-caps={FREEDOMS}"]


def test_a_clone_that_may_only_be_read_collects_into_a_home_elsewhere(
    aws: StandIn, clone: Path, tmp_path: Path
) -> None:
    folders = [clone, *(path for path in clone.rglob("*") if path.is_dir() and not path.is_symlink())]
    for path in folders:
        path.chmod(0o555)
    try:
        for module in (*PROGRAMS, "report"):
            ended = run(module, clone=clone, aws=aws, SPOT_HOME=str(tmp_path / "home"))
            assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", ""), module
        ended = run("collect_sps_and_if", clone=clone, aws=aws)
    finally:
        for path in folders:
            path.chmod(0o755)
    assert (tmp_path / "home" / "report" / "index.html").exists()
    assert not (clone / "collect_sps_and_if" / "data").exists()
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr  # without such a home


def test_who_may_not_write_a_clone_is_told_who_installs_into_it(clone: Path) -> None:
    clone.chmod(0o555)
    try:
        ended = subprocess.run(
            [*_bound_by_modes(), "bash", "script/install", "notify"], cwd=clone, capture_output=True, text=True
        )
    finally:
        clone.chmod(0o755)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1), ended.stderr
    assert f"{clone} cannot be written by " in ended.stderr


def test_another_users_cron_is_told_in_one_line_whose_the_files_are(aws: StandIn, clone: Path) -> None:
    if os.getuid():
        pytest.skip("only root can give files to another user")
    assert run("collect_sps_and_if", clone=clone, aws=aws).returncode == 0
    folder = clone / "collect_sps_and_if"
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    for module in ("collect_sps_and_if", "collect_sps_and_if.daily_score"):
        ended = run(module, clone=clone, aws=aws)
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
        assert "Permission denied" in ended.stderr
        assert f"belongs to {pwd.getpwuid(NOBODY).pw_name}, and this run is " in ended.stderr


def test_a_clone_reached_by_a_symlink_is_the_clone(aws: StandIn, clone: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(clone)
    for place in (clone, link):
        ended = run("collect_sps_and_if", clone=place, aws=aws)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert len((clone / "collect_sps_and_if" / "data" / "polls.csv").read_text().splitlines()) == 3
    for place in (clone, link):
        ended = run("collect_launch_time", clone=place, aws=aws, SPOT_HOME=str(place))
        assert "copy" not in ended.stderr
        assert "moved" not in ended.stderr


@pytest.mark.parametrize("module", PROGRAMS)
def test_a_file_system_without_locks_is_refused_in_one_line(module: str, aws: StandIn, clone: Path) -> None:
    ended = run(module, clone=clone, aws=aws, code=NO_LOCKS)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
    assert f"{clone}/" in ended.stderr
    assert "without locks" in ended.stderr
    assert "SPOT_HOME" in ended.stderr
