"""requirements.lock has what requirements*.txt ask for, of the versions they allow, and a hash for each file."""

import re
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from script import lock_wheels
from tests.program import ROOT

SECTIONS = {
    frozenset(sets.split()): text
    for sets, text in re.findall(r"^# For: (.*)\n((?:.+\n)*)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
}
FILES = sorted(ROOT.glob("requirements*.txt"))


def locked(name: str) -> dict[str, list[Version]]:
    """Give the versions of each distribution that is installed for a set."""
    versions: dict[str, list[Version]] = {}
    for sets, text in SECTIONS.items():
        if sets & {"base", name}:
            for distribution, version in re.findall(r"^([\w.-]+)==([^ ]+)", text, re.MULTILINE):
                versions.setdefault(distribution, []).append(Version(version))
    return versions


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_requirement_is_locked_within_its_bounds(file: "object") -> None:
    path = ROOT / str(file)
    versions = locked(path.stem.partition("-")[2] or "base")
    lines = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    for requirement in (Requirement(line) for line in lines if line and not line.startswith("-r")):
        found = versions[requirement.name]
        assert all(version in requirement.specifier for version in found), f"{requirement}: {found}; run script/lock"


def test_every_version_has_hashes() -> None:
    for text in SECTIONS.values():
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert "--hash=sha256:" in block, block


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        ("exit 0", 0, "Python 3.14: wheels for base"),
        (
            'echo "  cause: Because numpy==2.5.5 has no usable wheels and" >&2; exit 1',
            1,
            "Python 3.14: numpy==2.5.5 has no usable wheels",
        ),
    ],
    ids=("all there", "one missing"),
)
def test_a_version_without_a_wheel_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
    code: int,
    told: str,
) -> None:
    uv = tmp_path / "uv"
    uv.write_text(f"#!/bin/sh\ncat >'{tmp_path}/asked'\n{answer}\n")
    uv.chmod(0o755)
    monkeypatch.setattr(sys, "argv", ["lock_wheels", str(uv)])
    assert lock_wheels.main() == code
    assert told in capsys.readouterr().out
    assert (tmp_path / "asked").read_text().startswith("botocore==")
