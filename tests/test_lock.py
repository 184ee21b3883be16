"""requirements.lock has what requirements*.txt ask for, of the versions they allow, and a hash for each file."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

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
