"""The product's modules, and in which order its packages stand: CONTRIBUTING.md has the drawing."""

import ast
import functools
from pathlib import Path

from tests.program import ROOT

# From top to bottom: a package imports from itself and from those after it; those of one line never import each other.
FLOORS = (
    ("report", "advise", "status", "check_setup"),
    ("collect_sps_and_if", "collect_launch_time", "collect_spot_price"),
    ("instance_arch_and_ami_id",),
    ("configs",),
    ("analysis", "notify"),
    ("data_files",),
    ("common",),
)
APART = "local_aws"  # imports none of ours, and none of ours imports it
ABOVE = ("tests", "benchmarks", "script", "examples")
PACKAGES = [package for floor in FLOORS for package in floor] + [APART]


def modules_of(*packages: str) -> dict[str, Path]:
    """Give every module of some packages by its dotted name; a package's __init__ has the package's name."""
    files = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    files += [path for path in (ROOT / f"{package}.py" for package in packages) if path.is_file()]
    return {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


MODULES = modules_of(*PACKAGES)


@functools.cache
def tree_of(file: Path) -> ast.Module:
    """Parse a file, once."""
    return ast.parse(file.read_text(encoding="utf-8"))


def package_of(name: str) -> str:
    """Give the package of a dotted name."""
    return name.partition(".")[0]
