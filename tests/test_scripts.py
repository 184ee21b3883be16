"""The two words that run everything, on machines that lack something."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.program import ROOT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with nothing installed, in a folder whose name has spaces, as PYTHON then has."""
    folder = tmp_path / "my spot clone"
    (folder / "script").mkdir(parents=True)
    shutil.copy(ROOT / "script" / "install", folder / "script")
    for file in ROOT.glob("requirements*"):
        shutil.copy(file, folder)
    return folder


def _install(clone: Path, python: str, *extras: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    fake = clone / "fake-python"
    fake.write_text(f"#!/bin/sh\n{python}\n")
    fake.chmod(0o755)
    return subprocess.run(
        ["bash", "script/install", *extras],
        cwd=clone,
        env={**os.environ, **environment, "PYTHON": str(fake)},
        capture_output=True,
        text=True,
    )


def test_a_python_too_old_is_one_clear_line(clone: Path) -> None:
    ended = _install(clone, "exit 1")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "Python 3.11 or newer is needed" in ended.stderr


def test_a_missing_venv_module_is_one_clear_line(clone: Path) -> None:
    ended = _install(clone, 'case "$2" in *ensurepip*) echo "No module named ensurepip" >&2; exit 1;; esac')
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "sudo apt-get install python3-venv" in ended.stderr


MAKES_VENV = """
case "$*" in
  "-m venv .venv") mkdir -p .venv/bin; cp fake-python .venv/bin/python;;
  *--requirement*) test ! -e registry-is-away && echo "installed $*";;
esac
"""


def test_a_registry_out_of_reach_is_said_and_the_next_run_begins_again(clone: Path) -> None:
    (clone / "registry-is-away").touch()
    ended = _install(clone, MAKES_VENV)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "is the package registry within reach?" in ended.stderr
    (clone / "registry-is-away").unlink()
    assert "installed" in _install(clone, MAKES_VENV).stdout


def test_nothing_is_installed_twice_until_the_requirements_change(clone: Path) -> None:
    assert "installed" in _install(clone, MAKES_VENV).stdout
    assert _install(clone, MAKES_VENV).stdout == ""
    (clone / "requirements.txt").write_text("something-else\n")
    assert "installed" in _install(clone, MAKES_VENV).stdout


def test_what_is_installed_is_what_the_lock_pins_and_nothing_of_other_extras(clone: Path) -> None:
    assert "--require-hashes --requirement .venv/requirements.lock" in _install(clone, MAKES_VENV).stdout
    base = (clone / ".venv/requirements.lock").read_text()
    assert "\nnumpy==" in base
    assert "--hash=sha256:" in base
    assert "\ndeflate==" not in base
    assert "installed" in _install(clone, MAKES_VENV, "fast").stdout
    assert (clone / ".venv/requirements.lock").read_text().startswith(base)
    assert "\ndeflate==" in (clone / ".venv/requirements.lock").read_text()


def test_who_has_the_tests_has_the_extras_in_them(clone: Path) -> None:
    assert "installed" in _install(clone, MAKES_VENV, "dev").stdout
    for extra in ("fast", "cluster", "demo"):
        assert _install(clone, MAKES_VENV, extra).stdout == ""
    assert "installed" in _install(clone, MAKES_VENV, "notify").stdout


def test_an_upgrade_takes_along_the_extras_installed_before(clone: Path) -> None:
    _install(clone, MAKES_VENV, "fast")
    (clone / "requirements.txt").write_text("something-else\n")
    assert "installed" in _install(clone, MAKES_VENV).stdout
    assert "\ndeflate==" in (clone / ".venv/requirements.lock").read_text()


def test_unlocked_pip_chooses_within_the_bounds(clone: Path) -> None:
    asked = _install(clone, MAKES_VENV, "cluster", SPOT_UNLOCKED="1").stdout
    assert "--requirement requirements.txt --requirement requirements-cluster.txt" in asked
    assert "--require-hashes" not in asked


@pytest.mark.parametrize("extra", ["nonsense", "requirements-dev.txt"])
def test_an_extra_that_does_not_exist_is_one_clear_line(extra: str, clone: Path) -> None:
    ended = _install(clone, MAKES_VENV, extra)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "only fast, cluster, notify, demo and dev" in ended.stderr
    assert not (clone / ".venv").exists()


def test_help_names_every_extra(clone: Path) -> None:
    told = _install(clone, MAKES_VENV, "--help").stdout
    for file in ROOT.glob("requirements-*.txt"):
        assert f" {file.stem.removeprefix('requirements-')} " in told


@pytest.fixture
def typescript(clone: Path) -> Path:
    """The folder of a clone that TypeScript is installed into."""
    shutil.copy(ROOT / "script" / "install_typescript", clone / "script")
    folder = clone / "tests" / "report" / "page"
    folder.mkdir(parents=True)
    (folder / "package-lock.json").write_text("{}\n")
    return folder


def _install_typescript(clone: Path, npm: str | None) -> "subprocess.CompletedProcess[str]":
    """Run the script where npm is what is given, or where there is none."""
    tools = clone / "tools"
    shutil.rmtree(tools, ignore_errors=True)
    tools.mkdir()
    for tool in ("bash", "cmp", "cp", "dirname", "mkdir", "mktemp", "rm"):
        (tools / tool).symlink_to(str(shutil.which(tool)))
    if npm:
        (tools / "npm").write_text(f"#!/bin/sh\n{npm}\n")
        (tools / "npm").chmod(0o755)
    command = ["bash", "script/install_typescript"]
    return subprocess.run(command, cwd=clone, env={"PATH": str(tools)}, capture_output=True, text=True)


@pytest.mark.parametrize(("npm", "reason"), [(None, "no npm on this machine"), ("exit 1", "could not install it")])
def test_without_npm_or_its_registry_the_types_are_not_checked(
    clone: Path, typescript: Path, npm: str | None, reason: str
) -> None:
    ended = _install_typescript(clone, npm)
    assert (ended.returncode, ended.stderr, ended.stdout.count("\n")) == (0, "", 1)
    assert reason in ended.stdout
    assert not (typescript / "node_modules" / "installed-lock.json").exists()


def test_typescript_is_installed_once_until_its_version_changes(clone: Path, typescript: Path) -> None:
    installs = "mkdir -p node_modules; echo installed >>../../../installations"
    installations = clone / "installations"
    for _ in range(2):
        assert _install_typescript(clone, installs).stdout == ""
    assert installations.read_text().count("installed") == 1
    (typescript / "package-lock.json").write_text('{"lockfileVersion": 3}\n')
    _install_typescript(clone, installs)
    assert installations.read_text().count("installed") == 2
