"""Which architecture each family of instance types has: x86_64 or arm64, as EC2's DescribeInstanceTypes says.

Asks every enabled Region (or those in REGIONS), since families differ by Region, and prints FAMILY_ARCH. Mac families
and families of mixed architecture are left out, and named. The same answers tell each type's vCPUs: --write puts them
into vcpus.py beside.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

if not __package__:  # run by its path: Python then looks for modules in this folder, not in the repository's root
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from typing import TYPE_CHECKING

from common.exit_code import leave
from data_files.instance_tables import CANNOT_RUN_AL2023, TABLES, VCPUS_TABLE
from instance_arch_and_ami_id.table_command import TableCommand, Tabulated, Wanted

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client

_KNOWN = frozenset({"x86_64", "arm64"})
_AMI_VIRTUALIZATION = "hvm"
_PAGE = 100  # the most that AWS allows


@dataclass(frozen=True)
class Described:
    """What EC2 says of an instance type."""

    architectures: frozenset[str]  # empty: not said, as of some types for a while
    virtualization: frozenset[str]
    vcpus: int | None


# By instance type.
Types = dict[str, Described]


def _types_in_region(ec2: EC2Client) -> Types:
    """Ask one Region, all pages, for what it says of its instance types."""
    pages = ec2.get_paginator("describe_instance_types").paginate(PaginationConfig={"PageSize": _PAGE})
    answered = [described for page in pages for described in page.get("InstanceTypes", [])]
    return {
        described["InstanceType"]: Described(
            frozenset(described.get("ProcessorInfo", {}).get("SupportedArchitectures", ())),
            frozenset(described.get("SupportedVirtualizationTypes", ())),
            described.get("VCpuInfo", {}).get("DefaultVCpus"),
        )
        for described in answered
        if described.get("InstanceType")
    }


def family_architectures(by_region: Mapping[str, Types]) -> Tabulated:
    """Give each family the one architecture that all its types in all Regions have; leave out the others.

    Families that cannot run the AMI although their architecture fits are left out too.
    """
    families: dict[str, list[Described]] = {}
    for types in by_region.values():
        for instance, described in types.items():
            families.setdefault(instance.partition(".")[0], []).append(described)
    rows = {}
    left_out = {}
    for family, types_of_it in sorted(families.items()):
        said = {described.architectures for described in types_of_it if described.architectures}
        # Old types list i386 besides x86_64, and run x86_64 images.
        usable = {kind & _KNOWN for kind in said}
        only = next(iter(usable)) if len(usable) == 1 else frozenset()
        if len(only) != 1:
            left_out[family] = _why_not(said)
        elif reason := _why_it_cannot_run(family, types_of_it):
            left_out[family] = reason
        else:
            rows[family] = next(iter(only))
    return Tabulated(rows, left_out)


def type_vcpus(by_region: Mapping[str, Types]) -> Tabulated:
    """Give each family the vCPUs of its types by size, where a Region said how many."""
    families: dict[str, dict[str, int]] = {}
    for types in by_region.values():
        for instance, described in types.items():
            family, _, size = instance.partition(".")
            if described.vcpus:
                families.setdefault(family, {})[size] = described.vcpus
    return Tabulated(families, {})


def _why_not(kinds: Iterable[frozenset[str]]) -> str:
    names = sorted(set().union(*kinds))
    if names and all(name.endswith("_mac") for name in names):
        return "a Mac"
    return f"its types differ in architecture ({', '.join(names) or 'none given'})"


def _why_it_cannot_run(family: str, types: Iterable[Described]) -> str | None:
    if family in CANNOT_RUN_AL2023:
        return CANNOT_RUN_AL2023[family]
    if any(described.virtualization and _AMI_VIRTUALIZATION not in described.virtualization for described in types):
        return f"has types that run no {_AMI_VIRTUALIZATION} AMIs, as Amazon Linux 2023's are"
    return None


_COMMAND = TableCommand(
    action="ec2:DescribeInstanceTypes",
    ask=_types_in_region,
    table=Wanted("FAMILY_ARCH", TABLES, family_architectures),
    beside=Wanted("VCPUS", VCPUS_TABLE, type_vcpus),
)


def main() -> int:
    """Run the command with the user's settings."""
    wants_file = _COMMAND.wants_file(__doc__ or "")
    import configs

    return _COMMAND.run(wants_file, configs.HOME, configs.REGIONS, configs.SPS_REGION)


if __name__ == "__main__":
    leave(main)
