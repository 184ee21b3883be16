"""Whether the stored tables are there, whole, and not too old."""

from collections.abc import Iterator
from datetime import date

import instance_arch_and_ami_id as tables
from check_setup.finding import Finding, fine, to_do
from common.clock import Clock
from instance_arch_and_ami_id import vcpus

# AWS hides an AMI 90 days after its release; types and families come a few times a year.
_MOST_DAYS = 90
_COMMANDS = {
    "FAMILY_ARCH": "python instance_arch_and_ami_id/get_family_arch.py --write",
    "IMAGE_ID": "python instance_arch_and_ami_id/get_ami_id.py --write",
    "VCPUS": "python instance_arch_and_ami_id/get_family_arch.py --write",
}


def check_stored_tables() -> Iterator[Finding]:
    """Tell each table's size and age."""
    today = Clock.start().started.date()
    for name, command in _COMMANDS.items():
        module = vcpus if name == "VCPUS" else tables
        rows = getattr(module, name, {})
        try:
            days = (today - date.fromisoformat(getattr(module, f"{name}_DATE", ""))).days
        except ValueError:
            yield to_do(name, f"it does not say when it was collected: run {command}")
            continue
        age = f"{len(rows)} rows, {days} days old"
        if rows and days <= _MOST_DAYS:
            yield fine(name, age)
        else:
            yield to_do(name, f"{age}: run {command}")
