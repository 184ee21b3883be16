"""Which architecture each family of instance types has: x86_64 or arm64, as EC2's DescribeInstanceTypes says.

Asks every enabled Region (or those in REGIONS), since families differ by Region, and prints FAMILY_ARCH. Mac families
and families of mixed architecture are left out, and named.
"""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

if not __package__:  # run by its path: Python then looks for modules in this folder, not in the repository's root
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from typing import Any

from common.exit_code import leave
from instance_arch_and_ami_id.table_command import TableCommand, Tabulated

# A family -> the sets of architectures that its types support.
Seen = dict[str, set[frozenset[str]]]

_KNOWN = frozenset({"x86_64", "arm64"})
_PAGE = 100  # the most that AWS allows


def families_in_region(ec2: Any) -> Seen:
    """Ask one Region, all pages, for the architectures of its instance types, by family."""
    seen: Seen = {}
    pages = ec2.get_paginator("describe_instance_types").paginate(PaginationConfig={"PageSize": _PAGE})
    for page in pages:
        for described in page["InstanceTypes"]:
            family = described["InstanceType"].partition(".")[0]
            architectures = frozenset(described["ProcessorInfo"]["SupportedArchitectures"])
            seen.setdefault(family, set()).add(architectures)
    return seen


def family_architectures(by_region: Mapping[str, Seen]) -> Tabulated:
    """Give each family the one architecture that all its types in all Regions have; leave out the others."""
    seen: Seen = {}
    for families in by_region.values():
        for family, kinds in families.items():
            seen.setdefault(family, set()).update(kinds)
    rows = {}
    left_out = {}
    for family, kinds in sorted(seen.items()):
        # Old types list i386 besides x86_64, and run x86_64 images.
        usable = {frozenset(kind & _KNOWN) for kind in kinds}
        only = next(iter(usable)) if len(usable) == 1 else frozenset()
        if len(only) == 1:
            rows[family] = next(iter(only))
        else:
            left_out[family] = _why_not(kinds)
    return Tabulated(rows, left_out)


def _why_not(kinds: Iterable[frozenset[str]]) -> str:
    names = sorted(set().union(*kinds))
    if names and all(name.endswith("_mac") for name in names):
        return "a Mac"
    return f"its types differ in architecture ({', '.join(names) or 'none given'})"


COMMAND = TableCommand("FAMILY_ARCH", "ec2:DescribeInstanceTypes", families_in_region, family_architectures)

if __name__ == "__main__":
    leave(lambda: COMMAND.run(__doc__ or ""))
